#pragma once
/// Canary rows: persons and firms that do not exist, other ones in each copy. They go through
/// masking like everybody else; a file that holds one comes from that copy. Only
/// where the contract says that such rows are among the delivered ones, and counted neither in
/// metering nor in the classes of the risk gate: they must not make a class look larger.
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "privacy/kind.h"

namespace pdx::privacy {

/// How a column of the source table is filled.
/// resident_id, foreign to all: space (6 digits of a region), a birthday, a sequence number, the
/// check digit. uscc: space (8 characters: two of the kind of register and a region), 8 random
/// characters, both check characters. mobile: space (3 to 7 digits) and random digits. birth_date
/// and sex agree with the resident ID of the row. amount, measure: between least and most. Every
/// other kind: one of the choices, which the caller takes from values that many records have.
struct CanaryColumn {
    std::string name;
    Kind kind = Kind::kUnknown;  ///< unknown: that of the dataset's column, see mark_places.h
    /// A region, segment or register that was never issued: the caller's word.
    std::string space{};
    std::vector<std::string> choices{};
    std::int64_t least = 0;     ///< Unit: 10^-decimals
    std::int64_t most = 0;      ///< Unit: 10^-decimals
    std::int64_t decimals = 0;  ///< 0 to 6
    bool operator==(const CanaryColumn&) const = default;
};

struct CanaryPlan {
    std::vector<CanaryColumn> columns;
    std::uint32_t rows = 5;  ///< 1 to 1,000
    bool operator==(const CanaryPlan&) const = default;
};

/// A column whose kind is unknown is looked at when the kind is known.
/// Throws: kInvalid canary.settings, which names the column.
void check_canary_plan(const CanaryPlan& plan);

/// The rows of one copy, the same each time; a column's values do not depend on the other columns
/// of the plan. Shape: [rows x columns].
/// Throws: as check_canary_plan(), an unknown kind without choices included.
std::vector<std::vector<std::string>> make_canaries(const CanaryPlan& plan, ByteView key_of_copy);

}  // namespace pdx::privacy
