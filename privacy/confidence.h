#pragma once
/// How sure a share is that was counted on a sample. Integers only: the same counts give the same
/// figures on every machine.
#include <cstdint>

namespace pdx::privacy {

/// Both ends, rounded outwards. Unit: basis points.
struct ShareInterval {
    std::int32_t low = 0;
    std::int32_t high = 0;
    bool operator==(const ShareInterval&) const = default;
};

/// The share of a population in which `hits` of `total` sampled values were hits, with 95 %
/// confidence (z = 1.96). Source: Wilson 1927. Unlike the normal approximation it holds for few
/// values and for shares near 0 and 1. No values at all give 0 to 10,000.
/// Requires: hits <= total <= 100,000,000 (checked).
ShareInterval wilson_interval(std::uint64_t hits, std::uint64_t total);

/// Whether `hits` of `total` are what chance gives when each value is a hit with `chance_ppm` in a
/// million: the expected number of ways to draw so many hits is at least one in 5,000 (a union
/// bound over all choices of values, hence never below the probability). For rare hits. Unit: ppm.
bool is_within_chance(std::uint64_t hits, std::uint64_t total, std::uint64_t chance_ppm);

}  // namespace pdx::privacy
