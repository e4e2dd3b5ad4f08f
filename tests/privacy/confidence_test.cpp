#include "privacy/confidence.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>

#include "base/check.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;

namespace {

/// The formula as it stands in the book.
struct Reference {
    long double low = 0;
    long double high = 0;
};

Reference wilson(std::uint64_t hits, std::uint64_t total) {
    const long double z = 1.96L;
    const long double n = static_cast<long double>(total);
    const long double p = static_cast<long double>(hits) / n;
    const long double middle = p + z * z / (2 * n);
    const long double spread = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    const long double scale = 1 + z * z / n;
    return {(middle - spread) / scale * 10'000, (middle + spread) / scale * 10'000};
}

void check(std::uint64_t hits, std::uint64_t total) {
    const ShareInterval got = wilson_interval(hits, total);
    const Reference want = wilson(hits, total);
    INFO(hits << " of " << total);
    // Outwards, and by less than two basis points.
    CHECK(static_cast<long double>(got.low) <= want.low + 1e-6L);
    CHECK(static_cast<long double>(got.high) >= std::min(want.high, 10'000.0L) - 1e-6L);
    CHECK(static_cast<long double>(got.low) > want.low - 2);
    CHECK(static_cast<long double>(got.high) < want.high + 2);
    CHECK(got.low >= 0);
    CHECK(got.high <= 10'000);
}

/// P(at least `hits` of `total`), term by term.
long double tail(std::uint64_t hits, std::uint64_t total, long double p) {
    long double term = std::pow(1 - p, static_cast<long double>(total));
    long double below = 0;
    for (std::uint64_t k = 0; k < hits; ++k) {
        below += term;
        term *= static_cast<long double>(total - k) / static_cast<long double>(k + 1) * p / (1 - p);
    }
    return 1 - below;
}

}  // namespace

TEST_CASE("confidence: Wilson's interval is the book's, rounded outwards",
          "[privacy][confidence]") {
    CHECK(wilson_interval(0, 0) == ShareInterval{0, 10'000});
    for (std::uint64_t total = 1; total <= 60; ++total) {
        for (std::uint64_t hits = 0; hits <= total; ++hits) check(hits, total);
    }
    const unsigned seed = 5;
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (int i = 0; i < 2'000; ++i) {
        const std::uint64_t total = 1 + random() % (std::uint64_t{1} << (random() % 27));
        check(random() % (total + 1), total);
    }
    check(100'000'000, 100'000'000);
    check(50'000'000, 100'000'000);
    CHECK_THROWS_AS(wilson_interval(2, 1), InvariantViolation);
    CHECK_THROWS_AS(wilson_interval(1, 100'000'001), InvariantViolation);
}

TEST_CASE("confidence: nothing is beyond chance that chance gives once in 5,000 columns",
          "[privacy][confidence]") {
    for (const std::uint64_t ppm : {29U, 83U, 2'933U}) {
        for (const std::uint64_t total : {1U, 2U, 17U, 50U, 350U, 1'000U, 20'000U}) {
            bool before = true;
            for (std::uint64_t hits = 0; hits <= std::min<std::uint64_t>(total, 120); ++hits) {
                const bool chance = is_within_chance(hits, total, ppm);
                INFO(hits << " of " << total << " at " << ppm << " ppm");
                if (!chance) {
                    CHECK(tail(hits, total, static_cast<long double>(ppm) / 1e6L) <= 1 / 4'900.0L);
                }
                CHECK((before || !chance));  // more hits are never better explained
                before = chance;
            }
            if (total >= 17) CHECK_FALSE(before);
        }
    }
    CHECK(is_within_chance(0, 0, 83));
    CHECK_FALSE(is_within_chance(1, 1, 83));
    CHECK(is_within_chance(1, 1'000, 83));
    CHECK_FALSE(is_within_chance(3, 1'000, 83));
    CHECK_FALSE(is_within_chance(1, 1, 0));
}
