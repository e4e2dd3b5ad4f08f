#include "privacy/ff1.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "base/error.h"
#include "tests/support/catch.h"
#include "tests/support/shared_data.h"

namespace pdx::privacy {
namespace {

Bytes bytes_of(const std::string& hex) { return from_hex(hex).value(); }

/// A character outside the alphabet becomes a numeral that no radix of the vectors has.
Ff1::Text numerals(const std::string& text, const std::string& alphabet) {
    Ff1::Text result;
    for (const char c : text) {
        const std::size_t at = alphabet.find(c);
        result.push_back(at == std::string::npos ? 60'000 : static_cast<std::uint16_t>(at));
    }
    return result;
}

const std::string kAlphabet = "0123456789abcdefghijklmnopqrstuvwxyz";

/// The numerals of `value`, most significant first.
Ff1::Text numerals_of(std::uint64_t value, std::uint32_t radix, std::uint32_t length) {
    Ff1::Text result(length);
    for (std::uint32_t i = length; i > 0; --i, value /= radix) {
        result[i - 1] = static_cast<std::uint16_t>(value % radix);
    }
    return result;
}

std::uint64_t value_of(const Ff1::Text& text, std::uint32_t radix) {
    std::uint64_t value = 0;
    for (const std::uint16_t numeral : text) value = value * radix + numeral;
    return value;
}

TEST_CASE("ff1: the nine samples of NIST hold", "[privacy][ff1]") {
    const std::string k128 = "2b7e151628aed2a6abf7158809cf4f3c";
    const std::string k192 = k128 + "ef4359d8d580aa4f";
    const std::string k256 = k192 + "7f036d6f04fc6a94";
    const std::string tweak10 = "39383736353433323130";
    const std::string tweak36 = "3737373770717273373737";
    struct Sample {
        std::string key, tweak;
        std::uint32_t radix;
        std::string text, encrypted;
    };
    for (const auto& [key, tweak, radix, text, encrypted] :
         std::vector<Sample>{{k128, "", 10, "0123456789", "2433477484"},
                             {k128, tweak10, 10, "0123456789", "6124200773"},
                             {k128, tweak36, 36, "0123456789abcdefghi", "a9tv40mll9kdu509eum"},
                             {k192, "", 10, "0123456789", "2830668132"},
                             {k192, tweak10, 10, "0123456789", "2496655549"},
                             {k192, tweak36, 36, "0123456789abcdefghi", "xbj3kv35jrawxv32ysr"},
                             {k256, "", 10, "0123456789", "6657667009"},
                             {k256, tweak10, 10, "0123456789", "1001623463"},
                             {k256, tweak36, 36, "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"}}) {
        INFO(key << " " << tweak);
        const Ff1 ff1(BlockCipher::kAes, bytes_of(key), radix);
        const auto plain = numerals(text, kAlphabet);
        const auto result = ff1.encrypt(plain, bytes_of(tweak));
        REQUIRE(result);
        CHECK(*result == numerals(encrypted, kAlphabet));
        CHECK(ff1.decrypt(*result, bytes_of(tweak)) == plain);
    }
}

TEST_CASE("ff1: every published vector holds, valid and invalid", "[privacy][ff1]") {
    for (const char* name : {"base10", "base36"}) {
        const auto path =
            test::shared_data("vectors/wycheproof/aes_ff1_" + std::string(name) + "_test.json");
        if (!path) continue;
        std::ifstream file(*path);
        const auto document = nlohmann::json::parse(file);
        std::size_t checked = 0;
        for (const auto& group : document.at("testGroups")) {
            const auto radix = group.at("radix").get<std::uint32_t>();
            const auto alphabet = group.at("alphabet").get<std::string>();
            for (const auto& one : group.at("tests")) {
                INFO(name << " test " << one.at("tcId"));
                ++checked;
                const Bytes key = bytes_of(one.at("key").get<std::string>());
                const Bytes tweak = bytes_of(one.at("tweak").get<std::string>());
                const auto text = numerals(one.at("msg").get<std::string>(), alphabet);
                std::optional<Ff1::Text> result;
                try {
                    const Ff1 ff1(BlockCipher::kAes, key, radix);
                    result = ff1.encrypt(text, tweak);
                    if (result) CHECK(ff1.decrypt(*result, tweak) == text);
                } catch (const Error& error) {
                    CHECK(error.code() == "ff1.key");
                    CHECK(one.at("flags").at(0) == "InvalidKeySize");
                }
                // Valid by the first edition only: fewer than a million values.
                const bool legacy = one.at("flags").at(0) == "SmallMessageSize";
                CHECK(result.has_value() == (one.at("result") == "valid" && !legacy));
                if (result) CHECK(*result == numerals(one.at("ct").get<std::string>(), alphabet));
            }
        }
        CHECK(checked == document.at("numberOfTests"));
        CHECK(checked > 2'000);
    }
}

TEST_CASE("ff1: numbers side by side give what their digits give alone", "[privacy][ff1]") {
    const unsigned seed = 20'261'126;
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    struct Shape {
        std::uint32_t radix, length;
    };
    for (const auto& [radix, length] : std::vector<Shape>{{10, 6},
                                                          {10, 7},
                                                          {10, 10},
                                                          {10, 15},
                                                          {10, 18},
                                                          {36, 4},
                                                          {36, 12},
                                                          {2, 20},
                                                          {2, 63},
                                                          {65'536, 2},
                                                          {65'536, 3},
                                                          {31, 12}}) {
        for (const BlockCipher cipher : {BlockCipher::kAes, BlockCipher::kSm4}) {
            for (const std::size_t tweak_bytes : {0U, 1U, 9U, 10U, 11U, 16U, 40U}) {
                Bytes key(16);
                Bytes tweak(tweak_bytes);
                for (auto& byte : key) byte = static_cast<std::uint8_t>(random());
                for (auto& byte : tweak) byte = static_cast<std::uint8_t>(random());
                INFO(radix << "^" << length << " tweak " << tweak_bytes);
                const Ff1 alone(cipher, key, radix);
                const Ff1Numbers many(cipher, key, radix, length, tweak);
                std::vector<std::uint64_t> numbers{0, many.domain() - 1};
                while (numbers.size() < 37) numbers.push_back(random() % many.domain());
                const auto before = numbers;
                many.encrypt(numbers);
                bool same = true;
                for (std::size_t i = 0; i < numbers.size(); ++i) {
                    const auto one = alone.encrypt(numerals_of(before[i], radix, length), tweak);
                    REQUIRE(one);
                    same = same && value_of(*one, radix) == numbers[i];
                }
                CHECK(same);
                many.decrypt(numbers);
                CHECK(numbers == before);
            }
        }
    }
}

TEST_CASE("ff1: a small domain is a permutation of itself", "[privacy][ff1]") {
    const Ff1Numbers ff1(BlockCipher::kAes, Bytes(16, 7), 10, 6, {});
    std::vector<std::uint64_t> numbers(1'000'000);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = i;
    ff1.encrypt(numbers);
    std::vector<bool> seen(numbers.size());
    std::size_t still = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        REQUIRE(numbers[i] < seen.size());
        REQUIRE_FALSE(seen[numbers[i]]);
        seen[numbers[i]] = true;
        if (numbers[i] == i) ++still;
    }
    CHECK(still < 12);  // of a random permutation one on average; 12 comes once in 10^9 keys
}

TEST_CASE("ff1: what is too small, too large or no key is refused", "[privacy][ff1]") {
    const auto code = [](BlockCipher cipher, std::size_t key, std::uint32_t radix,
                         std::uint32_t length, std::size_t tweak) {
        try {
            const Ff1Numbers ff1(cipher, Bytes(key), radix, length, Bytes(tweak));
        } catch (const Error& error) {
            return error.code();
        }
        return std::string("made");
    };
    CHECK(code(BlockCipher::kAes, 32, 10, 6, 0) == "made");
    CHECK(code(BlockCipher::kAes, 32, 10, 5, 0) == "ff1.domain");
    CHECK(code(BlockCipher::kAes, 32, 10, 18, 255) == "made");
    CHECK(code(BlockCipher::kAes, 32, 10, 19, 0) == "ff1.domain");
    CHECK(code(BlockCipher::kAes, 32, 10, 10, 256) == "ff1.domain");
    CHECK(code(BlockCipher::kAes, 31, 10, 10, 0) == "ff1.key");
    CHECK(code(BlockCipher::kSm4, 32, 10, 10, 0) == "ff1.key");
    CHECK(code(BlockCipher::kAes, 16, 1, 40, 0) == "ff1.radix");
    CHECK(code(BlockCipher::kAes, 16, 65'537, 2, 0) == "ff1.radix");
    const Ff1 ff1(BlockCipher::kAes, Bytes(16), 10);
    CHECK_FALSE(ff1.encrypt(Ff1::Text(5, 0), {}).has_value());
    CHECK_FALSE(ff1.encrypt(Ff1::Text(Ff1::kLengthMax + 1, 0), {}).has_value());
    CHECK_FALSE(ff1.encrypt(Ff1::Text(8, 0), Bytes(Ff1::kTweakBytesMax + 1)).has_value());
    CHECK_FALSE(ff1.decrypt(Ff1::Text(8, 10), {}).has_value());
}

}  // namespace
}  // namespace pdx::privacy
