#pragma once
/// Writes the marks of one contract into a delivery, after masking and before the rows are put
/// into their order. A marked number differs from the true one by at most the step that the policy
/// states; what that does to the sum is counted exactly.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "privacy/mark_plan.h"

namespace pdx::privacy {

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
    /// the plan names. The keys from mark_rows_key() and contract_key().
    RowMarker(const MarkPlan& plan, std::span<const std::string_view> header, ByteView rows_key,
              ByteView key_of_contract);

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
