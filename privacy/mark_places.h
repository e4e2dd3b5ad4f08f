#pragma once
/// Where the marks of a delivery are. Which cells carry one depends on a key of the exchange and is
/// the same for all copies, so that operators who compare theirs find places and not each other's
/// absence.
///
/// Source: R. Agrawal, J. Kiernan, "Watermarking Relational Databases" (VLDB 2002).
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/hmac.h"
#include "base/secret.h"
#include "privacy/mark_plan.h"
#include "privacy/policy.h"

namespace pdx::privacy {

/// The plan against what is delivered. Marks are refused in columns that help to find a person
/// again: a value that nobody else has would be made by us.
/// Throws: as above; kConflict mark.column_missing, mark.column_class when a column is not an
/// amount or measure of the classes confidential and non-personal, mark.unit when its operation is
/// neither pass (nearest) nor rounding by the same step (up).
void check_mark_plan(const MarkPlan& plan, const std::vector<PlannedColumn>& columns);

/// Says which rows are marked, in all contracts of an exchange.
Secret mark_rows_key(ByteView root_key);

/// The bits of one copy.
class MarkBits {
public:
    explicit MarkBits(ByteView key_of_copy);
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
        std::optional<std::size_t> column;  ///< of the plan, when the part is a marked column
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
