#include "base/hmac.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/crypto.h"
#include "tests/support/catch.h"
#include "tests/support/shared_data.h"

using namespace pdx;

TEST_CASE("hmac: the kept key gives what RFC 4231 and the one-shot function give", "[base][hmac]") {
    // RFC 4231 test case 2.
    CHECK(HmacSha256(as_bytes("Jefe")).of(as_bytes("what do ya want for nothing?")).hex() ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    for (const std::size_t size : {0U, 1U, 32U, 63U, 64U, 65U, 200U}) {
        const std::string key(size, 'k');
        HmacSha256 kept(as_bytes(key));
        const HmacSha256 moved = std::move(kept);
        for (std::size_t length = 0; length < 130; ++length) {  // either side of a block's end
            const std::string message(length, 'm');
            CHECK(moved.of(as_bytes(message)) == hmac_sha256(as_bytes(key), as_bytes(message)));
        }
    }
}

TEST_CASE("hmac: SM3 gives what the published vectors say", "[base][hmac]") {
    // GB/T 32905-2016 is given by OpenSSL; the construction around it is what these check.
    const auto path = test::shared_data("vectors/wycheproof/hmac_sm3_test.json");
    if (!path) return;
    std::ifstream file(*path);
    const auto vectors = nlohmann::json::parse(file);
    std::size_t checked = 0;
    for (const auto& group : vectors.at("testGroups")) {
        for (const auto& one : group.at("tests")) {
            HmacSm3 mac(from_hex(one.at("key").get<std::string>()).value());
            const std::string message = one.at("msg").get<std::string>();
            const auto bytes = from_hex(message).value();
            const std::string tag = one.at("tag").get<std::string>();
            INFO("test " << one.at("tcId"));
            CHECK((mac.of(bytes).hex().substr(0, tag.size()) == tag) ==
                  (one.at("result") == "valid"));
            CHECK(mac.of(bytes) == mac.of(bytes));
            ++checked;
        }
    }
    CHECK(checked > 100);
}
