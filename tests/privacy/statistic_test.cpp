#include "privacy/statistic.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "privacy/statistic_noise.h"
#include "tests/privacy/support/seeded_words.h"
#include "tests/privacy/support/statistic_table.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;
using namespace pdx::privacy::test;

namespace {

/// All measures, groups, filters and limits.
StatisticQuery random_query(std::mt19937_64& random) {
    StatisticQuery query = some_query(static_cast<Measure>(random() % 5));
    query.rows_per_person = 1 + static_cast<std::uint32_t>(random() % 4);
    const bool may = query.measure == Measure::kSum || query.measure == Measure::kMean;
    if (query.measure == Measure::kHistogram || (may && random() % 2 == 0)) {
        Groups groups;
        groups.column = "g";
        groups.kind = static_cast<GroupKind>(random() % (may ? 2 : 3));
        if (groups.kind == GroupKind::kKeys) groups.keys = {"1", "2", "a", "b"};
        if (groups.kind == GroupKind::kEdges) groups.edges = {1, 2, 4};
        if (groups.kind == GroupKind::kUnknown) query.spend.delta_trillionths = 1'000'000;
        query.groups = groups;
        query.groups_per_person = 1 + static_cast<std::uint32_t>(random() % query.rows_per_person);
    }
    if (random() % 2 == 0) query.filters.push_back({"f", {"yes"}, {}});
    if (random() % 3 == 0) query.filters.push_back({"x", {}, Bounds{0, -3, 9}});
    std::sort(query.filters.begin(), query.filters.end(), precedes);
    return query;
}

StatisticRow random_row(std::mt19937_64& random, const std::string& person) {
    static const std::vector<std::string> kGroupTexts{"a", "b", " b", "c", "1", "2", "3", ""};
    static const std::vector<std::string> kNumbers{"-50", "-7", "0",   "1.25", "3",
                                                   "9.5", "12", "999", "none", ""};
    return {person, kGroupTexts[random() % kGroupTexts.size()],
            kNumbers[random() % kNumbers.size()], random() % 4 == 0 ? "no" : "yes"};
}

StatisticRows random_table(std::mt19937_64& random, std::size_t persons) {
    StatisticRows rows;
    const std::size_t count = random() % 40;
    for (std::size_t i = 0; i < count; ++i) {
        rows.push_back(random_row(random, "p" + std::to_string(random() % persons)));
    }
    return rows;
}

std::string trimmed_text(std::string text) {
    text.erase(0, text.find_first_not_of(' ') == std::string::npos ? text.size()
                                                                   : text.find_first_not_of(' '));
    return text;
}

/// The definitions, by maps and long double: the label of each cell, its rows and their sum.
using NaiveTotals = std::map<std::string, std::pair<std::uint64_t, std::int64_t>>;

std::optional<std::int64_t> naive_units(const std::string& text, std::uint32_t decimals) {
    if (text.empty() || text == "none") return std::nullopt;
    return static_cast<std::int64_t>(std::llround(std::stold(text) * std::pow(10.0L, decimals)));
}

std::optional<std::string> naive_group(const StatisticQuery& query, const std::string& text) {
    const Groups& groups = *query.groups;
    if (groups.kind == GroupKind::kUnknown) return text;
    if (groups.kind == GroupKind::kKeys) {
        const bool named = std::count(groups.keys.begin(), groups.keys.end(), text) > 0;
        return named ? std::optional(text) : std::nullopt;
    }
    for (std::size_t i = 0; i + 1 < groups.edges.size(); ++i) {
        for (std::int64_t value = groups.edges[i]; value < groups.edges[i + 1]; ++value) {
            if (text == std::to_string(value)) return std::to_string(i);
        }
    }
    return std::nullopt;
}

NaiveTotals naive_totals(const StatisticQuery& query, const StatisticRows& rows) {
    NaiveTotals totals;
    std::map<std::string, std::uint32_t> taken;
    std::map<std::string, std::set<std::string>> groups;
    for (const StatisticRow& row : rows) {
        bool holds = true;
        for (const Filter& filter : query.filters) {
            const auto number = filter.between ? naive_units(row[2], 0) : std::nullopt;
            holds = holds &&
                    (filter.between ? number && *number >= -3 && *number <= 9 : row[3] == "yes");
        }
        std::int64_t value = 0;
        if (query.bounds) {
            const auto number = naive_units(row[2], query.bounds->decimals);
            if (!number) continue;
            value = std::min(std::max(*number, query.bounds->low), query.bounds->high);
        }
        std::string cell;
        if (query.groups) {
            const auto group = naive_group(query, trimmed_text(row[1]));
            if (!group) continue;
            cell = *group;
        }
        if (query.measure == Measure::kQuantile) {
            cell = std::to_string((value - query.bounds->low) / leaf_step(*query.bounds));
        }
        if (!holds || taken[row[0]] == query.rows_per_person) continue;
        auto& mine = groups[row[0]];
        if (query.groups && !mine.contains(cell) && mine.size() == query.groups_per_person) {
            continue;
        }
        mine.insert(cell);
        ++taken[row[0]];
        ++totals[cell].first;
        totals[cell].second += query.measure == Measure::kMean ? value - 25 : value;
    }
    return totals;
}

std::string cell_label(const StatisticQuery& query, const StatisticTotals& totals,
                       std::size_t cell) {
    if (query.measure == Measure::kQuantile) return std::to_string(cell);
    if (!query.groups) return "";
    if (query.groups->kind == GroupKind::kEdges) return std::to_string(cell);
    return query.groups->kind == GroupKind::kKeys ? query.groups->keys[cell] : totals.keys[cell];
}

NaiveTotals labelled(const StatisticQuery& query, const StatisticTotals& totals) {
    NaiveTotals result;
    for (std::size_t i = 0; i < totals.counts.size(); ++i) {
        if (totals.counts[i] == 0) continue;
        result[cell_label(query, totals, i)] = {totals.counts[i],
                                                static_cast<std::int64_t>(totals.sums[i])};
    }
    return result;
}

StatisticRows without(const StatisticRows& rows, const std::string& person) {
    StatisticRows rest;
    for (const StatisticRow& row : rows) {
        if (row[0] != person) rest.push_back(row);
    }
    return rest;
}

/// Outcomes of a query over a table, each asked so many times.
std::map<std::string, double> outcomes(const StatisticQuery& query, const StatisticRows& rows,
                                       int count, std::uint64_t seed) {
    RandomWords random(seeded_source(seed));
    const StatisticTotals totals = totals_of(query, rows);
    std::map<std::string, double> result;
    for (int i = 0; i < count; ++i) {
        std::string outcome;
        for (const StatisticCell& cell : answer_query(query, totals, random).cells) {
            outcome += decimal_text(cell.value, 0) + "/" + decimal_text(cell.count, 0) + " ";
        }
        ++result[outcome];
    }
    return result;
}

}  // namespace

