#pragma once
/// What may be marked in a delivery, and where the marks are. A mark is the parity of a number, in
/// units that the policy declares may vary; which cells carry one depends on a key of the exchange
/// and is the same for all contracts, so that operators who compare their copies find places and
/// not each other's absence.
///
/// Marked are masked tables of records. Statistics released under differential privacy are never
/// marked: a mark would be a second, undeclared answer about the same persons.
///
/// Source: R. Agrawal, J. Kiernan, "Watermarking Relational Databases" (VLDB 2002).
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/hmac.h"
#include "base/secret.h"
#include "privacy/policy.h"

namespace pdx::privacy {

/// Both change a value by at most one step.
enum class MarkWay : std::uint8_t {
    kNearest,  ///< up or down by a step: the last digit of a number that passes
    kUp,       ///< up by a step: a number that the policy rounds down is rounded up instead
};

/// Shape: "nearest", "up".
std::optional<MarkWay> parse_mark_way(std::string_view text);

struct MarkColumn {
    std::string name;
    std::int64_t decimals = 0;  ///< values that are written with other than so many are not marked
    std::int64_t step = 1;      ///< Unit: 10^-decimals; the error bound
    MarkWay way = MarkWay::kNearest;
};

struct MarkPlan {
    std::vector<MarkColumn> columns;
    /// What names a row when it is found again: the values of some columns. Each is a chance of its
    /// own, so that nobody loses all marks by leaving out a column. A column with marks counts
    /// without the part that a mark changes, and so may name itself.
    std::vector<std::vector<std::string>> identities;
    std::uint32_t one_of = 10;  ///< each identity selects one row in so many
};

/// Throws: kInvalid mark.settings when there is no column or a number is out of range,
/// mark.identity when there is none, or one that a mark would change.
void check_mark_plan(const MarkPlan& plan);
/// The plan against what is delivered. Marks are refused in columns that help to find a person
/// again: a value that nobody else has would be made by us.
/// Throws: as above; kConflict mark.column_missing, mark.column_class when a column is not an
/// amount or measure of the classes confidential and non-personal, mark.unit when its operation is
/// neither pass (nearest) nor rounding by the same step (up).
void check_mark_plan(const MarkPlan& plan, const std::vector<PlannedColumn>& columns);

/// Says which rows are marked, in all contracts of an exchange.
Secret mark_rows_key(ByteView root_key);

/// The bits of one contract.
class MarkBits {
public:
    explicit MarkBits(ByteView key_of_contract);
    bool odd(std::uint64_t identity) const;

private:
    HmacSha256 key_;
};

/// A number that carries or may carry a mark.
struct MarkPlace {
    std::size_t column = 0;      ///< of the plan
    std::size_t field = 0;       ///< of the row
    std::uint64_t identity = 0;  ///< keyed; equal for rows that are named alike
    std::int64_t steps = 0;      ///< the number in steps, rounded down
    std::int64_t rest = 0;       ///< Unit: 10^-decimals
};

/// Finds the places in rows. Thread: not shared.
class MarkPlaces {
public:
    using Fields = std::span<const std::string_view>;

    /// Columns of the plan that the header has not are not looked at, and neither are identities
    /// that need one. Throws: as check_mark_plan(plan).
    MarkPlaces(const MarkPlan& plan, Fields header, ByteView rows_key);

    /// At most one place in a column. Valid until the next call.
    /// Requires: as many fields as the header.
    std::span<const MarkPlace> of(Fields fields);

    /// True when every column and identity of the plan is there.
    bool complete() const { return complete_; }
    /// How many identities can be made.
    std::size_t usable() const { return identities_.size(); }

private:
    struct Number {
        std::size_t field = 0;
        bool present = false;   ///< the header has the column
        bool readable = false;  ///< of the current row
        bool markable = false;
        std::int64_t steps = 0;
        std::int64_t rest = 0;
    };
    struct Part {
        std::size_t field = 0;
        std::size_t column = 0;  ///< of the plan, when the part is a marked column
    };
    struct Identity {
        std::size_t number = 0;  ///< in the plan
        std::vector<Part> parts;
    };

    void read_numbers(Fields fields);
    void find(const Identity& identity, Fields fields);
    bool write_message(const Identity& identity, Fields fields);

    MarkPlan plan_;
    HmacSha256 key_;
    std::vector<Number> numbers_;
    std::vector<Identity> identities_;
    std::vector<MarkPlace> places_;
    std::string message_;
    std::size_t width_;
    bool complete_ = true;
};

/// steps * step + rest as text with so many decimals.
std::string mark_text(const MarkColumn& column, std::int64_t steps, std::int64_t rest);

}  // namespace pdx::privacy
