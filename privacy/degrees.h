#pragma once
/// Degrees of a place in China, as a decimal number says them.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ascii.h"

namespace pdx::privacy {

enum class Degrees : std::uint8_t { kNone, kLongitude, kLatitude };

/// By the range of its whole part, 73 to 135 or 18 to 53, when it is precise to some ten metres:
/// four decimals and more.
inline Degrees degrees_of(std::string_view number) {
    constexpr std::size_t kDecimalsMin = 4;
    const std::size_t dot = number.find('.');
    if (dot == std::string_view::npos || dot < 2 || dot > 3) return Degrees::kNone;
    const std::string_view decimals = number.substr(dot + 1);
    if (decimals.size() < kDecimalsMin || !all_digits(decimals)) return Degrees::kNone;
    if (!all_digits(number.substr(0, dot))) return Degrees::kNone;
    const int whole = decimal_value(number.substr(0, dot));
    if (whole >= 73 && whole <= 135) return Degrees::kLongitude;
    return whole >= 18 && whole <= 53 ? Degrees::kLatitude : Degrees::kNone;
}

}  // namespace pdx::privacy
