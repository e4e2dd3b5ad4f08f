#include "privacy/false_accusation.h"

#include <algorithm>

#include "base/check.h"

namespace pdx::privacy {
namespace {

__extension__ using Bits128 = unsigned __int128;

constexpr std::uint64_t kMarksLimit = std::uint64_t{1} << 32U;

/// |2 * agreed - looked|.
std::uint64_t excess(std::uint64_t looked, std::uint64_t agreed) {
    PDX_CHECK(agreed <= looked && looked < kMarksLimit);
    return std::max(2 * agreed, looked) - std::min(2 * agreed, looked);
}

}  // namespace

int digits_up(std::uint64_t number) {
    int digits = 0;
    for (Bits128 power = 1; power < number; power *= 10) ++digits;
    return digits;
}

int agreement_exponent(std::uint64_t looked, std::uint64_t agreed, std::uint64_t trials) {
    PDX_CHECK(trials >= 1 && trials < kMarksLimit);
    const Bits128 d = excess(looked, agreed);
    if (d == 0) return 0;
    // d^2 / (2 n ln 10), with ln 10 = 2.302585... rounded up.
    constexpr std::uint64_t kLn10Millionths = 2'302'586;
    const Bits128 exponent = d * d * 1'000'000 / (Bits128{2} * looked * kLn10Millionths);
    return std::max(0, static_cast<int>(exponent) - digits_up(2 * trials));
}

int coincidence_exponent(int space, std::uint64_t looked, std::uint64_t drawn, std::uint64_t hits,
                         std::uint64_t trials) {
    if (hits == 0) return 0;
    constexpr std::uint64_t kHitsThatCount = 1'000;
    const int each = space - digits_up(looked) - digits_up(drawn);
    if (each <= 0) return 0;
    return std::max(0, each * static_cast<int>(std::min(hits, kHitsThatCount)) - digits_up(trials));
}

std::int64_t agreement_z_thousandths(std::uint64_t looked, std::uint64_t agreed) {
    if (looked == 0) return 0;
    const Bits128 d = excess(looked, agreed);
    const Bits128 square = d * d * 1'000'000 / looked;
    std::uint64_t low = 0;  // the square root, by halving: z < 2^16 and its unit is 1/1000
    std::uint64_t high = std::uint64_t{1} << 27U;
    while (low + 1 < high) {
        const std::uint64_t middle = (low + high) / 2;
        (Bits128{middle} * middle <= square ? low : high) = middle;
    }
    const auto z = static_cast<std::int64_t>(low);
    return 2 * agreed < looked ? -z : z;
}

}  // namespace pdx::privacy
