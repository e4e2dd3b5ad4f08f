#include "privacy/noise.h"

#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/crypto.h"
#include "tests/privacy/support/seeded_words.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;
using pdx::privacy::test::seeded_source;

namespace {

constexpr std::uint64_t kNoiseSeed = 20261126;
constexpr int kNoiseDraws = 200'000;

long double real(const Fraction& fraction) {
    return static_cast<long double>(fraction.numerator) /
           static_cast<long double>(fraction.denominator);
}

/// What each mechanism is defined by, up to a factor; in the test, where rounding harms nobody.
long double laplace_weight(const Fraction& scale, int x) {
    return std::exp(-std::abs(static_cast<long double>(x)) / real(scale));
}
long double gaussian_weight(const Fraction& variance, int x) {
    return std::exp(-static_cast<long double>(x) * x / (2 * real(variance)));
}

struct NoiseCase {
    std::string name;
    Fraction parameter;
    std::function<Int128(RandomWords&, const Fraction&)> draw;
    std::function<long double(const Fraction&, int)> weight;
    std::function<Uint128(const Fraction&)> half_width;
};

std::vector<NoiseCase> noise_cases() {
    std::vector<NoiseCase> cases;
    for (const Fraction& scale : {Fraction{1, 10}, Fraction{1, 2}, Fraction{1, 1}, Fraction{3, 2},
                                  Fraction{7, 1}, Fraction{1000, 33}}) {
        cases.push_back({"laplace " + std::to_string(static_cast<double>(real(scale))), scale,
                         discrete_laplace, laplace_weight, laplace_half_width});
    }
    for (const Fraction& variance : {Fraction{1, 20}, Fraction{1, 4}, Fraction{1, 1},
                                     Fraction{7, 2}, Fraction{50, 1}, Fraction{1000, 3}}) {
        cases.push_back({"gaussian " + std::to_string(static_cast<double>(real(variance))),
                         variance, discrete_gaussian, gaussian_weight, gaussian_half_width});
    }
    return cases;
}

/// Probabilities of -kReach .. kReach, which is everything for the scales above.
constexpr int kReach = 2000;
std::map<int, long double> probabilities(const NoiseCase& one) {
    long double total = 0;
    for (int x = -kReach; x <= kReach; ++x) total += one.weight(one.parameter, x);
    std::map<int, long double> result;
    for (int x = -kReach; x <= kReach; ++x) result[x] = one.weight(one.parameter, x) / total;
    return result;
}

}  // namespace

