#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "privacy/statistic.h"
#include "tests/privacy/support/seeded_words.h"
#include "tests/privacy/support/statistic_table.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;
using namespace pdx::privacy::test;

TEST_CASE("statistic: answers are near the truth, as near as they say", "[privacy][statistic]") {
    constexpr std::uint64_t kSeed = 4;
    std::mt19937_64 random(kSeed);
    RandomWords words(seeded_source(kSeed));
    INFO("seed " << kSeed);
    StatisticRows rows;
    std::int64_t sum = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto value = static_cast<std::int64_t>(random() % 10'000);  // 0.0 to 999.9
        sum += value;
        rows.push_back(
            {"p" + std::to_string(i), i % 4 == 0 ? "a" : "b", decimal_text(value, 1), "yes"});
    }
    for (const Mechanism mechanism : {Mechanism::kLaplace, Mechanism::kGaussian}) {
        const auto answer = [&](Measure measure) {
            StatisticQuery query = some_query(measure);
            if (query.bounds) query.bounds = Bounds{1, 0, 9999};
            query.mechanism = mechanism;
            if (mechanism == Mechanism::kGaussian) query.spend = {0, 500'000, 0};
            StatisticAnswer given = answer_query(query, totals_of(query, rows), words);
            REQUIRE(answer_text(query, given).find("half_width") != std::string::npos);
            return given;
        };
        const StatisticAnswer count = answer(Measure::kCount);
        REQUIRE(std::abs(static_cast<long>(count.cells.at(0).value) - 20'000) <=
                3 * static_cast<long>(count.count_half_width));
        REQUIRE(count.count_half_width <= 3);
        const StatisticAnswer total = answer(Measure::kSum);
        REQUIRE(std::abs(static_cast<long>(total.cells.at(0).value) - sum) <=
                3 * static_cast<long>(total.sum_half_width));
        REQUIRE(total.sum_half_width <= 30'000);
        const StatisticAnswer mean = answer(Measure::kMean);
        REQUIRE(mean.value_decimals == 3);
        REQUIRE(std::abs(static_cast<long>(mean.cells.at(0).value) - sum / 200) < 500);
        REQUIRE(std::abs(static_cast<long>(mean.cells.at(0).count) - 20'000) < 50);
        const StatisticAnswer histogram = answer(Measure::kHistogram);
        REQUIRE(histogram.cells.size() == 2);
        REQUIRE(histogram.cells[0].group == "a");
        REQUIRE(std::abs(static_cast<long>(histogram.cells[0].value) - 5'000) < 20);
        REQUIRE(std::abs(static_cast<long>(histogram.cells[1].value) - 15'000) < 20);
        const StatisticAnswer quantile = answer(Measure::kQuantile);
        REQUIRE(quantile.step == 3);
        REQUIRE(std::abs(static_cast<long>(quantile.cells.at(0).value) - 2'500) < 250);
        REQUIRE(std::abs(static_cast<long>(quantile.cells.at(1).value) - 5'000) < 250);
    }
}

TEST_CASE("statistic: a mean is within its half width, or is not told", "[privacy][statistic]") {
    constexpr std::uint64_t kSeed = 9;
    INFO("seed " << kSeed);
    RandomWords words(seeded_source(kSeed));
    StatisticQuery query = some_query(Measure::kMean);
    query.groups.reset();
    query.rows_per_person = 1;
    query.groups_per_person = 1;
    query.spend.epsilon_millionths = 200'000;
    StatisticRows rows;
    for (int i = 0; i < 200; ++i) rows.push_back({"p" + std::to_string(i), "", "2", ""});
    const StatisticTotals totals = totals_of(query, rows);
    const auto truth = static_cast<Int128>(200);  // with two decimals more
    int outside = 0;
    for (int round = 0; round < 500; ++round) {
        const StatisticAnswer answer = answer_query(query, totals, words);
        const StatisticCell& cell = answer.cells.at(0);
        REQUIRE(cell.is_told);
        REQUIRE(cell.half_width > 0);
        const Int128 unit = answer.value_decimals == 3 ? 10 : 1;
        const Int128 off = cell.value - truth * unit;
        if (off > cell.half_width || -off > cell.half_width) ++outside;
    }
    REQUIRE(outside <= 75);  // 10 % at most, and four deviations
    int untold = 0;
    for (int round = 0; round < 500; ++round) {
        const StatisticAnswer answer = answer_query(query, totals_of(query, {rows[0]}), words);
        if (!answer.cells.at(0).is_told) ++untold;
    }
    REQUIRE(untold > 450);
}

TEST_CASE("statistic: with next to no noise quantiles are those of the values",
          "[privacy][statistic]") {
    constexpr std::uint64_t kSeed = 5;
    std::mt19937_64 random(kSeed);
    RandomWords words(seeded_source(kSeed));
    INFO("seed " << kSeed);
    StatisticQuery query = some_query(Measure::kQuantile);
    query.spend.epsilon_millionths = kSpendMax;  // noise in once of 100 million draws
    query.bounds = Bounds{0, -4, 11};
    query.quantiles = {0, 1000, 2500, 5000, 9000, 10'000};
    for (int round = 0; round < 300; ++round) {
        std::vector<std::int64_t> values;
        StatisticRows rows;
        for (std::size_t i = 1 + random() % 30; i > 0; --i) {
            values.push_back(static_cast<std::int64_t>(random() % 16) - 4);
            rows.push_back({"p" + std::to_string(i), "", std::to_string(values.back()), ""});
        }
        std::sort(values.begin(), values.end());
        const StatisticAnswer answer = answer_query(query, totals_of(query, rows), words);
        for (const StatisticCell& cell : answer.cells) {
            // The smallest value with at least that share of the rows up to it.
            const std::size_t rank = (values.size() * cell.quantile + 9'999) / 10'000;
            const std::int64_t expected = values[rank == 0 ? 0 : rank - 1];
            INFO("quantile " << cell.quantile << " of " << values.size());
            REQUIRE(static_cast<std::int64_t>(cell.value) == expected);
        }
    }
    // Nobody there: the middle, and within the bounds.
    const StatisticAnswer none = answer_query(query, totals_of(query, {}), words);
    REQUIRE(none.cells.at(0).value >= -4);
    REQUIRE(none.cells.at(0).value <= 11);
}

TEST_CASE("statistic: unknown groups are told when enough persons have them",
          "[privacy][statistic]") {
    RandomWords words(seeded_source(6));
    StatisticQuery query = some_query(Measure::kHistogram);
    query.groups = Groups{GroupKind::kUnknown, "g", {}, {}, 0};
    query.spend.delta_trillionths = 1'000'000;
    StatisticRows rows;
    for (int i = 0; i < 60; ++i) rows.push_back({"p" + std::to_string(i), "many", "", ""});
    for (int i = 60; i < 300; ++i) {
        rows.push_back({"p" + std::to_string(i), "one of " + std::to_string(i), "", ""});
    }
    rows.push_back({"q", std::string(257, 'x'), "", ""});
    const StatisticTotals totals = totals_of(query, rows);
    REQUIRE(totals.keys.size() == 241);
    REQUIRE(std::is_sorted(totals.keys.begin(), totals.keys.end()));
    for (int i = 0; i < 200; ++i) {
        const StatisticAnswer answer = answer_query(query, totals, words);
        REQUIRE(answer.cells.size() == 1);
        REQUIRE(answer.cells[0].group == "many");
    }
    REQUIRE(answer_query(query, totals_of(query, {}), words).cells.empty());
    // Too many to tell: the largest, in the order of their keys.
    StatisticTotals crowded;
    for (std::uint64_t i = 0; i < kGroupsMax + 500; ++i) {
        crowded.keys.push_back("k" + std::to_string(10'000 + i));
        crowded.counts.push_back(i % 10 == 0 ? 1'000 : 100'000);
        crowded.sums.push_back(0);
    }
    const StatisticAnswer largest = answer_query(query, crowded, words);
    REQUIRE(largest.cells.size() == kGroupsMax);
    REQUIRE(std::is_sorted(largest.cells.begin(), largest.cells.end(),
                           [](const auto& a, const auto& b) { return a.group < b.group; }));
    const auto small = std::count_if(largest.cells.begin(), largest.cells.end(),
                                     [](const auto& cell) { return cell.value < 50'000; });
    REQUIRE(small == 0);  // 4,136 are large
}

TEST_CASE("statistic: an answer has one text, in which numbers are decimal",
          "[privacy][statistic]") {
    REQUIRE(decimal_text(-1250, 2) == "-12.50");
    REQUIRE(decimal_text(7, 3) == "0.007");
    REQUIRE(decimal_text(0, 0) == "0");
    REQUIRE(decimal_text(-1, 1) == "-0.1");
    REQUIRE(decimal_text(Int128{1} << 100U, 0) == "1267650600228229401496703205376");
    REQUIRE(decimal_text(static_cast<Int128>(Uint128{1} << 127U), 0) ==
            "-170141183460469231731687303715884105728");
    RandomWords words(seeded_source(7));
    StatisticQuery query = some_query(Measure::kHistogram);
    query.groups = Groups{GroupKind::kEdges, "g", {}, {0, 15, 20}, 1};
    query.spend.epsilon_millionths = kSpendMax;
    const StatisticRows rows{{"p", "1.4", "", ""}, {"q", "1.5", "", ""}, {"r", "2", "", ""}};
    const std::string text = answer_text(query, answer_query(query, totals_of(query, rows), words));
    REQUIRE(
        text ==
        R"json({"cells":[{"group":"[0.0,1.5)","value":"1"},{"group":"[1.5,2.0)","value":"1"}],)json"
        R"json("format":"pdx-statistic-answer-1","noise":{"count_half_width":"1"},"query":")json" +
            query_digest(query).hex() + "\"}");
    query = some_query(Measure::kMean);
    query.spend.epsilon_millionths = kSpendMax;
    const auto mean =
        nlohmann::json::parse(answer_text(query, answer_query(query, totals_of(query, {}), words)));
    REQUIRE(mean["cells"].size() == 1);
    REQUIRE(mean["cells"][0].contains("count"));
    REQUIRE(mean["cells"][0]["value"].is_null());  // nobody has a mean
    REQUIRE_FALSE(mean["cells"][0].contains("half_width"));
    REQUIRE(mean["noise"].contains("sum_half_width"));
    query = some_query(Measure::kQuantile);
    const auto quantile =
        nlohmann::json::parse(answer_text(query, answer_query(query, totals_of(query, {}), words)));
    REQUIRE(quantile["cells"][1]["quantile_basis_points"] == 5000);
    REQUIRE(quantile["noise"]["step"] == "0.1");
}
