#include "privacy/decimal.h"

#include <algorithm>

namespace pdx::privacy {

std::string decimal_text(Int128 value, std::uint32_t decimals) {
    Uint128 rest =
        value < 0 ? Uint128{0} - static_cast<Uint128>(value) : static_cast<Uint128>(value);
    std::string digits;
    for (; rest != 0 || digits.size() <= decimals; rest /= 10) {
        digits += static_cast<char>('0' + static_cast<int>(rest % 10));
    }
    std::reverse(digits.begin(), digits.end());
    if (decimals > 0) digits.insert(digits.size() - decimals, 1, '.');
    return (value < 0 ? "-" : "") + digits;
}

}  // namespace pdx::privacy
