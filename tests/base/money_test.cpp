#include "base/money.h"

#include <fstream>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>

#include "base/check.h"
#include "tests/support/catch.h"
#include "tests/support/shared_data.h"

namespace pdx {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
__extension__ using Wide = __int128;

std::vector<std::int64_t> shares(std::int64_t total, const std::vector<std::int64_t>& weights) {
    std::vector<std::int64_t> result;
    for (const Money share : split(Money::fen(total), weights)) result.push_back(share.minor());
    return result;
}

/// What split() promises, checked in exact arithmetic.
void check_promises(std::int64_t total, const std::vector<std::int64_t>& weights) {
    const auto result = shares(total, weights);
    REQUIRE(result.size() == weights.size());
    Wide sum_of_weights = 0;
    Wide sum_of_shares = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        sum_of_weights += weights[i];
        sum_of_shares += result[i];
    }
    REQUIRE(sum_of_shares == total);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        REQUIRE(result[i] >= 0);
        const Wide ideal = static_cast<Wide>(total) * weights[i];  // times sum_of_weights
        const Wide given = static_cast<Wide>(result[i]) * sum_of_weights;
        REQUIRE(given - ideal < sum_of_weights);
        REQUIRE(ideal - given < sum_of_weights);
        if (weights[i] == 0) REQUIRE(result[i] == 0);
        if (total <= sum_of_weights) REQUIRE(result[i] <= weights[i]);
    }
}

TEST_CASE("money: its text is a plain decimal integer", "[base][money]") {
    for (const std::int64_t amount : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1},
                                      std::int64_t{123'456'789}, kMax, kMin}) {
        CHECK(Money::parse_fen(Money::fen(amount).text()) == Money::fen(amount));
    }
    for (const char* bad :
         {"", "+1", "-", "-0", "00", "01", "-01", " 1", "1 ", "1.0", "1e3", "0x10", "1,000",
          "9223372036854775808", "-9223372036854775809", "\xEF\xBC\x91", "1\n"}) {
        INFO(bad);
        CHECK_FALSE(Money::parse_fen(bad));
    }
    CHECK(currency_code(Currency::kCny) == "CNY");
    CHECK(parse_currency("CNY") == Currency::kCny);
    CHECK_FALSE(parse_currency("cny"));
    CHECK_FALSE(parse_currency("USD"));
}

TEST_CASE("money: arithmetic that does not fit is a bug, never another number", "[base][money]") {
    CHECK(Money::fen(3).plus(Money::fen(-5)) == Money::fen(-2));
    CHECK(Money::fen(3).minus(Money::fen(5)) == Money::fen(-2));
    CHECK(Money::fen(-3).times(5) == Money::fen(-15));
    CHECK(Money::fen(2).less_than(Money::fen(3)));
    CHECK_FALSE(Money::fen(3).less_than(Money::fen(3)));
    CHECK_THROWS_AS(Money::fen(kMax).plus(Money::fen(1)), InvariantViolation);
    CHECK_THROWS_AS(Money::fen(kMin).plus(Money::fen(-1)), InvariantViolation);
    CHECK_THROWS_AS(Money::fen(kMin).minus(Money::fen(1)), InvariantViolation);
    CHECK_THROWS_AS(Money::fen(0).minus(Money::fen(kMin)), InvariantViolation);
    CHECK_THROWS_AS(Money::fen(kMax).times(2), InvariantViolation);
    CHECK_THROWS_AS(Money::fen(kMin).times(-1), InvariantViolation);
    CHECK(Money::fen(kMax).plus(Money::fen(kMin)) == Money::fen(-1));
}

TEST_CASE("split: known divisions", "[base][money]") {
    using List = std::vector<std::int64_t>;
    CHECK(shares(100, {1, 1, 1}) == List{34, 33, 33});
    CHECK(shares(2, {1, 1, 1}) == List{1, 1, 0});
    CHECK(shares(0, {1, 2}) == List{0, 0});
    CHECK(shares(5, {0, 1, 0}) == List{0, 5, 0});
    CHECK(shares(10, {0, 3, 3, 3}) == List{0, 4, 3, 3});
    CHECK(shares(kMax, {kMax, kMax}) == List{kMax / 2 + 1, kMax / 2});
    CHECK(shares(kMax, {1}) == List{kMax});
}

