#pragma once
/// What may be marked in a delivery. A mark is the parity of a number, in units that the policy
/// declares may vary.
///
/// Marked are masked tables of records. Statistics released under differential privacy are never
/// marked: a mark would be a second, undeclared answer about the same persons.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pdx::privacy {

/// Both change a value by at most one step.
enum class MarkWay : std::uint8_t {
    kNearest,  ///< up or down by a step: the last digit of a number that passes
    kUp,       ///< up by a step: a number that the policy rounds down is rounded up instead
};

/// Shape: "nearest", "up".
std::string_view mark_way_code(MarkWay way);
std::optional<MarkWay> parse_mark_way(std::string_view text);

struct MarkColumn {
    std::string name;
    std::int64_t decimals = 0;  ///< values that are written with other than so many are not marked
    std::int64_t step = 1;      ///< Unit: 10^-decimals; the error bound
    MarkWay way = MarkWay::kNearest;
    bool operator==(const MarkColumn&) const = default;
};

struct MarkPlan {
    std::vector<MarkColumn> columns;
    /// What names a row when it is found again: the values of some columns. Each is a chance of its
    /// own, so that nobody loses all marks by leaving out a column. A column with marks counts
    /// without the part that a mark changes, and so may name itself.
    std::vector<std::vector<std::string>> identities;
    std::uint32_t one_of = 10;  ///< each identity selects one row in so many
    bool operator==(const MarkPlan&) const = default;
};

/// The column of that name in the plan.
std::optional<std::size_t> marked_column(const MarkPlan& plan, std::string_view name);

/// Throws: kInvalid mark.settings when there is no column or a number is out of range,
/// mark.identity when there is none, or one that a mark would change.
void check_mark_plan(const MarkPlan& plan);

}  // namespace pdx::privacy
