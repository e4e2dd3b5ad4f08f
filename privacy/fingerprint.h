#pragma once
/// What makes one buyer's copy its own: the marks, written after masking and before the rows are
/// put into their order, and the canary rows. A marked number differs from the true one by at most
/// the step that the policy states; what that does to the sum is counted exactly.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/secret.h"
#include "privacy/canary.h"
#include "privacy/mark_places.h"

namespace pdx::privacy {

/// Of all copies that one buyer gets under one contract: two deliveries to it tell it nothing by
/// their differences.
Secret copy_key(ByteView root_key, std::string_view contract_id, std::string_view buyer_id);

/// The canaries as rows of the dataset: a column for each of its columns, which the masking of
/// canaries may then read like any record. Columns that the plan leaves out are empty when nothing
/// of them is delivered; birthdays and sexes follow the person.
/// Throws: kConflict canary.column_missing when the plan names a column that is not in the dataset,
/// or leaves out one that is delivered; kInvalid canary.settings.
CanaryPlan fit_canaries(const CanaryPlan& plan, std::span<const PlannedColumn> dataset);

/// Counts only, for the record of the delivery.
struct MarkedColumnReport {
    std::string name;
    std::uint64_t carried = 0;     ///< numbers that carry a mark; half of them as they were
    std::uint64_t raised = 0;      ///< by one step
    std::uint64_t lowered = 0;     ///< by one step
    std::int64_t drift_units = 0;  ///< Unit: 10^-decimals; sum as delivered less sum as it was
};

struct MarkReport {
    std::uint64_t rows = 0;
    std::vector<MarkedColumnReport> columns;
};

/// Thread: not shared.
class RowMarker {
public:
    /// Requires: check_mark_plan() passed for what is delivered; the header has every column that
    /// the plan names. The keys from mark_rows_key() and copy_key().
    RowMarker(const MarkPlan& plan, std::span<const std::string_view> header, ByteView rows_key,
              ByteView key_of_copy);

    /// Replaces numbers of a row. What was replaced is valid until the next call.
    void mark(std::span<std::string_view> fields);
    const MarkReport& report() const { return report_; }

private:
    std::vector<MarkColumn> columns_;
    MarkPlaces places_;
    MarkBits bits_;
    std::vector<std::string> texts_;  ///< one for each column of the plan
    MarkReport report_;
};

}  // namespace pdx::privacy
