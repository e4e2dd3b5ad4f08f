#include "privacy/fingerprint.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"

namespace pdx::privacy {
namespace {

/// How a number gets the parity asked for. Unit: steps.
std::int64_t move_to(bool odd, std::int64_t steps, MarkWay way) {
    const bool is_odd = (steps & 1) != 0;
    if (is_odd == odd) return 0;
    return way == MarkWay::kUp || odd ? 1 : -1;
}

[[noreturn]] void refuse_canary_column(const std::string& name) {
    throw conflict("canary.column_missing",
                   {"Canary rows need a value for each delivered column, and for no other column "
                    "than those of the data.",
                    "诱饵行须为每个交付的列给出取值，且不得涉及数据中没有的列。"},
                   {.pointer = name});
}

/// Whether a canary needs a value there: nothing else reads a column.
bool is_read(std::span<const PlannedColumn> dataset, const PlannedColumn& column) {
    return std::any_of(dataset.begin(), dataset.end(), [&column](const PlannedColumn& one) {
        if (one.operation.kind == OperationKind::kDrop) return false;
        return one.operation.subject == column.column.name ||
               (&one == &column && one.operation.kind != OperationKind::kRowNumber);
    });
}

}  // namespace

Secret copy_key(ByteView root_key, std::string_view contract_id, std::string_view buyer_id) {
    std::string label = "pdx/privacy/copy/v1\n";
    label.append(contract_id).append("\n").append(buyer_id);
    return derive_key(root_key, label);
}

CanaryPlan fit_canaries(const CanaryPlan& plan, std::span<const PlannedColumn> dataset) {
    for (const CanaryColumn& column : plan.columns) {
        const bool known = std::any_of(
            dataset.begin(), dataset.end(),
            [&column](const PlannedColumn& one) { return one.column.name == column.name; });
        if (!known) refuse_canary_column(column.name);
    }
    CanaryPlan fitted{{}, plan.rows};
    for (const PlannedColumn& planned : dataset) {
        const auto found = std::find_if(
            plan.columns.begin(), plan.columns.end(),
            [&planned](const CanaryColumn& one) { return one.name == planned.column.name; });
        CanaryColumn column{.name = planned.column.name, .kind = Kind::kUnknown, .choices = {""}};
        if (found != plan.columns.end()) {
            column = *found;
            if (column.kind == Kind::kUnknown) column.kind = planned.column.kind;
        } else if (is_read(dataset, planned)) {
            const Kind kind = planned.column.kind;
            if (kind != Kind::kBirthDate && kind != Kind::kSex) refuse_canary_column(column.name);
            column.kind = kind;
        }
        fitted.columns.push_back(std::move(column));
    }
    check_canary_plan(fitted);
    return fitted;
}

RowMarker::RowMarker(const MarkPlan& plan, std::span<const std::string_view> header,
                     ByteView rows_key, ByteView key_of_copy)
    : columns_(plan.columns),
      places_(plan, header, rows_key),
      bits_(key_of_copy),
      texts_(plan.columns.size()) {
    PDX_CHECK(places_.complete());
    for (const MarkColumn& column : columns_) report_.columns.push_back({.name = column.name});
}

void RowMarker::mark(std::span<std::string_view> fields) {
    ++report_.rows;
    for (const MarkPlace& place : places_.of(fields)) {
        const MarkColumn& column = columns_[place.column];
        MarkedColumnReport& counts = report_.columns[place.column];
        ++counts.carried;
        const std::int64_t move = move_to(bits_.odd(place.identity), place.steps, column.way);
        if (move == 0) continue;
        ++(move > 0 ? counts.raised : counts.lowered);
        PDX_CHECK(
            !__builtin_add_overflow(counts.drift_units, move * column.step, &counts.drift_units));
        std::string& text = texts_[place.column];
        text = mark_text(column, place.steps + move, place.rest);
        fields[place.field] = text;
    }
}

}  // namespace pdx::privacy
