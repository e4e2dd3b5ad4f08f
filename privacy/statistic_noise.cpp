#include "privacy/statistic_noise.h"

#include <algorithm>

#include "base/check.h"
#include "base/error.h"

namespace pdx::privacy {
namespace {

constexpr std::uint32_t kMillionths = 1'000'000;

std::optional<Fraction> gaussian_variance(Uint128 sensitivity, std::uint32_t levels,
                                          std::uint64_t rho_millionths) {
    // Within the limits of a query this is below 2^122.
    const Fraction exact =
        Fraction{sensitivity * sensitivity * levels * kMillionths, Uint128{rho_millionths} * 2}
            .reduced();
    if (exact.numerator <= kGaussianTermMax) return exact;
    const Uint128 up =
        exact.numerator / exact.denominator + (exact.numerator % exact.denominator == 0 ? 0 : 1);
    if (up > kGaussianTermMax) return std::nullopt;
    return Fraction{up, 1};
}

/// The share of the spend that one of two halves has, or all of it.
std::uint64_t part_of(const StatisticQuery& query, bool is_rest) {
    const std::uint64_t all = query.mechanism == Mechanism::kLaplace
                                  ? query.spend.epsilon_millionths
                                  : query.spend.rho_millionths;
    if (query.measure != Measure::kMean) return all;
    return is_rest ? all - all / 2 : all / 2;
}

Noise require_noise(const StatisticQuery& query, Uint128 sensitivity, std::uint32_t levels,
                    std::uint64_t spend) {
    const auto noise = Noise::of(query.mechanism, sensitivity, levels, spend);
    if (!noise) {
        ErrorDetail detail;
        detail.pointer = "/privacy/mechanism";
        throw invalid("statistic.query",
                      {"Gaussian noise of this width is not offered; use fewer decimals, narrower "
                       "bounds or the mechanism laplace.",
                       "不支持如此宽的高斯噪声；请减少小数位、收窄取值范围或改用 laplace 机制。"},
                      std::move(detail));
    }
    return *noise;
}

Uint128 magnitude(std::int64_t value) { return static_cast<Uint128>(value < 0 ? -value : value); }

/// How far a value of the measure's sum can be from zero.
Uint128 reach_of(const StatisticQuery& query) {
    const Bounds& bounds = *query.bounds;
    if (query.measure == Measure::kSum) {
        return std::max(magnitude(bounds.low), magnitude(bounds.high));
    }
    return magnitude(bounds.high - middle_of(bounds));
}

}  // namespace

std::optional<Noise> Noise::of(Mechanism mechanism, Uint128 sensitivity, std::uint32_t levels,
                               std::uint64_t spend_millionths) {
    PDX_CHECK(sensitivity > 0 && sensitivity <= Uint128{1} << 50U && levels > 0 &&
              levels <= kTreeLevelsMax && spend_millionths > 0);
    if (mechanism == Mechanism::kLaplace) {
        return Noise(mechanism,
                     Fraction{sensitivity * levels * kMillionths, spend_millionths}.reduced());
    }
    const auto variance = gaussian_variance(sensitivity, levels, spend_millionths);
    return variance ? std::optional(Noise(mechanism, *variance)) : std::nullopt;
}

Int128 Noise::draw(RandomWords& random) const {
    return mechanism_ == Mechanism::kLaplace ? discrete_laplace(random, parameter_)
                                             : discrete_gaussian(random, parameter_);
}

Uint128 Noise::half_width() const {
    return mechanism_ == Mechanism::kLaplace ? laplace_half_width(parameter_)
                                             : gaussian_half_width(parameter_);
}

std::uint32_t tree_levels(const Bounds& bounds) {
    const std::int64_t values = bounds.high - bounds.low + 1;
    std::uint32_t levels = 1;
    for (std::int64_t leaves = kTreeBranches; leaves < values && levels < kTreeLevelsMax;
         leaves *= kTreeBranches) {
        ++levels;
    }
    return levels;
}

std::int64_t leaf_step(const Bounds& bounds) {
    std::int64_t leaves = 1;
    for (std::uint32_t i = 0; i < tree_levels(bounds); ++i) leaves *= kTreeBranches;
    return (bounds.high - bounds.low) / leaves + 1;
}

std::int64_t middle_of(const Bounds& bounds) { return bounds.low + (bounds.high - bounds.low) / 2; }

NoisePlan plan_noise(const StatisticQuery& query) {
    NoisePlan plan;
    const Uint128 rows = query.rows_per_person;
    const bool sums = query.measure == Measure::kSum || query.measure == Measure::kMean;
    if (sums) {
        plan.sum = require_noise(query, rows * reach_of(query), 1, part_of(query, false));
    }
    if (query.measure != Measure::kSum) {
        const std::uint32_t levels =
            query.measure == Measure::kQuantile ? tree_levels(*query.bounds) : 1;
        plan.count = require_noise(query, rows, levels, part_of(query, true));
    }
    if (query.groups && query.groups->kind == GroupKind::kUnknown) {
        // A group that one person alone makes holds at most all his rows, and he makes at most so
        // many groups.
        plan.count_least =
            rows + laplace_tail(plan.count->parameter(),
                                query.spend.delta_trillionths / query.groups_per_person);
    }
    return plan;
}

}  // namespace pdx::privacy
