#pragma once
/// Characters of ASCII, whatever the locale is. A byte of a multi-byte character is none of these.
#include <algorithm>
#include <string_view>
#include <type_traits>

#include "base/eight_bytes.h"

namespace pdx {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_letter(char c) { return is_upper(c) || is_lower(c); }
constexpr bool is_alnum(char c) { return is_digit(c) || is_letter(c); }
constexpr bool is_hex(char c) {
    return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}
constexpr char to_upper(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

/// True of an empty text, too.
constexpr bool all_digits(std::string_view text) {
    if (std::is_constant_evaluated() || text.size() < kEightBytes) {
        return std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c); });
    }
    const char* const last = text.data() + text.size() - kEightBytes;
    for (const char* at = text.data(); at < last; at += kEightBytes) {
        if (!are_digits(load_eight(at))) return false;
    }
    return are_digits(load_eight(last));
}

/// No byte of a multi-byte character. True of an empty text, too.
inline bool is_ascii(std::string_view text) {
    constexpr std::uint64_t kHighBits = 0x8080'8080'8080'8080;
    std::uint64_t any = 0;
    std::size_t i = 0;
    for (; i + kEightBytes <= text.size(); i += kEightBytes) any |= load_eight(text.data() + i);
    for (; i < text.size(); ++i) any |= static_cast<unsigned char>(text[i]);
    return (any & kHighBits) == 0;
}

/// True of an empty text, too.
constexpr bool all_letters(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c); });
}

/// The number that at most nine digits write.
constexpr int decimal_value(std::string_view digits) {
    int value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
}

/// Without the spaces and tabs at both ends.
constexpr std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

}  // namespace pdx
