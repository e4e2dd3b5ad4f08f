#include "base/sealed_box.h"

#include "base/check.h"
#include "base/crypto.h"
#include "tests/support/catch.h"

using namespace pdx;

TEST_CASE("sealed box: it opens with its key and what it is bound to, and with nothing else",
          "[base][sealed_box]") {
    const Bytes key(kBoxKeyBytes, 7);
    const ByteView bound_to = as_bytes("a name");
    const Bytes box = close_box(key, bound_to, as_bytes("secret"));
    CHECK(box.size() == 6 + kBoxOverheadBytes);
    CHECK(as_text(box).find("secret") == std::string_view::npos);
    const auto opened = open_box(key, bound_to, box);
    REQUIRE(opened.has_value());
    CHECK(as_text(opened->view()) == "secret");
    CHECK(close_box(key, bound_to, as_bytes("secret")) != box);

    CHECK_FALSE(open_box(Bytes(kBoxKeyBytes, 8), bound_to, box).has_value());
    CHECK_FALSE(open_box(key, as_bytes("another name"), box).has_value());
    CHECK_FALSE(open_box(key, {}, box).has_value());
    for (std::size_t i = 0; i < box.size(); ++i) {
        Bytes altered = box;
        altered[i] ^= 1U;
        CHECK_FALSE(open_box(key, bound_to, altered).has_value());
        CHECK_FALSE(open_box(key, bound_to, ByteView(box).first(i)).has_value());
    }
}

TEST_CASE("sealed box: nothing can be sealed, and a key has one length", "[base][sealed_box]") {
    const Bytes key(kBoxKeyBytes, 7);
    const Bytes box = close_box(key, {}, {});
    CHECK(box.size() == kBoxOverheadBytes);
    const auto opened = open_box(key, {}, box);
    REQUIRE(opened.has_value());
    CHECK(opened->empty());
    CHECK_THROWS_AS(close_box(Bytes(31), {}, {}), InvariantViolation);
    CHECK_THROWS_AS(open_box(Bytes(33), {}, box), InvariantViolation);
}
