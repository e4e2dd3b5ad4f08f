#include "privacy/mark_places.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"

namespace pdx::privacy {
namespace {

/// So many digits times ten fit 64 bits.
constexpr std::size_t kMarkDigitsMax = 15;

const PlannedColumn& delivered_column(const std::vector<PlannedColumn>& columns,
                                      const std::string& name) {
    for (const PlannedColumn& one : columns) {
        if (one.column.name == name && one.operation.kind != OperationKind::kDrop) return one;
    }
    throw conflict("mark.column_missing",
                   {"The marks name a column that is not delivered.", "标记所指的列不在交付之列。"},
                   {.pointer = name});
}

bool may_vary(const ColumnClass& column) {
    return (column.kind == Kind::kAmount || column.kind == Kind::kMeasure) &&
           (column.sensitivity == Sensitivity::kNonPersonal ||
            column.sensitivity == Sensitivity::kConfidential);
}

bool fits_operation(const MarkColumn& mark, const Operation& operation) {
    if (mark.way == MarkWay::kNearest) return operation.kind == OperationKind::kPass;
    return operation.kind == OperationKind::kRoundNumber && operation.step == mark.step &&
           operation.decimals == mark.decimals;
}

/// The number in units of 10^-decimals, when it is written the one way that mark_text() writes it:
/// another spelling would show which numbers were touched.
std::optional<std::int64_t> exact_units(std::string_view text, std::int64_t decimals) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const std::string_view part =
        point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
    const bool pointed = point != std::string_view::npos;
    if (whole.empty() || (whole.size() > 1 && whole.front() == '0') || pointed != (decimals > 0) ||
        part.size() != static_cast<std::size_t>(decimals) ||
        whole.size() + part.size() > kMarkDigitsMax || !all_digits(whole) || !all_digits(part)) {
        return std::nullopt;
    }
    std::int64_t units = 0;
    for (const char c : whole) units = units * 10 + (c - '0');
    for (const char c : part) units = units * 10 + (c - '0');
    if (negative && units == 0) return std::nullopt;
    return negative ? -units : units;
}

std::int64_t floor_divide(std::int64_t number, std::int64_t by) {
    return number / by - (number % by < 0 ? 1 : 0);
}

std::uint64_t big_endian(const Digest& digest, std::size_t at) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i) number = (number << 8U) | digest.value.at(at + i);
    return number;
}

void append_big_endian(std::string& out, std::uint32_t number) {
    for (const unsigned shift : {24U, 16U, 8U, 0U}) out += static_cast<char>(number >> shift);
}

}  // namespace

void check_mark_plan(const MarkPlan& plan, const std::vector<PlannedColumn>& columns) {
    check_mark_plan(plan);
    for (const MarkColumn& mark : plan.columns) {
        const PlannedColumn& planned = delivered_column(columns, mark.name);
        if (!may_vary(planned.column)) {
            throw conflict("mark.column_class",
                           {"Only amounts and measures that are neither personal nor a "
                            "quasi-identifier may be marked.",
                            "仅可标记既非个人信息也非准标识符的金额或计量列。"},
                           {.pointer = mark.name});
        }
        if (!fits_operation(mark, planned.operation)) {
            throw conflict("mark.unit",
                           {"A column that passes is marked to the nearest step; one that is "
                            "rounded, upwards by the step of its rounding.",
                            "原样交付的列按最近步长标记；取整的列按取整步长向上标记。"},
                           {.pointer = mark.name});
        }
    }
    for (const auto& identity : plan.identities) {
        for (const std::string& name : identity) delivered_column(columns, name);
    }
}

Secret mark_rows_key(ByteView root_key) { return derive_key(root_key, "pdx/privacy/mark-rows/v1"); }

MarkBits::MarkBits(ByteView key_of_copy)
    : key_(derive_key(key_of_copy, "pdx/privacy/mark/v1").view()) {}

bool MarkBits::odd(std::uint64_t identity) const {
    std::array<std::uint8_t, 8> message{};
    for (std::size_t i = 0; i < message.size(); ++i) {
        message.at(i) = static_cast<std::uint8_t>(identity >> (56U - 8U * i));
    }
    return (key_.of(message).value[0] & 1U) != 0;
}

