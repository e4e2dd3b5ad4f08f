#include "privacy/confidence.h"

#include <algorithm>

#include "base/check.h"

namespace pdx::privacy {
namespace {

constexpr std::uint64_t kSampledMax = 100'000'000;
constexpr std::uint64_t kUnit = 10'000;  // basis points

/// The largest number whose square is not above `square`.
std::uint64_t root_of(std::uint64_t square) {
    std::uint64_t root = 0;
    for (std::uint64_t bit = std::uint64_t{1} << 31U; bit > 0; bit >>= 1U) {
        const std::uint64_t next = root | bit;
        if (next <= square / next) root = next;
    }
    return root;
}

}  // namespace

ShareInterval wilson_interval(std::uint64_t hits, std::uint64_t total) {
    PDX_CHECK(hits <= total && total <= kSampledMax);
    if (total == 0) return {0, static_cast<std::int32_t>(kUnit)};
    // With z = 49/25 the ends are (1250 h + 2401 -+ 49 sqrt(2401 + 2500 h (n - h) / n)) over
    // 2 (625 n + 2401); all is taken ten thousand times, so the root is of 10^8 times its radicand.
    const std::uint64_t radicand = 2'401 + (2'500 * hits * (total - hits) + total - 1) / total;
    const std::uint64_t spread = 49 * (root_of(radicand * kUnit * kUnit) + 1);
    const std::uint64_t middle = (1'250 * hits + 2'401) * kUnit;
    const std::uint64_t scale = 2 * (625 * total + 2'401);
    const std::uint64_t low = middle > spread ? (middle - spread) / scale : 0;
    const std::uint64_t high = std::min(kUnit, (middle + spread + scale - 1) / scale);
    return {static_cast<std::int32_t>(low), static_cast<std::int32_t>(high)};
}

bool is_within_chance(std::uint64_t hits, std::uint64_t total, std::uint64_t chance_ppm) {
    PDX_CHECK(hits <= total && total <= kSampledMax && chance_ppm <= 1'000'000);
    constexpr std::uint64_t kMillion = 1'000'000;
    constexpr std::uint64_t kImprobable = 200;          // ppm
    const std::uint64_t expected = total * chance_ppm;  // ppm of one value
    // (n p)^k / k!, step by step; as soon as it only falls, a small one decides.
    std::uint64_t ways = kMillion;
    for (std::uint64_t k = 1; k <= hits; ++k) {
        if (expected >= kMillion * 100) return hits * kMillion <= expected * 2;
        ways = (ways * (expected / kMillion) + ways * (expected % kMillion) / kMillion) / k;
        if (ways < kImprobable && expected < k * kMillion) return false;
        if (ways > kMillion * kMillion) ways = kMillion * kMillion;
    }
    return true;
}

}  // namespace pdx::privacy
