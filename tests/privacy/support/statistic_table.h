#pragma once
/// A small table and a query over it.
#include <string>
#include <string_view>
#include <vector>

#include "privacy/statistic.h"

namespace pdx::privacy::test {

inline constexpr HashKey kStatisticKey{0x1716151413121110U, 0x1f1e1d1c1b1a1918U};
/// subject, group, number, filter
inline const std::vector<std::string> kStatisticColumns{"id", "g", "x", "f"};
using StatisticRow = std::vector<std::string>;
using StatisticRows = std::vector<StatisticRow>;

inline StatisticTotals totals_of(const StatisticQuery& query, const StatisticRows& rows) {
    StatisticCounter counter(query, kStatisticColumns, kStatisticKey);
    for (const StatisticRow& row : rows) {
        counter.add(std::vector<std::string_view>(row.begin(), row.end()));
    }
    return counter.finish();
}

inline StatisticQuery some_query(Measure measure) {
    StatisticQuery query;
    query.measure = measure;
    query.subject = "id";
    query.spend.epsilon_millionths = 1'000'000;
    if (measure == Measure::kSum || measure == Measure::kMean || measure == Measure::kQuantile) {
        query.column = "x";
        query.bounds = Bounds{1, -70, 120};
    }
    if (measure == Measure::kQuantile) query.quantiles = {2500, 5000};
    if (measure == Measure::kHistogram)
        query.groups = Groups{GroupKind::kKeys, "g", {"a", "b"}, {}, 0};
    return query;
}

}  // namespace pdx::privacy::test
