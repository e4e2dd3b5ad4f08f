#include "privacy/fingerprint.h"

#include "base/check.h"

namespace pdx::privacy {
namespace {

/// How a number gets the parity asked for. Unit: steps.
std::int64_t move_to(bool odd, std::int64_t steps, MarkWay way) {
    const bool is_odd = (steps & 1) != 0;
    if (is_odd == odd) return 0;
    return way == MarkWay::kUp || odd ? 1 : -1;
}

}  // namespace

RowMarker::RowMarker(const MarkPlan& plan, std::span<const std::string_view> header,
                     ByteView rows_key, ByteView key_of_contract)
    : columns_(plan.columns),
      places_(plan, header, rows_key),
      bits_(key_of_contract),
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
