#pragma once
/// Decimal numbers as integers, so that they can be compared and ordered exactly.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ascii.h"

namespace pdx::privacy {

__extension__ using Int128 = __int128;
__extension__ using Uint128 = unsigned __int128;

/// "-12.50" for -1250 and 2 decimals.
std::string decimal_text(Int128 value, std::uint32_t decimals);

/// An optional sign, digits, at most six decimals. Unit: 10^-6. "007", "1.50" and "-3" are numbers;
/// "1e5", "1,000" and what 64 bits do not hold are none.
inline std::optional<std::int64_t> decimal_millionths(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const std::string_view decimals =
        point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
    const bool cut = point != std::string_view::npos && decimals.empty();
    if (whole.empty() || cut || decimals.size() > 6 || !all_digits(whole) ||
        !all_digits(decimals)) {
        return std::nullopt;
    }
    std::int64_t value = 0;
    const auto append = [&value](char digit) {
        return !__builtin_mul_overflow(value, 10, &value) &&
               !__builtin_add_overflow(value, digit - '0', &value);
    };
    for (const char digit : whole) {
        if (!append(digit)) return std::nullopt;
    }
    for (std::size_t i = 0; i < 6; ++i) {
        if (!append(i < decimals.size() ? decimals[i] : '0')) return std::nullopt;
    }
    return negative ? -value : value;
}

}  // namespace pdx::privacy