TEST_CASE("noise: uniform numbers have no favourites", "[privacy][noise]") {
    RandomWords random(seeded_source(kNoiseSeed));
    for (const std::uint64_t bound : {1U, 2U, 3U, 7U, 10U, 100U}) {
        std::vector<int> counts(bound);
        for (int i = 0; i < kNoiseDraws; ++i) ++counts[random.below(bound)];
        long double chi = 0;
        const long double expected = static_cast<long double>(kNoiseDraws) / bound;
        for (const int count : counts) chi += (count - expected) * (count - expected) / expected;
        INFO("seed " << kNoiseSeed << ", bound " << bound << ", chi square " << chi);
        const auto free = static_cast<long double>(bound - 1);
        REQUIRE(chi <= free + 6 * std::sqrt(2 * free));
    }
    // Three quarters of the words are drawn again for the largest of these bounds, or none.
    for (const Uint128 bound :
         {Uint128{3} << 62U, Uint128{1} << 64U, (Uint128{1} << 64U) + 1, (Uint128{3} << 90U) + 5}) {
        std::vector<int> thirds(3);
        for (int i = 0; i < 30'000; ++i) {
            const Uint128 drawn = random.below(bound);
            REQUIRE(drawn < bound);
            ++thirds.at(static_cast<std::size_t>(drawn / (bound / 3 + 1)));
        }
        for (const int third : thirds) REQUIRE(std::abs(third - 10'000) < 500);
    }
    REQUIRE_THROWS_AS(random.below(std::uint64_t{0}), InvariantViolation);
}

TEST_CASE("noise: an event of chance exp(-x) comes that often", "[privacy][noise]") {
    RandomWords random(seeded_source(kNoiseSeed));
    for (const Fraction& exponent :
         {Fraction{0, 1}, Fraction{1, 1000}, Fraction{1, 3}, Fraction{1, 1}, Fraction{3, 2},
          Fraction{2, 1}, Fraction{5, 1}, Fraction{Uint128{1} << 120U, Uint128{1} << 121U}}) {
        int hits = 0;
        for (int i = 0; i < kNoiseDraws; ++i) hits += bernoulli_exp(random, exponent) ? 1 : 0;
        const long double chance = std::exp(-real(exponent));
        const long double deviation = std::sqrt(kNoiseDraws * chance * (1 - chance));
        INFO("seed " << kNoiseSeed << ", exponent " << static_cast<double>(real(exponent))
                     << ", hits " << hits);
        REQUIRE(std::abs(hits - kNoiseDraws * chance) <= 5 * deviation);
    }
}

TEST_CASE("noise: frequencies, mean and variance are those of the definition", "[privacy][noise]") {
    for (const NoiseCase& one : noise_cases()) {
        RandomWords random(seeded_source(kNoiseSeed));
        const auto expected = probabilities(one);
        std::map<int, int> counts;
        for (int i = 0; i < kNoiseDraws; ++i) {
            ++counts[static_cast<int>(one.draw(random, one.parameter))];
        }
        long double chi = 0;
        long double mean = 0;
        long double variance = 0;
        long double drawn_variance = 0;
        long double fourth = 0;
        long double rest_expected = kNoiseDraws;
        int rest = kNoiseDraws;
        int cells = 0;
        for (const auto& [x, chance] : expected) {
            const int count = counts.contains(x) ? counts.at(x) : 0;
            mean += static_cast<long double>(count) * x / kNoiseDraws;
            drawn_variance += static_cast<long double>(count) * x * x / kNoiseDraws;
            variance += chance * x * x;
            fourth += chance * x * x * x * x;
            const long double hoped = chance * kNoiseDraws;
            if (hoped < 20) continue;
            chi += (count - hoped) * (count - hoped) / hoped;
            rest_expected -= hoped;
            rest -= count;
            ++cells;
        }
        if (rest_expected > 5)
            chi += (rest - rest_expected) * (rest - rest_expected) / rest_expected;
        INFO(one.name << ", seed " << kNoiseSeed << ", chi square " << chi << " of " << cells
                      << ", mean " << mean << ", variance " << drawn_variance << " of "
                      << variance);
        REQUIRE(cells >= 1);
        REQUIRE(chi <= cells + 6 * std::sqrt(2.0L * cells));
        REQUIRE(std::abs(mean) <= 5 * std::sqrt(variance / kNoiseDraws));
        REQUIRE(std::abs(drawn_variance - variance) <=
                5 * std::sqrt((fourth - variance * variance) / kNoiseDraws));
    }
}

TEST_CASE("noise: of Laplace, neighbours differ by exactly e^epsilon", "[privacy][noise]") {
    RandomWords random(seeded_source(kNoiseSeed));
    constexpr int kDraws = 1'000'000;
    std::map<int, int> counts;
    for (int i = 0; i < kDraws; ++i) {
        ++counts[static_cast<int>(discrete_laplace(random, {2, 1}))];
    }
    for (int x = -6; x < 6; ++x) {
        const long double near = counts[x < 0 ? x + 1 : x];
        const long double far = counts[x < 0 ? x : x + 1];
        const long double logarithm = std::log(near / far);
        INFO("seed " << kNoiseSeed << ", x " << x << ", log of ratio " << logarithm);
        REQUIRE(std::abs(logarithm - 0.5L) <= 5 * std::sqrt(1 / near + 1 / far));
    }
}

TEST_CASE("noise: very wide noise is as wide as it should be", "[privacy][noise]") {
    RandomWords random(seeded_source(kNoiseSeed));
    for (const unsigned bits : {40U, 63U, 64U, 70U, 95U}) {
        const Fraction scale{(Uint128{1} << bits) + 1, 3};
        long double size = 0;
        for (int i = 0; i < 20'000; ++i) {
            size += std::abs(static_cast<long double>(discrete_laplace(random, scale)));
        }
        INFO("seed " << kNoiseSeed << ", bits " << bits);
        REQUIRE(std::abs(size / 20'000 / real(scale) - 1) < 0.05L);
    }
    for (const Fraction& variance :
         {Fraction{Uint128{1} << 40U, 1}, Fraction{kGaussianTermMax, 1},
          Fraction{kGaussianTermMax, 3}, Fraction{kGaussianTermMax - 1, kGaussianTermMax - 3}}) {
        long double squares = 0;
        for (int i = 0; i < 20'000; ++i) {
            const auto drawn = static_cast<long double>(discrete_gaussian(random, variance));
            squares += drawn * drawn;
        }
        INFO("seed " << kNoiseSeed);
        REQUIRE(std::abs(squares / 20'000 / real(variance) - 1) < 0.06L);
    }
    // Nearly nothing: all draws are zero.
    REQUIRE(discrete_laplace(random, {1, kLaplaceTermMax}) == 0);
    REQUIRE(discrete_gaussian(random, {1, kGaussianTermMax}) == 0);
}

TEST_CASE("noise: parameters beyond the limits are refused", "[privacy][noise]") {
    RandomWords random(seeded_source(kNoiseSeed));
    for (const Fraction& bad : {Fraction{0, 1}, Fraction{1, 0}, Fraction{kLaplaceTermMax + 1, 2},
                                Fraction{1, kLaplaceTermMax + 1}}) {
        REQUIRE_THROWS_AS(discrete_laplace(random, bad), InvariantViolation);
        REQUIRE_THROWS_AS(discrete_gaussian(random, bad), InvariantViolation);
        REQUIRE_THROWS_AS(laplace_half_width(bad), InvariantViolation);
        REQUIRE_THROWS_AS(gaussian_half_width(bad), InvariantViolation);
    }
    REQUIRE_THROWS_AS(discrete_gaussian(random, {kGaussianTermMax + 1, 1}), InvariantViolation);
    // In lowest terms they are within.
    REQUIRE_NOTHROW(discrete_laplace(random, {kLaplaceTermMax * 2, 2}));
    REQUIRE_THROWS_AS(laplace_tail({1, 1}, 0), InvariantViolation);
    REQUIRE_THROWS_AS(bernoulli_exp(random, {1, 0}), InvariantViolation);
    RandomWords dry([](std::size_t) { return Bytes(); });
    REQUIRE_THROWS_AS(dry.next(), InvariantViolation);
}

TEST_CASE("noise: a half width is exceeded at most once in twenty, and is not idle",
          "[privacy][noise]") {
    for (const NoiseCase& one : noise_cases()) {
        const auto expected = probabilities(one);
        const auto width = static_cast<int>(one.half_width(one.parameter));
        long double beyond = 0;
        long double beyond_less = 0;
        for (const auto& [x, chance] : expected) {
            if (std::abs(x) > width) beyond += chance;
            if (std::abs(x) > width - 2 - width / 100) beyond_less += chance;
        }
        INFO(one.name << ", half width " << width << ", beyond " << beyond);
        REQUIRE(beyond <= 0.05L);
        if (width >= 3) REQUIRE(beyond_less > 0.05L);
    }
}

TEST_CASE("noise: a tail is above its chance nowhere", "[privacy][noise]") {
    for (const Fraction& scale :
         {Fraction{1, 3}, Fraction{1, 1}, Fraction{2, 1}, Fraction{355, 113}, Fraction{1000, 1},
          Fraction{Uint128{1} << 85U, 1}}) {
        for (const std::uint64_t chance :
             {std::uint64_t{1}, std::uint64_t{3}, std::uint64_t{999}, std::uint64_t{1'000'000},
              std::uint64_t{500'000'000'000}}) {
            const auto tail = static_cast<long double>(laplace_tail(scale, chance));
            const long double wanted = static_cast<long double>(chance) / 1e12L;
            const long double b = real(scale);
            const long double true_chance = std::exp(-tail / b) / (1 + std::exp(-1 / b));
            INFO("scale " << b << ", chance " << wanted << ", tail " << tail);
            REQUIRE(true_chance <= wanted);
            REQUIRE(tail <= b * std::log(1 / wanted) * 1.000001L + 1);
        }
    }
}

TEST_CASE("noise: roots are the largest that fit", "[privacy][noise]") {
    for (std::uint64_t n = 0; n < 10'000; ++n) {
        const std::uint64_t root = integer_root(n);
        REQUIRE(root * root <= n);
        REQUIRE((root + 1) * (root + 1) > n);
    }
    constexpr Uint128 kMost = ~Uint128{0};
    REQUIRE(integer_root(kMost) == UINT64_MAX);
    REQUIRE(integer_root(Uint128{UINT64_MAX} * UINT64_MAX) == UINT64_MAX);
    REQUIRE(integer_root(Uint128{UINT64_MAX} * UINT64_MAX - 1) == UINT64_MAX - 1);
}

TEST_CASE("noise: the source is asked for blocks, and no word comes twice", "[privacy][noise]") {
    int asked = 0;
    std::uint8_t fill = 0;
    RandomWords random([&](std::size_t count) {
        ++asked;
        return Bytes(count, ++fill);
    });
    for (int i = 0; i < 512; ++i) REQUIRE(random.next() == 0x0101010101010101U);
    REQUIRE(random.next() == 0x0202020202020202U);
    REQUIRE(asked == 2);
    RandomWords system(random_bytes);
    REQUIRE(system.next() != system.next());
}
