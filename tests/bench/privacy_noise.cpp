#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "privacy/noise.h"
#include "privacy/statistic.h"
#include "tests/bench/bench.h"

namespace pdx::bench {
namespace {

constexpr int kNoiseSamples = 2'000'000;
constexpr std::size_t kNoiseRows = 1'000'000;

/// Throws when the mean square is not the expected one within two in a hundred.
template <class Draw>
double samples_per_s(double mean_square, Draw draw) {
    privacy::RandomWords random(random_bytes);
    double squares = 0;
    const Stopwatch watch;
    for (int i = 0; i < kNoiseSamples; ++i) {
        const auto drawn = static_cast<double>(draw(random));
        squares += drawn * drawn;
    }
    const double seconds = watch.seconds();
    if (std::abs(squares / kNoiseSamples / mean_square - 1) > 0.02) {
        throw std::runtime_error("the noise is not as wide as it should be");
    }
    return kNoiseSamples / seconds;
}

double rows_per_s() {
    privacy::StatisticQuery query;
    query.measure = privacy::Measure::kMean;
    query.column = "x";
    query.bounds = privacy::Bounds{0, 0, 1000};
    query.groups = privacy::Groups{privacy::GroupKind::kKeys, "g", {"a", "b", "c"}, {}, 0};
    query.subject = "id";
    query.spend.epsilon_millionths = 1'000'000;
    const std::vector<std::string> columns{"id", "g", "x"};
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < kNoiseRows; ++i)
        ids.push_back("320211" + std::to_string(1'000'000 + i));
    privacy::StatisticCounter counter(
        query, columns, privacy::HashKey::from_bytes(random_bytes(privacy::HashKey::kSize)));
    const Stopwatch watch;
    for (std::size_t i = 0; i < kNoiseRows; ++i) {
        constexpr std::string_view kGroupTexts = "abcd";
        const std::vector<std::string_view> row{ids[i], kGroupTexts.substr(i % 4, 1), "517"};
        counter.add(row);
    }
    const double seconds = watch.seconds();
    if (counter.finish().counts.at(2) != kNoiseRows / 4) throw std::runtime_error("wrong count");
    return kNoiseRows / seconds;
}

}  // namespace

void privacy_noise() {
    report("privacy.laplace_per_s",
           samples_per_s(200,
                         [](auto& random) {
                             return privacy::discrete_laplace(random, {10, 1});
                         }),
           "samples/s", "one thread, scale 10, random bytes of the kernel");
    report(
        "privacy.laplace_wide_per_s",
        samples_per_s(2.0 * std::pow(2.0, 160),
                      [](auto& random) {
                          return privacy::discrete_laplace(random, {privacy::Uint128{1} << 80U, 1});
                      }),
        "samples/s", "the same, scale 2^80");
    report("privacy.gaussian_per_s",
           samples_per_s(100,
                         [](auto& random) {
                             return privacy::discrete_gaussian(random, {100, 1});
                         }),
           "samples/s", "the same, variance 100");
    report("privacy.statistic_rows_s", rows_per_s(), "rows/s",
           "one thread, a mean by three groups of a million persons");
}

}  // namespace pdx::bench