MarkPlaces::MarkPlaces(const MarkPlan& plan, Fields header, ByteView rows_key)
    : plan_(plan),
      key_(rows_key),
      numbers_(plan.columns.size()),
      width_(header.size()) {
    check_mark_plan(plan_);
    const auto field_of = [&header](std::string_view name) {
        return static_cast<std::size_t>(std::find(header.begin(), header.end(), name) -
                                        header.begin());
    };
    for (std::size_t i = 0; i < numbers_.size(); ++i) {
        numbers_[i].field = field_of(plan_.columns[i].name);
        numbers_[i].present = numbers_[i].field < width_;
        complete_ = complete_ && numbers_[i].present;
    }
    for (std::size_t i = 0; i < plan_.identities.size(); ++i) {
        Identity identity{i, {}};
        for (const std::string& name : plan_.identities[i]) {
            if (field_of(name) == width_) continue;
            identity.parts.push_back({field_of(name), marked_column(plan_, name)});
        }
        if (identity.parts.size() == plan_.identities[i].size()) {
            identities_.push_back(std::move(identity));
        } else {
            complete_ = false;
        }
    }
}

std::span<const MarkPlace> MarkPlaces::of(Fields fields) {
    PDX_CHECK(fields.size() == width_);
    places_.clear();
    read_numbers(fields);
    for (const Identity& identity : identities_) find(identity, fields);
    return places_;
}

/// Nothing becomes zero and no zero becomes something: "owes nothing" is no matter of a step.
void MarkPlaces::read_numbers(Fields fields) {
    for (std::size_t i = 0; i < numbers_.size(); ++i) {
        Number& number = numbers_[i];
        number.readable = false;
        number.markable = false;
        if (!number.present) continue;
        const MarkColumn& column = plan_.columns[i];
        const auto units = exact_units(fields[number.field], column.decimals);
        if (!units) continue;
        number.readable = true;
        number.steps = floor_divide(*units, column.step);
        number.rest = *units - number.steps * column.step;
        number.markable = column.way == MarkWay::kUp ? number.rest == 0 && number.steps >= 1
                                                     : floor_divide(number.steps, 2) != 0;
    }
}

void MarkPlaces::find(const Identity& identity, Fields fields) {
    if (!write_message(identity, fields)) return;
    const Digest digest = key_.of(as_bytes(message_));
    if (big_endian(digest, 0) % plan_.one_of != 0) return;
    const auto column = static_cast<std::size_t>(big_endian(digest, 16) % numbers_.size());
    Number& number = numbers_[column];
    if (!number.markable) return;
    number.markable = false;  // the first identity that selects it has it
    places_.push_back({column, number.field, big_endian(digest, 8), number.steps, number.rest});
}

/// False when all parts are empty: such rows have no name. Shape: the identity's number, then each
/// part with its length before it, so that no two rows can be confused.
bool MarkPlaces::write_message(const Identity& identity, Fields fields) {
    message_.assign(1, static_cast<char>(identity.number));
    bool named = false;
    for (const Part& part : identity.parts) {
        std::string pair;
        std::string_view text = trimmed(fields[part.field]);
        if (part.column && numbers_[*part.column].readable) {
            pair = std::to_string(floor_divide(numbers_[*part.column].steps, 2));
            text = pair;
        }
        named = named || !text.empty();
        append_big_endian(message_, static_cast<std::uint32_t>(text.size()));
        message_ += text;
    }
    return named;
}

std::string mark_text(const MarkColumn& column, std::int64_t steps, std::int64_t rest) {
    std::int64_t units = 0;
    PDX_CHECK(!__builtin_mul_overflow(steps, column.step, &units) &&
              !__builtin_add_overflow(units, rest, &units) && units != INT64_MIN);
    const auto decimals = static_cast<std::size_t>(column.decimals);
    std::string text = std::to_string(units < 0 ? -units : units);
    if (decimals > 0) {
        while (text.size() <= decimals) text.insert(0, 1, '0');
        text.insert(text.size() - decimals, 1, '.');
    }
    if (units < 0) text.insert(0, 1, '-');
    return text;
}

}  // namespace pdx::privacy
