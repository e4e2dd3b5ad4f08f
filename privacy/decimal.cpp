#include "privacy/decimal.h"

#include <algorithm>

namespace pdx::privacy {

std::string decimal_text(Int128 value, std::uint32_t decimals) {
    Uint128 rest =
        value < 0 ? Uint128{0} - static_cast<Uint128>(value) : static_cast<Uint128>(value);
    std::string digits;
    for (; rest > UINT64_MAX; rest /= 10) {
        digits += static_cast<char>('0' + static_cast<int>(rest % 10));
    }
    // What is left fits into a word, whose division costs a tenth.
    for (auto word = static_cast<std::uint64_t>(rest); word != 0 || digits.size() <= decimals;
         word /= 10) {
        digits += static_cast<char>('0' + static_cast<int>(word % 10));
    }
    std::reverse(digits.begin(), digits.end());
    if (decimals > 0) digits.insert(digits.size() - decimals, 1, '.');
    return (value < 0 ? "-" : "") + digits;
}

}  // namespace pdx::privacy
