#include "marketplace/app/entity_tails.h"

#include <string>

#include "base/crypto.h"
#include "tests/support/catch.h"

using namespace pdx;
using app::EntityTails;
using ledger::PreviousEntry;

TEST_CASE("entity tails: the newest entry wins, and memory is bounded", "[app][chain]") {
    EntityTails tails(100);
    CHECK(!tails.find("order", "0"));
    for (std::uint64_t i = 0; i < 10'000; ++i) {
        const PreviousEntry entry{i, sha256(std::to_string(i))};
        tails.put("order", std::to_string(i % 250), entry);
        CHECK(tails.find("order", std::to_string(i % 250)) == entry);
        if (i % 10 == 0) tails.trim();
        REQUIRE(tails.size() <= 220);
    }
    CHECK(!tails.find("contract", "249"));
    tails.clear();
    CHECK(tails.size() == 0);
    CHECK(!tails.find("order", "249"));
}

TEST_CASE("entity tails: a forgotten entity is not remembered with an old entry", "[app][chain]") {
    EntityTails tails(2);
    const PreviousEntry old{1, sha256("old")};
    const PreviousEntry young{2, sha256("young")};
    tails.put("order", "a", old);
    tails.put("order", "b", old);
    tails.trim();
    tails.put("order", "a", young);
    CHECK(tails.find("order", "a") == young);
    tails.put("order", "c", young);
    tails.trim();
    CHECK(tails.find("order", "a") == young);
    CHECK(!tails.find("order", "b"));
    tails.put("order", "d", young);
    tails.put("order", "e", young);
    tails.trim();
    CHECK(!tails.find("order", "a"));
}
