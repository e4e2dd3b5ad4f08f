#include "base/hmac.h"

#include <string>
#include <utility>

#include "base/crypto.h"
#include "tests/support/catch.h"

using namespace pdx;

TEST_CASE("hmac: the kept key gives what RFC 4231 and the one-shot function give",
          "[privacy][hmac]") {
    // RFC 4231 test case 2.
    CHECK(HmacSha256(as_bytes("Jefe")).of(as_bytes("what do ya want for nothing?")).hex() ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    for (const std::size_t size : {0U, 1U, 32U, 63U, 64U, 65U, 200U}) {
        const std::string key(size, 'k');
        HmacSha256 kept(as_bytes(key));
        const HmacSha256 moved = std::move(kept);
        for (const std::size_t length : {0U, 18U, 55U, 56U, 64U, 1'000U}) {
            const std::string message(length, 'm');
            CHECK(moved.of(as_bytes(message)) == hmac_sha256(as_bytes(key), as_bytes(message)));
        }
    }
}
