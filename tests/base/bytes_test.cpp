#include "base/bytes.h"

#include <random>

#include "tests/support/catch.h"

namespace pdx {
namespace {

/// RFC 3629 written down once more, from the code points instead of the byte ranges.
std::string encode(std::uint32_t code) {
    const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
    if (code < 0x80) return {byte(code)};
    if (code < 0x800) return {byte(0xC0U | code >> 6U), byte(0x80U | (code & 0x3FU))};
    if (code < 0x10000) {
        return {byte(0xE0U | code >> 12U), byte(0x80U | (code >> 6U & 0x3FU)),
                byte(0x80U | (code & 0x3FU))};
    }
    return {byte(0xF0U | code >> 18U), byte(0x80U | (code >> 12U & 0x3FU)),
            byte(0x80U | (code >> 6U & 0x3FU)), byte(0x80U | (code & 0x3FU))};
}

TEST_CASE("hex: every byte has one lower-case form", "[base][bytes]") {
    Bytes all(256);
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
    const std::string text = to_hex(all);
    CHECK(text.substr(0, 8) == "00010203");
    CHECK(text.substr(text.size() - 4) == "feff");
    CHECK(from_hex(text) == all);
    CHECK(from_hex("DEADbeef") == Bytes{0xDE, 0xAD, 0xBE, 0xEF});
    CHECK(from_hex("") == Bytes{});
    for (const char* bad : {"0", "0g", "0x", " 00", "00 ", "+1", "-1", "\xC3\xA9"}) {
        INFO(bad);
        CHECK_FALSE(from_hex(bad));
    }
}

TEST_CASE("digest: its text is 64 lower-case digits and nothing else", "[base][bytes]") {
    Digest digest;
    for (std::size_t i = 0; i < Digest::kSize; ++i)
        digest.value[i] = static_cast<std::uint8_t>(i * 8);
    CHECK(Digest::from_hex(digest.hex()) == digest);
    CHECK(Digest::from_bytes(digest.view()) == digest);
    std::string upper = digest.hex();
    upper.back() = 'F';
    CHECK_FALSE(Digest::from_hex(upper));
    CHECK_FALSE(Digest::from_hex(digest.hex().substr(2)));
    CHECK_FALSE(Digest::from_hex(digest.hex() + "00"));
    CHECK_FALSE(Digest::from_bytes(Bytes(31)));
    CHECK_FALSE(Digest::from_bytes(Bytes(33)));
}

TEST_CASE("base64: the vectors of RFC 4648 section 10", "[base][bytes]") {
    const std::vector<std::pair<std::string, std::string>> vectors{{"", ""},
                                                                   {"f", "Zg=="},
                                                                   {"fo", "Zm8="},
                                                                   {"foo", "Zm9v"},
                                                                   {"foob", "Zm9vYg=="},
                                                                   {"fooba", "Zm9vYmE="},
                                                                   {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, encoded] : vectors) {
        CHECK(to_base64(as_bytes(plain)) == encoded);
        const auto decoded = from_base64(encoded);
        REQUIRE(decoded);
        CHECK(as_text(*decoded) == plain);
    }
    CHECK(to_base64(Bytes{0xFB, 0xEF, 0xBE, 0xFF}) == "++++/w==");
}

TEST_CASE("base64: what is not the one text of a value is refused", "[base][bytes]") {
    for (const char* bad :
         {"Z",      "Zg",     "Zg=",  "Zg===", "=",        "====",     "Z===",
          "=Zg=",   "Zg=a",   "Zm=v", "Zh==",  "Zm9=",     "Zg== ",    " Zg==",
          "Zg==\n", "Zm9v\n", "Zm9-", "Zm9_",  "Zg==Zg==", "Zm9v====", "Z\xC3\xA9="}) {
        INFO(bad);
        CHECK_FALSE(from_base64(bad));
    }
}

TEST_CASE("base64: random bytes come back and no other text decodes to them", "[base][bytes]") {
    const unsigned seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 2'000; ++round) {
        Bytes bytes(random() % 50);
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
        std::string text = to_base64(bytes);
        REQUIRE(from_base64(text) == bytes);
        if (text.empty()) continue;
        text[random() % text.size()] = static_cast<char>(random());
        if (const auto decoded = from_base64(text)) REQUIRE(to_base64(*decoded) == text);
    }
}

TEST_CASE("utf8: every code point but the surrogates is well formed", "[base][bytes]") {
    for (std::uint32_t code = 0; code <= 0x10FFFF; ++code) {
        const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
        if (is_utf8(encode(code)) == surrogate) FAIL(code);
    }
    CHECK_FALSE(is_utf8("\xF4\x90\x80\x80"));  // U+110000
}

TEST_CASE("utf8: pairs of bytes are well formed only as two ASCII or one of two", "[base][bytes]") {
    for (unsigned a = 0; a < 256; ++a) {
        for (unsigned b = 0; b < 256; ++b) {
            const std::string text{static_cast<char>(a), static_cast<char>(b)};
            const bool ascii = a < 0x80 && b < 0x80;
            const bool one = a >= 0xC2 && a <= 0xDF && b >= 0x80 && b <= 0xBF;
            if (is_utf8(text) != (ascii || one)) FAIL(a << " " << b);
        }
    }
}

TEST_CASE("utf8: overlong, cut and stray bytes are refused", "[base][bytes]") {
    CHECK(is_utf8(""));
    CHECK(is_utf8("无锡 \xF0\xA0\xAE\xB7"));
    for (const char* bad :
         {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xF0\x80\x80\x80",
          "\xF0\x8F\xBF\xBF", "\xE6\x97", "\xF0\xA0\xAE", "\xF5\x80\x80\x80", "\xFF", "\xFE",
          "a\xE6\x97", "\xE6\x97\x61", "\xED\xA0\x80", "\xED\xBF\xBF", "\xCE\xDE\xCE\xFD"}) {
        CHECK_FALSE(is_utf8(bad));
    }
}

}  // namespace
}  // namespace pdx