TEST_CASE("statistic: what is counted is what the definitions say", "[privacy][statistic]") {
    constexpr std::uint64_t kSeed = 1;
    std::mt19937_64 random(kSeed);
    INFO("seed " << kSeed);
    for (int round = 0; round < 5000; ++round) {
        const StatisticQuery query = random_query(random);
        const StatisticRows rows = random_table(random, 6);
        INFO(query_text(query));
        REQUIRE(labelled(query, totals_of(query, rows)) == naive_totals(query, rows));
    }
}

TEST_CASE("statistic: one person more changes no more than the noise is made for",
          "[privacy][statistic]") {
    constexpr std::uint64_t kSeed = 2;
    std::mt19937_64 random(kSeed);
    INFO("seed " << kSeed);
    std::uint64_t full = 0;
    for (int round = 0; round < 5000; ++round) {
        const StatisticQuery query = random_query(random);
        StatisticRows rows = random_table(random, 5);
        for (std::size_t i = random() % 12; i > 0; --i) {
            rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(random() % (rows.size() + 1)),
                        random_row(random, "p0"));
        }
        NaiveTotals with = labelled(query, totals_of(query, rows));
        NaiveTotals less = labelled(query, totals_of(query, without(rows, "p0")));
        std::set<std::string> cells;
        for (const auto& [cell, total] : with) cells.insert(cell);
        for (const auto& [cell, total] : less) cells.insert(cell);
        std::uint64_t rows_changed = 0;
        std::uint64_t sum_changed = 0;
        std::uint64_t groups_changed = 0;
        for (const std::string& cell : cells) {
            REQUIRE(with[cell].first >= less[cell].first);
            rows_changed += with[cell].first - less[cell].first;
            sum_changed +=
                static_cast<std::uint64_t>(std::abs(with[cell].second - less[cell].second));
            groups_changed += with[cell] != less[cell] ? 1U : 0U;
        }
        INFO(query_text(query));
        REQUIRE(rows_changed <= query.rows_per_person);
        if (query.groups) REQUIRE(groups_changed <= query.groups_per_person);
        if (rows_changed == query.rows_per_person) ++full;
        // A sum of one person is at most his rows times the farthest bound; a mean's, times the
        // farther bound's distance from the middle; the noise is of the same number.
        const std::uint64_t reach = query.measure == Measure::kSum    ? 120
                                    : query.measure == Measure::kMean ? 95
                                                                      : 0;
        if (reach == 0) continue;
        REQUIRE(sum_changed <= query.rows_per_person * reach);
        const Noise wanted = *Noise::of(Mechanism::kLaplace, query.rows_per_person * reach, 1,
                                        query.measure == Measure::kMean ? 500'000 : 1'000'000);
        const Fraction drawn = plan_noise(query).sum->parameter();
        REQUIRE(drawn.numerator == wanted.parameter().numerator);
        REQUIRE(drawn.denominator == wanted.parameter().denominator);
    }
    REQUIRE(full > 1000);
}

