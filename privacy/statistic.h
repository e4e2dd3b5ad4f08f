#pragma once
/// Answers a statistic_query.h over a table: rows are counted in one pass, what one person can
/// change is bounded while they are, and the answer has the noise that this asks for.
///
/// Two tables are neighbours when one has all rows of one person more. What leaves this file is
/// (epsilon, delta)-differentially private, or rho-zero-concentrated, towards neighbours; for that
/// nothing exact may leave beside it, not even how many rows there were.
/// Source: Dwork, Roth, The Algorithmic Foundations of Differential Privacy (2014), sections 3.3
/// and 3.5; Korolova et al., Releasing Search Queries and Clicks Privately (2009), for unknown
/// keys.
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "privacy/statistic_query.h"
#include "privacy/tuple_hash.h"

namespace pdx::privacy {

/// Exact, and therefore secret. Shape: one entry a cell: the groups in the order of the query,
/// those of unknown keys in the order of `keys`, the leaves of a quantile's tree, or one.
struct StatisticTotals {
    std::vector<std::string> keys;      ///< that were unknown; ascending
    std::vector<std::uint64_t> counts;  ///< rows
    std::vector<Int128> sums;           ///< of a mean: of the distances from middle_of(bounds)
};

/// Counts. Memory: 16 bytes a person, and as much for each pair of person and group where a person
/// may have more rows than groups; tables are three eighths to three quarters full. Unknown keys
/// take 128 bytes each and their text. Thread: not shared.
class StatisticCounter {
public:
    /// The key is random and nobody's: two of n persons who share a hash (chance n^2 / 2^65) share
    /// the limits of one. `columns`: the names of the table's columns.
    /// Throws: kInvalid statistic.query as query_text(), statistic.column_missing.
    StatisticCounter(StatisticQuery query, std::span<const std::string> columns, const HashKey& key,
                     std::uint64_t memory_bytes_max = std::uint64_t{64} << 20U);
    ~StatisticCounter();
    StatisticCounter(StatisticCounter&&) noexcept;
    StatisticCounter& operator=(StatisticCounter&&) noexcept;

    /// One row. It counts where the filters hold, the measured number can be read, there is a group
    /// for it, and its person had fewer rows and no new group beyond the query's limits: the first
    /// ones in the order of the file. All rows without a person are one person's. Texts are
    /// compared without the spaces around them. Requires: as many fields as columns. Throws:
    /// kTooLarge risk.too_large; after that the counter takes and tells nothing more.
    void add(std::span<const std::string_view> fields);

    /// Callable once.
    StatisticTotals finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

struct StatisticCell {
    std::string group;           ///< empty where there is none; a bin as "[10,20)"
    std::uint32_t quantile = 0;  ///< Unit: basis points
    Int128 value = 0;            ///< Unit: 10^-value_decimals
    Int128 count = 0;            ///< of a mean: rows that it rests on, with noise
    Int128 half_width = 0;       ///< of a mean, exceeded at most once in ten. Unit: as value
    bool is_told = true;         ///< false: a mean of fewer rows than the noise of their count
};

/// What may be told. A half width is not exceeded by the noise more often than once in twenty.
struct StatisticAnswer {
    std::uint32_t value_decimals = 0;
    std::vector<StatisticCell> cells;
    Uint128 count_half_width = 0;  ///< of a count; of a quantile: of each node of the tree; else 0
    Uint128 sum_half_width = 0;    ///< Unit: 10^-decimals of the query's bounds; else 0
    Uint128 count_least = 0;       ///< groups of unknown keys below it are not told
    std::int64_t step = 0;         ///< of a quantile: width of a leaf. Unit: as value
};

/// Adds the noise. Of unknown groups the kGroupsMax largest are told. What follows (clamping counts
/// to 0 and up, means and quantiles to the bounds, dividing) reads nothing but noised numbers.
/// Requires: the totals are of this query.
StatisticAnswer answer_query(const StatisticQuery& query, const StatisticTotals& totals,
                             RandomWords& random);

/// JSON with sorted keys and no spaces; numbers are decimal texts, because they may be larger than
/// what JSON's readers keep.
std::string answer_text(const StatisticQuery& query, const StatisticAnswer& answer);

}  // namespace pdx::privacy
