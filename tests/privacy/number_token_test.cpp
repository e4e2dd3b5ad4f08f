#include "privacy/number_token.h"

#include <random>
#include <set>
#include <string>
#include <vector>

#include "privacy/checksum.h"
#include "privacy/detect.h"
#include "privacy/scanner.h"
#include "tests/support/catch.h"

namespace pdx::privacy {
namespace {

std::string digits(std::mt19937_64& random, std::size_t count) {
    std::string text;
    while (text.size() < count) text += static_cast<char>('0' + random() % 10);
    return text;
}

std::string valid_number(Kind kind, std::mt19937_64& random) {
    for (;;) {
        std::string text;
        if (kind == Kind::kResidentId) {
            text = std::vector<std::string>{"110105", "320211", "810000", "659004"}[random() % 4] +
                   std::to_string(1850 + random() % 250) + digits(random, 7);
            text += resident_id_check_digit(text).value();
            if (is_valid_resident_id(text)) return text;
        } else if (kind == Kind::kMobile) {
            text = "1" + digits(random, 10);
            if (is_valid_mobile(text)) return text;
        } else {
            text = "62" + digits(random, 12 + random() % 5);
            text += luhn_check_digit(text).value();
            if (is_valid_bank_card(text)) return text;
        }
    }
}

const std::vector<Kind> kKinds{Kind::kResidentId, Kind::kMobile, Kind::kBankCard};

TEST_CASE("number token: it comes back, is nobody's number, and our scanner is silent",
          "[privacy][token]") {
    const unsigned seed = 20'261'126;
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    const Bytes key(32, 1);
    for (const Kind kind : kKinds) {
        for (const BlockCipher cipher : {BlockCipher::kAes, BlockCipher::kSm4}) {
            const NumberToken tokens(kind, key, cipher);
            std::string all;
            for (int i = 0; i < 20'000; ++i) {
                const std::string value = valid_number(kind, random);
                const std::string token = tokens.encode(value).value();
                REQUIRE(tokens.decode(token) == value);
                const auto named = number_token_kind(token);
                REQUIRE(
                    (named == kind || (named && kind == Kind::kBankCard && token.size() == 18)));
                REQUIRE_FALSE(number_token_kind(value).has_value());
                all += token + "\n";
            }
            std::vector<Finding> found;
            scan(all, found);
            INFO(kind_code(kind));
            for (const Finding& one : found) {
                CHECK(all.substr(one.begin, one.size) + " is " + std::string(kind_code(one.kind)) ==
                      "");
            }
        }
    }
}

TEST_CASE("number token: two keys share no token, one key gives no token twice",
          "[privacy][token]") {
    std::mt19937_64 random(7);
    for (const Kind kind : kKinds) {
        const NumberToken one(kind, Bytes(32, 1), BlockCipher::kAes);
        const NumberToken two(kind, Bytes(32, 2), BlockCipher::kAes);
        std::set<std::string> values;
        std::set<std::string> tokens;
        std::size_t read_by_other = 0;
        for (int i = 0; i < 5'000; ++i) {
            const std::string value = valid_number(kind, random);
            const std::string token = one.encode(value).value();
            values.insert(value);
            tokens.insert(token);
            CHECK(two.encode(value) != token);
            CHECK(two.decode(token) != value);
            if (two.decode(token)) ++read_by_other;
        }
        CHECK(tokens.size() == values.size());
        // Of resident IDs a wrong key gives a number hardly ever; the others have little to check.
        if (kind == Kind::kResidentId) CHECK(read_by_other < 500);
    }
}

TEST_CASE("number token: what is no number of the kind has none", "[privacy][token]") {
    const NumberToken ids(Kind::kResidentId, Bytes(32, 1), BlockCipher::kAes);
    const NumberToken mobiles(Kind::kMobile, Bytes(32, 1), BlockCipher::kAes);
    const NumberToken cards(Kind::kBankCard, Bytes(32, 1), BlockCipher::kAes);
    for (const char* text : {"", "110105194912310021", "11010519491231002x", "13800138000",
                             "6222021234567890123", "张三", "00"}) {
        INFO(text);
        CHECK_FALSE(ids.encode(text).has_value());
        CHECK_FALSE(ids.decode(text).has_value());
        CHECK_FALSE(mobiles.decode(text).has_value());
        CHECK_FALSE(cards.decode(text).has_value());
    }
    CHECK_FALSE(mobiles.encode("12800138000").has_value());
    // Each wrong character of a token is noticed, or it is another token.
    const std::string token = ids.encode("11010519491231002X").value();
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string wrong = token;
        wrong[i] = wrong[i] == '7' ? '3' : '7';
        CHECK_FALSE(ids.decode(wrong).has_value());
    }
    CHECK_FALSE(has_number_token(Kind::kEmail));
}

TEST_CASE("number token: random numbers pass for one as rarely as is said", "[privacy][token]") {
    std::mt19937_64 random(20'261'126);
    const auto share_ppm = [&random](std::size_t count) {
        constexpr int kDraws = 400'000;
        int passed = 0;
        for (int i = 0; i < kDraws; ++i) passed += number_token_kind(digits(random, count)) ? 1 : 0;
        return passed * 1'000'000.0 / kDraws;
    };
    CHECK(share_ppm(13) < 1'300);
    CHECK(share_ppm(18) < 12'000);  // also a card's token
    CHECK(share_ppm(17) < 11'000);
    CHECK(share_ppm(11) == 0);
}

}  // namespace
}  // namespace pdx::privacy