TEST_CASE("statistic: a person has his first rows in the first groups, whatever comes",
          "[privacy][statistic]") {
    // All tables of five rows of one person in groups a, b, c, for all limits.
    for (std::uint32_t limit = 1; limit <= 4; ++limit) {
        for (std::uint32_t groups = 1; groups <= limit; ++groups) {
            StatisticQuery query = some_query(Measure::kHistogram);
            query.groups->keys = {"a", "b", "c"};
            query.rows_per_person = limit;
            query.groups_per_person = groups;
            for (int code = 0; code < 243; ++code) {
                std::string order;
                for (int i = 0, left = code; i < 5; ++i, left /= 3) {
                    order += static_cast<char>('a' + left % 3);
                }
                StatisticRows rows;
                std::set<char> seen;
                std::map<char, std::uint64_t> expected;
                std::uint64_t taken = 0;
                for (const char group : order) {
                    rows.push_back({"p", std::string(1, group), "", ""});
                    if (taken == limit || (!seen.contains(group) && seen.size() == groups))
                        continue;
                    seen.insert(group);
                    ++expected[group];
                    ++taken;
                }
                INFO(order << ", rows " << limit << ", groups " << groups);
                const StatisticTotals totals = totals_of(query, rows);
                REQUIRE(totals.counts ==
                        std::vector<std::uint64_t>{expected['a'], expected['b'], expected['c']});
            }
        }
    }
}

TEST_CASE("statistic: rows without a person are one person's", "[privacy][statistic]") {
    StatisticQuery query = some_query(Measure::kCount);
    query.rows_per_person = 2;
    REQUIRE(totals_of(query, {{"", "", "", ""}, {" ", "", "", ""}, {"", "", "", ""}}).counts ==
            std::vector<std::uint64_t>{2});
}

TEST_CASE("statistic: a number that is written in many ways is one person's",
          "[privacy][statistic]") {
    StatisticQuery query = some_query(Measure::kCount);
    query.rows_per_person = 1;
    REQUIRE(totals_of(query, {{"138 0013 8000", "", "", ""},
                              {"13800138000", "", "", ""},
                              {"１３８００１３８０００", "", "", ""},
                              {"138-0013-8000", "", "", ""}})
                .counts == std::vector<std::uint64_t>{1});
}

