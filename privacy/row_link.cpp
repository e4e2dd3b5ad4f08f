#include "privacy/row_link.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/check.h"

namespace pdx::privacy {
namespace {

constexpr std::size_t kLinkedRowsMax = 8'000'000;

/// Whether the value that leaves is made of the value in the dataset and of nothing else.
bool leaves_without_key(OperationKind kind) {
    switch (kind) {
        case OperationKind::kPass:
        case OperationKind::kBoundNumber:
        case OperationKind::kRoundNumber:
        case OperationKind::kAgeBand:
        case OperationKind::kGeneraliseDateToMonth:
        case OperationKind::kGeneraliseDateToYear:
        case OperationKind::kGeneraliseRegion:
        case OperationKind::kGeneraliseAddress:
        case OperationKind::kGeneraliseDiagnosis:
        case OperationKind::kMaskText:
        case OperationKind::kKeepFirstLast: return true;
        case OperationKind::kShiftDate:
        case OperationKind::kToken:
        case OperationKind::kPseudonym:
        case OperationKind::kRowNumber:
        case OperationKind::kRedact:
        case OperationKind::kDrop: return false;
    }
    return false;
}

}  // namespace

RowLink::RowLink(const HashKey& key, std::span<const PlannedColumn> delivered,
                 const std::optional<MarkPlan>& marks, Fields leaked_header)
    : key_(key) {
    for (std::size_t i = 0; i < delivered.size(); ++i) {
        const PlannedColumn& planned = delivered[i];
        const bool is_marked = marks && marked_column(*marks, planned.column.name);
        if (!leaves_without_key(planned.operation.kind) || is_marked) continue;
        const auto leaked =
            std::find(leaked_header.begin(), leaked_header.end(), planned.column.name);
        if (leaked == leaked_header.end()) continue;
        const auto place = static_cast<std::size_t>(leaked - leaked_header.begin());
        columns_.push_back({place, i, CompiledOperation(planned, ByteView())});
    }
}

void RowLink::add_leaked(Fields fields) {
    PDX_CHECK(rows_ == 0);
    if (columns_.empty() || leaked_.size() >= kLinkedRowsMax) return;
    TupleHash hash(key_);
    for (const Column& column : columns_) {
        PDX_CHECK(column.leaked < fields.size());
        hash.add_text(trimmed(fields[column.leaked]));
    }
    const std::uint64_t found = hash.finish();
    if (places_.try_emplace(found).second) leaked_.push_back(found);
}

void RowLink::add_record(Fields fields) {
    const std::uint64_t row = rows_++;
    if (columns_.empty()) return;
    TupleHash hash(key_);
    for (Column& column : columns_) {
        PDX_CHECK(column.field < fields.size());
        Outcome outcome = Outcome::kEmpty;
        hash.add_text(trimmed(column.operation.apply(fields[column.field], outcome)));
    }
    const auto found = places_.find(hash.finish());
    if (found == places_.end()) return;
    Place& place = found->second;
    place.row = row;
    if (place.records < 2) ++place.records;
}

std::vector<std::uint64_t> RowLink::rows() const {
    std::vector<std::uint64_t> rows;
    for (const std::uint64_t hash : leaked_) {
        const Place& place = places_.at(hash);
        if (place.records == 1) rows.push_back(place.row);
    }
    return rows;
}

}  // namespace pdx::privacy
