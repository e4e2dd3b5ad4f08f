#pragma once
/// UTF-8 in streams: where the first bad byte is, and whether a tail is merely unfinished.
/// base/bytes.h answers yes or no for a whole text; a 1 GiB file needs an offset and no whole text.
#include <cstddef>
#include <string_view>

namespace pdx::privacy {

/// U+FEFF in front of a text, which is not a part of it.
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

struct Utf8Scan {
    std::size_t valid = 0;    ///< bytes that form complete, well-formed sequences
    bool unfinished = false;  ///< what follows is the beginning of a sequence and the text ends
};

/// Source: RFC 3629 (no overlongs, no surrogates, nothing above U+10FFFF).
/// Ensures: valid == text.size() exactly when the text is well-formed.
Utf8Scan scan_utf8(std::string_view text);

/// One code point at `position`, which is moved behind it. Requires: well-formed text and
/// position < text.size().
char32_t next_code_point(std::string_view text, std::size_t& position);

/// The ASCII character of a full-width form (U+FF01..U+FF5E, U+3000) at `position`, or 0; of bytes
/// that are not UTF-8, too.
constexpr char half_width(std::string_view text, std::size_t position) {
    if (position + 3 > text.size()) return 0;
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[position + i]); };
    const unsigned second = at(1);
    const unsigned third = at(2);
    if (at(0) == 0xE3 && second == 0x80 && third == 0x80) return ' ';
    if (at(0) != 0xEF || (second != 0xBC && second != 0xBD)) return 0;
    if (third < 0x80 || third > 0xBF) return 0;
    const unsigned low = (second - 0xBCU) * 64U + (third - 0x80U);
    return low >= 1 && low <= 94 ? static_cast<char>(low + 0x20) : '\0';
}

/// What a character of several bytes stands for in a number.
struct PlainSign {
    char sign = 0;         ///< ASCII; 0: nothing, it has no width
    std::size_t size = 0;  ///< Unit: bytes; 0: it stands for nothing of ASCII
};

/// Full-width forms, and the dashes, spaces and marks without width that typesetting and web pages
/// put into numbers: U+00A0, U+00AD, U+2000 to U+2015, U+202F, U+2060, U+2212, U+3000, U+FEFF.
constexpr PlainSign plain_sign(std::string_view text, std::size_t position) {
    const auto at = [&](std::size_t i) {
        return position + i < text.size() ? static_cast<unsigned char>(text[position + i]) : 0U;
    };
    const unsigned first = at(0);
    const unsigned second = at(1);
    if (first == 0xC2 && second == 0xA0) return {' ', 2};
    if (first == 0xC2 && second == 0xAD) return {'\0', 2};
    if (first != 0xE2 && first != 0xE3 && first != 0xEF) return {};
    if (const char half = half_width(text, position); half != 0) return {half, 3};
    const unsigned code = (first & 0xFU) << 12U | (second & 0x3FU) << 6U | (at(2) & 0x3FU);
    if (second < 0x80 || at(2) < 0x80) return {};
    if ((code >= 0x2000 && code <= 0x200A) || code == 0x202F) return {' ', 3};
    if ((code >= 0x2010 && code <= 0x2015) || code == 0x2212) return {'-', 3};
    if ((code >= 0x200B && code <= 0x200D) || code == 0x2060 || code == 0xFEFF) return {'\0', 3};
    return {};
}

/// Han characters of the blocks that names and addresses use.
bool is_han(char32_t code_point);

}  // namespace pdx::privacy