TEST_CASE("split: the shared vectors", "[base][money]") {
    const auto path = test::shared_data("test_vectors.json");
    if (!path) return;
    std::ifstream file(*path);
    const auto vectors = nlohmann::json::parse(file).at("split_largest_remainder");
    CHECK_FALSE(vectors.empty());
    for (const auto& vector : vectors) {
        INFO(vector.dump());
        CHECK(shares(vector.at("total").get<std::int64_t>(),
                     vector.at("bps").get<std::vector<std::int64_t>>()) ==
              vector.at("out").get<std::vector<std::int64_t>>());
    }
}

TEST_CASE("split: all small cases keep the promises", "[base][money]") {
    for (std::int64_t total = 0; total <= 12; ++total) {
        for (std::int64_t a = 0; a <= 6; ++a) {
            for (std::int64_t b = 0; b <= 6; ++b) {
                for (std::int64_t c = 0; c <= 6; ++c) {
                    if (a + b + c > 0) check_promises(total, {a, b, c});
                }
            }
        }
    }
}

TEST_CASE("split: random cases up to the largest amounts keep the promises", "[base][money]") {
    const unsigned seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    const auto any = [&] {  // all magnitudes alike
        return static_cast<std::int64_t>((random() >> 1U) >> random() % 64U);
    };
    for (int round = 0; round < 5'000; ++round) {
        std::vector<std::int64_t> weights(1 + random() % 12);
        for (auto& weight : weights) weight = random() % 4 == 0 ? 0 : any();
        weights[random() % weights.size()] += 1 - (weights.front() == kMax ? 1 : 0);
        Wide sum = 0;
        for (const auto weight : weights) sum += weight;
        if (sum == 0) continue;
        check_promises(any(), weights);
        if (sum <= kMax) check_promises(static_cast<std::int64_t>(sum), weights);
    }
}

TEST_CASE("split: refunds weighted by what is left never overdraw a leg", "[base][money]") {
    const unsigned seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (int round = 0; round < 500; ++round) {
        const auto total = static_cast<std::int64_t>(1 + random() % 1'000);
        auto left = shares(total, {300, 1'000, 6'000, 2'700});
        std::int64_t open = total;
        while (open > 0) {
            const auto refund =
                static_cast<std::int64_t>(1 + random() % static_cast<std::uint64_t>(open));
            const auto parts = shares(refund, left);
            for (std::size_t i = 0; i < left.size(); ++i) {
                left[i] -= parts[i];
                REQUIRE(left[i] >= 0);
            }
            open -= refund;
        }
        REQUIRE(std::accumulate(left.begin(), left.end(), std::int64_t{0}) == 0);
    }
}

TEST_CASE("split: what cannot be divided is a bug", "[base][money]") {
    CHECK_THROWS_AS(shares(1, {}), InvariantViolation);
    CHECK_THROWS_AS(shares(1, {0, 0}), InvariantViolation);
    CHECK_THROWS_AS(shares(1, {1, -1}), InvariantViolation);
    CHECK_THROWS_AS(shares(-1, {1}), InvariantViolation);
}

TEST_CASE("basis points: rounded down, also for the largest amounts", "[base][money]") {
    CHECK(basis_points_down(Money::fen(10'001), 300) == Money::fen(300));
    CHECK(basis_points_down(Money::fen(1), 9'999) == Money::fen(0));
    CHECK(basis_points_down(Money::fen(kMax), 10'000) == Money::fen(kMax));
    CHECK(basis_points_down(Money::fen(kMax), 0) == Money::fen(0));
    CHECK_THROWS_AS(basis_points_down(Money::fen(-1), 1), InvariantViolation);
    CHECK_THROWS_AS(basis_points_down(Money::fen(1), 10'001), InvariantViolation);
    CHECK_THROWS_AS(basis_points_down(Money::fen(1), -1), InvariantViolation);
}

}  // namespace
}  // namespace pdx