TEST_CASE("statistic: no answer is e^epsilon more likely with one person more",
          "[privacy][statistic]") {
    constexpr int kAsked = 60'000;
    constexpr std::uint64_t kSeed = 3;
    StatisticRows rows;
    for (int i = 0; i < 3; ++i) rows.push_back({"p" + std::to_string(i), "a", "2", "yes"});
    StatisticRows more = rows;
    more.insert(more.begin(), {"q", "b", "15", "yes"});
    for (const Measure measure : {Measure::kCount, Measure::kSum, Measure::kMean,
                                  Measure::kHistogram, Measure::kQuantile}) {
        StatisticQuery query = some_query(measure);
        if (query.bounds) query.bounds = Bounds{0, 0, 15};
        for (const std::uint64_t epsilon : {500'000U, 1'500'000U}) {
            query.spend.epsilon_millionths = epsilon;
            const auto less = outcomes(query, rows, kAsked, kSeed);
            auto with = outcomes(query, more, kAsked, kSeed + 1);
            int judged = 0;
            double farthest = 0;
            for (const auto& [outcome, count] : less) {
                const double other = with[outcome];
                if (count < 150 || other < 150) {
                    // A rare one cannot be frequent there.
                    const double most = std::exp(static_cast<double>(epsilon) / 1e6) *
                                        (std::min(count, other) + 40) * 1.5;
                    REQUIRE(std::max(count, other) <= most);
                    continue;
                }
                ++judged;
                const double logarithm = std::abs(std::log(count / other));
                farthest = std::max(farthest, logarithm);
                INFO("seed " << kSeed << ", " << query_text(query) << ", outcome " << outcome);
                REQUIRE(logarithm <=
                        static_cast<double>(epsilon) / 1e6 + 5 * std::sqrt(1 / count + 1 / other));
            }
            INFO(query_text(query));
            REQUIRE(judged >= 2);
            // The person shows: nothing was answered that does not depend on the table.
            REQUIRE(farthest > 0.1);
        }
    }
}

TEST_CASE("statistic: a table beyond the memory, or without the columns, is refused",
          "[privacy][statistic]") {
    const auto code_of = [](const auto& action) {
        try {
            action();
        } catch (const Error& error) {
            return error.code();
        }
        return std::string();
    };
    const std::vector<std::string> others{"id", "g"};
    REQUIRE(code_of([&] { StatisticCounter(some_query(Measure::kSum), others, kStatisticKey); }) ==
            "statistic.column_missing");
    REQUIRE(code_of([&] {
                StatisticQuery query = some_query(Measure::kSum);
                query.subject.clear();
                StatisticCounter(query, kStatisticColumns, kStatisticKey);
            }) == "statistic.query");
    StatisticCounter counter(some_query(Measure::kCount), kStatisticColumns, kStatisticKey,
                             std::uint64_t{64} << 10U);
    REQUIRE(code_of([&] {
                for (int i = 0; i < 10'000; ++i) {
                    const std::string person = std::to_string(i);
                    counter.add(std::vector<std::string_view>{person, "", "", ""});
                }
            }) == "risk.too_large");
    REQUIRE_THROWS_AS(counter.finish(), InvariantViolation);
    StatisticQuery unknown = some_query(Measure::kHistogram);
    unknown.groups = Groups{GroupKind::kUnknown, "g", {}, {}, 0};
    unknown.spend.delta_trillionths = 1;
    StatisticCounter keys(unknown, kStatisticColumns, kStatisticKey, std::uint64_t{64} << 10U);
    REQUIRE(code_of([&] {
                for (int i = 0; i < 700; ++i) {
                    const std::string key = std::to_string(i);
                    keys.add(std::vector<std::string_view>{key, key, "", ""});
                }
            }) == "risk.too_large");
}
