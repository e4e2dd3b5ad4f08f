#pragma once
/// How much noise a query's answer gets: from what one person can change, and what may be spent.
#include <cstdint>
#include <optional>

#include "privacy/noise.h"
#include "privacy/statistic_query.h"

namespace pdx::privacy {

/// Noise of one mechanism and scale. Made by of().
class Noise {
public:
    /// One person changes each of `levels` vectors by at most `sensitivity`, summed over the
    /// entries. Gaussian noise counts the root of the sum of squares, which is not above that.
    /// A variance that 56 bits do not hold as a fraction is rounded up. Nothing for a larger one.
    static std::optional<Noise> of(Mechanism mechanism, Uint128 sensitivity, std::uint32_t levels,
                                   std::uint64_t spend_millionths);

    Int128 draw(RandomWords& random) const;
    /// Not exceeded by the noise more often than once in twenty.
    Uint128 half_width() const;
    /// The scale of Laplace, the variance of Gaussian.
    const Fraction& parameter() const { return parameter_; }

private:
    Noise(Mechanism mechanism, const Fraction& parameter)
        : mechanism_(mechanism),
          parameter_(parameter) {}
    Mechanism mechanism_;
    Fraction parameter_;
};

/// A quantile is looked for in a tree of counts: 16 children a node.
inline constexpr std::uint32_t kTreeBranches = 16;
inline constexpr std::uint32_t kTreeLevelsMax = 3;
/// The fewest levels whose leaves are single units, or kTreeLevelsMax.
std::uint32_t tree_levels(const Bounds& bounds);
/// How many of the bounds' units one leaf holds.
std::int64_t leaf_step(const Bounds& bounds);

/// A mean's sum is over the distances from here, which halves what one person can change.
std::int64_t middle_of(const Bounds& bounds);

/// What is added to each count and each sum of the query; a measure without counts has no noise
/// for them. A mean spends half on either.
struct NoisePlan {
    std::optional<Noise> count;
    std::optional<Noise> sum;
    /// Groups of unknown keys are told from this noised count on.
    Uint128 count_least = 0;
};
/// Throws: kInvalid statistic.query where Gaussian noise cannot be drawn so wide.
NoisePlan plan_noise(const StatisticQuery& query);

}  // namespace pdx::privacy
