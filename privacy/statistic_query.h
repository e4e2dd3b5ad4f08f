#pragma once
/// A question about a table that may be answered with noise: a small form and not a language, so
/// that how much one person can change the answer is read off it. It has one text, and the digest
/// of the text is its identity.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "privacy/noise.h"
#include "privacy/privacy_budget.h"

namespace pdx::privacy {

/// kCount: rows. kHistogram: rows by group. kSum, kMean: of one column, by group where groups are
/// named. kQuantile: of one column.
enum class Measure : std::uint8_t { kCount, kSum, kMean, kHistogram, kQuantile };
/// kLaplace spends epsilon. kGaussian spends rho, zero-concentrated, which is accounted apart.
enum class Mechanism : std::uint8_t { kLaplace, kGaussian };

inline constexpr std::string_view kQueryFormat = "pdx-statistic-1";
inline constexpr std::size_t kQueryBytesMax = std::size_t{64} << 10U;
inline constexpr std::size_t kQueryNameBytesMax = 256;  ///< of a column, of a value
inline constexpr std::size_t kFiltersMax = 8;
inline constexpr std::size_t kFilterValuesMax = 256;
inline constexpr std::size_t kGroupsMax = 4096;  ///< that a query names or an answer tells
inline constexpr std::size_t kQuantilesMax = 16;
inline constexpr std::int64_t kBoundMax = 1'000'000'000'000;
inline constexpr std::uint32_t kRowsPerPersonMax = 1000;
inline constexpr std::uint64_t kSpendMax = 20'000'000;  ///< Unit: millionths of epsilon or rho
inline constexpr std::uint64_t kDeltaMax = 1'000'000;   ///< Unit: 10^-12

/// What a number is clamped to before it counts. Both ends belong to it.
/// Unit: 10^-decimals. Requires: decimals <= 6, -kBoundMax <= low < high <= kBoundMax.
struct Bounds {
    std::uint32_t decimals = 0;
    std::int64_t low = 0;
    std::int64_t high = 0;
    bool operator==(const Bounds&) const = default;
};

/// A row counts only where all filters hold: the text is one of `values`, or, where `between` is
/// set, the number lies in it.
struct Filter {
    std::string column;
    std::vector<std::string> values;  ///< ascending, none twice
    std::optional<Bounds> between;    ///< low may be high here
    bool operator==(const Filter&) const = default;
};

/// kKeys: the texts named. kEdges: the bins from one edge up to below the next. kUnknown: whatever
/// texts there are; only those that enough persons have are told, which costs delta.
enum class GroupKind : std::uint8_t { kKeys, kEdges, kUnknown };
struct Groups {
    GroupKind kind = GroupKind::kKeys;
    std::string column;
    std::vector<std::string> keys;    ///< ascending, none twice
    std::vector<std::int64_t> edges;  ///< ascending; at least two. Unit: 10^-decimals
    std::uint32_t decimals = 0;
    bool operator==(const Groups&) const = default;
};

struct StatisticQuery {
    Measure measure = Measure::kCount;
    std::string column{};  ///< for sum, mean, quantile
    std::optional<Bounds> bounds{};
    std::vector<std::uint32_t> quantiles{};  ///< basis points, ascending
    std::optional<Groups> groups{};  ///< a histogram has some, a sum or mean may have known ones
    std::vector<Filter> filters{};   ///< ascending by their texts
    std::string subject{};           ///< the column that says who a row is about
    std::uint32_t rows_per_person = 1;
    std::uint32_t groups_per_person = 1;  ///< not above rows_per_person
    Mechanism mechanism = Mechanism::kLaplace;
    PrivacySpend spend{};
    bool operator==(const StatisticQuery&) const = default;
};

/// Reads the members of query_text() in any order and spacing, lists too where their order says
/// nothing. Throws: kInvalid statistic.query, with a pointer to what is wrong.
StatisticQuery read_query(std::string_view text);

/// JSON with sorted ASCII keys and no spaces; a member that does not apply is left out.
/// Throws: kInvalid statistic.query for a query that read_query() would not give.
std::string query_text(const StatisticQuery& query);
/// SHA-256 of query_text().
Digest query_digest(const StatisticQuery& query);

/// The order of filters in a query.
bool precedes(const Filter& a, const Filter& b);

/// Of all columns that the query reads, the subject's among them; ascending, none twice.
std::vector<std::string> columns_of(const StatisticQuery& query);

/// "sum", as in the text.
std::string_view measure_code(Measure measure);
std::string_view mechanism_code(Mechanism mechanism);

/// A number as the query counts it: rounded to its unit, half away from zero. Unit: 10^-decimals.
/// Requires: decimals <= 6. Nothing for what is no number, and above 9 * 10^12.
std::optional<std::int64_t> decimal_units(std::string_view text, std::uint32_t decimals);

}  // namespace pdx::privacy
