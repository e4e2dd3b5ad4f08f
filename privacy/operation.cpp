#include "privacy/operation.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/bytes.h"

namespace pdx::privacy {
namespace {

constexpr std::int64_t kNumberMax = 1'000'000'000'000;
constexpr std::int64_t kDecimalsMax = 6;
constexpr std::int64_t kCharactersMax = 1'000;

constexpr std::array<NumberParameter, 2> kCharacters{{
    {"first", &Operation::first, 0, kCharactersMax},
    {"last", &Operation::last, 0, kCharactersMax},
}};
constexpr std::array<NumberParameter, 2> kStep{{
    {"step", &Operation::step, 1, kNumberMax},
    {"decimals", &Operation::decimals, 0, kDecimalsMax, true},
}};
constexpr std::array<NumberParameter, 3> kBounds{{
    {"low", &Operation::low, -kNumberMax, kNumberMax},
    {"high", &Operation::high, -kNumberMax, kNumberMax},
    {"decimals", &Operation::decimals, 0, kDecimalsMax, true},
}};
constexpr std::array<NumberParameter, 1> kYears{{{"step", &Operation::step, 2, 50}}};
constexpr std::array<NumberParameter, 1> kDayParameters{{{"days", &Operation::days, 1, 3'660}}};
constexpr TextParameter kDomain{"domain", &Operation::domain};
constexpr TextParameter kSubject{"subject", &Operation::subject};

struct Shape {
    OperationKind kind;
    std::string_view code;
    std::span<const NumberParameter> numbers{};
    std::optional<TextParameter> text{};
};

constexpr std::array<Shape, 17> kShapes{{
    {OperationKind::kPass, "pass"},
    {OperationKind::kBoundNumber, "bound_number", kBounds},
    {OperationKind::kRoundNumber, "round_number", kStep},
    {OperationKind::kAgeBand, "age_band", kYears},
    {OperationKind::kShiftDate, "shift_date", kDayParameters, kSubject},
    {OperationKind::kGeneraliseDateToMonth, "generalise_date_to_month"},
    {OperationKind::kGeneraliseDateToYear, "generalise_date_to_year"},
    {OperationKind::kGeneraliseRegion, "generalise_region"},
    {OperationKind::kGeneraliseAddress, "generalise_address_to_district"},
    {OperationKind::kGeneraliseDiagnosis, "generalise_diagnosis"},
    {OperationKind::kMaskText, "mask_text"},
    {OperationKind::kKeepFirstLast, "keep_first_last", kCharacters},
    {OperationKind::kToken, "token", {}, kDomain},
    {OperationKind::kPseudonym, "pseudonym", {}, kDomain},
    {OperationKind::kRowNumber, "row_number"},
    {OperationKind::kRedact, "redact"},
    {OperationKind::kDrop, "drop"},
}};

const Shape& shape_of(OperationKind kind) { return kShapes.at(static_cast<std::size_t>(kind)); }

/// The texts are in order, and so is the enumeration that indexes them.
constexpr bool shapes_in_order() {
    for (std::size_t i = 0; i < kShapes.size(); ++i) {
        if (static_cast<std::size_t>(kShapes[i].kind) != i) return false;
    }
    return true;
}
static_assert(shapes_in_order());

constexpr auto kKinds = [] {
    std::array<OperationKind, kShapes.size()> kinds{};
    for (std::size_t i = 0; i < kinds.size(); ++i) kinds[i] = kShapes[i].kind;
    return kinds;
}();

bool is_word(std::string_view text) {
    constexpr std::size_t kBytesMax = 64;
    return !text.empty() && text.size() <= kBytesMax &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
           });
}

/// "3,4" into `operation`. Other spellings of a number, and what does not fit the operation, are
/// found by printing the result again.
bool read_parameters(Operation& operation, std::string_view inner) {
    const Shape& shape = shape_of(operation.kind);
    std::size_t next = 0;
    while (!inner.empty()) {
        const std::string_view part = inner.substr(0, inner.find(','));
        inner.remove_prefix(std::min(inner.size(), part.size() + 1));
        if (next < shape.numbers.size()) {
            std::int64_t& value = operation.*shape.numbers[next++].value;
            const auto [end, error] =
                std::from_chars(part.data(), part.data() + part.size(), value);
            if (error != std::errc() || end != part.data() + part.size()) return false;
        } else {
            if (!shape.text || !is_word(part) || !inner.empty()) return false;
            operation.*shape.text->value = part;
        }
    }
    return true;
}

/// Unit: 10^-6. At most 10^18.
std::int64_t millionths(std::int64_t number, std::int64_t decimals) {
    for (; decimals < kDecimalsMax; ++decimals) number *= 10;
    return number;
}

/// How far apart the results of rounding are. Unit: 10^-6.
std::optional<std::int64_t> width(const Operation& operation) {
    if (operation.kind != OperationKind::kRoundNumber &&
        operation.kind != OperationKind::kAgeBand) {
        return std::nullopt;
    }
    return millionths(operation.step, operation.decimals);
}

}  // namespace

std::string_view operation_code(OperationKind kind) { return shape_of(kind).code; }

std::optional<OperationKind> parse_operation_kind(std::string_view code) {
    for (const Shape& shape : kShapes) {
        if (shape.code == code) return shape.kind;
    }
    return std::nullopt;
}

std::span<const OperationKind> operation_kinds() { return kKinds; }

std::span<const NumberParameter> number_parameters(OperationKind kind) {
    return shape_of(kind).numbers;
}

std::optional<TextParameter> text_parameter(OperationKind kind) { return shape_of(kind).text; }

bool is_well_formed(const Operation& operation) {
    Operation same = Operation::of(operation.kind);
    const Shape& shape = shape_of(operation.kind);
    for (const NumberParameter& parameter : shape.numbers) {
        const std::int64_t value = operation.*parameter.value;
        if (value < parameter.min || value > parameter.max) return false;
        same.*parameter.value = value;
    }
    if (shape.text) {
        const std::string& value = operation.*shape.text->value;
        if (!is_utf8(value)) return false;
        same.*shape.text->value = value;
    }
    return same == operation && operation.low <= operation.high;
}

std::string operation_text(const Operation& operation) {
    const Shape& shape = shape_of(operation.kind);
    const Operation plain = Operation::of(operation.kind);
    std::string inner;
    for (const NumberParameter& parameter : shape.numbers) {
        const std::int64_t value = operation.*parameter.value;
        if (parameter.may_omit && value == plain.*parameter.value) continue;
        inner += (inner.empty() ? "" : ",") + std::to_string(value);
    }
    if (shape.text && !(operation.*shape.text->value).empty()) {
        inner += (inner.empty() ? "" : ",") + operation.*shape.text->value;
    }
    return std::string(shape.code) + (inner.empty() ? "" : "(" + inner + ")");
}

Operation example_of(OperationKind kind) {
    switch (kind) {
        case OperationKind::kBoundNumber: return Operation::bound(0, 100);
        case OperationKind::kRoundNumber: return Operation::round(100);
        case OperationKind::kAgeBand: return Operation::age_band(5);
        case OperationKind::kShiftDate: return Operation::shift_date(30);
        case OperationKind::kKeepFirstLast: return Operation::keep(1, 0);
        default: return Operation::of(kind);
    }
}

std::optional<Operation> parse_operation(std::string_view text) {
    if (text.size() > kOperationTextMax) return std::nullopt;
    const std::size_t open = text.find('(');
    const auto kind = parse_operation_kind(text.substr(0, open));
    if (!kind) return std::nullopt;
    Operation operation = Operation::of(*kind);
    if (open != std::string_view::npos) {
        if (!text.ends_with(')') ||
            !read_parameters(operation, text.substr(open + 1, text.size() - open - 2))) {
            return std::nullopt;
        }
    }
    if (!is_well_formed(operation) || operation_text(operation) != text) return std::nullopt;
    return operation;
}

bool is_coarser(const Operation& before, const Operation& after) {
    const auto width_before = width(before);
    const auto width_after = width(after);
    if (width_before && width_after) {
        const bool is_multiple = *width_after % *width_before == 0;
        return is_multiple && after.kind >= before.kind &&
               (*width_after > *width_before || after.kind > before.kind);
    }
    if (before.kind != after.kind) {
        const bool was_all = before.kind == OperationKind::kPass;
        const bool is_nothing = after.kind >= OperationKind::kRowNumber;
        if (was_all || is_nothing) return after.kind > before.kind;
        return before.kind == OperationKind::kGeneraliseDateToMonth &&
               after.kind == OperationKind::kGeneraliseDateToYear;
    }
    if (before.kind == OperationKind::kKeepFirstLast) {
        return after.first <= before.first && after.last <= before.last && after != before;
    }
    if (before.kind == OperationKind::kBoundNumber) {
        const auto low = [](const Operation& one) { return millionths(one.low, one.decimals); };
        const auto high = [](const Operation& one) { return millionths(one.high, one.decimals); };
        return low(after) >= low(before) && high(after) <= high(before) &&
               (low(after) > low(before) || high(after) < high(before));
    }
    return false;
}

}  // namespace pdx::privacy
