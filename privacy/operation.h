#pragma once
/// What may happen to a value on its way out, with its parameters, and the short form in which
/// people ask for it, sources rule on it and contracts state it: pass, redact, pseudonym(uscc),
/// keep_first_last(3,4), round_number(1000), round_number(1,2), age_band(5). One text per
/// operation.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace pdx::privacy {

/// From least to most strict.
enum class OperationKind : std::uint8_t {
    kPass,
    kBoundNumber,            ///< below low becomes low, above high becomes high
    kRoundNumber,            ///< down to a multiple of step * 10^-decimals
    kAgeBand,                ///< 37 -> 35-39; from 90 on 90+
    kShiftDate,              ///< by a keyed number of days, the same for all dates of one person
    kGeneraliseDateToMonth,  ///< 2026-03
    kGeneraliseDateToYear,   ///< 2026
    kGeneraliseRegion,       ///< 320211 -> 3202
    kGeneraliseAddress,      ///< up to the district
    kGeneraliseDiagnosis,    ///< an ICD-10 code becomes its chapter: J45.901 -> J00-J99
    kMaskText,               ///< what is found inside a text gives way to its kind, see free_text.h
    kKeepFirstLast,          ///< characters in the middle become '*'
    kToken,                  ///< a number becomes one that is never issued, see number_token.h
    kPseudonym,              ///< keyed per contract and domain, see transform.h
    kRowNumber,              ///< the place of the row in the output: 1, 2, ...
    kRedact,                 ///< "***"
    kDrop,                   ///< the column is not in the output
};

/// Shape: snake_case, for example "keep_first_last". Reaches policies and contracts: do not rename.
std::string_view operation_code(OperationKind kind);
std::optional<OperationKind> parse_operation_kind(std::string_view code);

/// An operation with the parameters that its kind has; the others stay at their defaults.
struct Operation {
    OperationKind kind = OperationKind::kDrop;
    std::int64_t first = 0;     ///< Unit: characters
    std::int64_t last = 0;      ///< Unit: characters
    std::int64_t step = 1;      ///< Unit: 10^-decimals; years of an age band
    std::int64_t low = 0;       ///< Unit: 10^-decimals
    std::int64_t high = 0;      ///< Unit: 10^-decimals
    std::int64_t decimals = 0;  ///< 0 to 6
    std::int64_t days = 0;      ///< a date moves by 1 to so many, either way
    /// Columns of one domain share pseudonyms and tokens within the contract; empty: the field
    /// alone.
    std::string domain{};
    /// The column that says whose date it is; empty: all dates of the column move alike.
    std::string subject{};
    bool operator==(const Operation&) const = default;

    static Operation of(OperationKind kind) { return {.kind = kind}; }
    static Operation pass() { return of(OperationKind::kPass); }
    static Operation drop() { return of(OperationKind::kDrop); }
    static Operation redact() { return of(OperationKind::kRedact); }
    static Operation keep(std::int64_t first, std::int64_t last) {
        return {.kind = OperationKind::kKeepFirstLast, .first = first, .last = last};
    }
    static Operation round(std::int64_t step, std::int64_t decimals = 0) {
        return {.kind = OperationKind::kRoundNumber, .step = step, .decimals = decimals};
    }
    static Operation bound(std::int64_t low, std::int64_t high, std::int64_t decimals = 0) {
        return {
            .kind = OperationKind::kBoundNumber, .low = low, .high = high, .decimals = decimals};
    }
    static Operation age_band(std::int64_t years) {
        return {.kind = OperationKind::kAgeBand, .step = years};
    }
    static Operation shift_date(std::int64_t days, std::string subject = {}) {
        return {.kind = OperationKind::kShiftDate, .days = days, .subject = std::move(subject)};
    }
    static Operation token(std::string domain = {}) {
        return {.kind = OperationKind::kToken, .domain = std::move(domain)};
    }
    static Operation pseudonym(std::string domain = {}) {
        return {.kind = OperationKind::kPseudonym, .domain = std::move(domain)};
    }
};

struct NumberParameter {
    std::string_view name;  ///< as in the policy's text
    std::int64_t Operation::*value;
    std::int64_t min;
    std::int64_t max;
    bool may_omit = false;  ///< the short form leaves it out where it has its default
};
struct TextParameter {
    std::string_view name;
    std::string Operation::*value;  ///< UTF-8, may be empty
};

/// All of them, from least to most strict.
std::span<const OperationKind> operation_kinds();
/// What a kind has, in the order of the short form.
std::span<const NumberParameter> number_parameters(OperationKind kind);
std::optional<TextParameter> text_parameter(OperationKind kind);

/// Every parameter is in its range, and none belongs to another kind: two texts never mean one
/// operation.
bool is_well_formed(const Operation& operation);

/// Whether `after` tells less than `before`, and nothing that `before` does not: of the same kind
/// with multiples of the step, fewer characters or narrower bounds; the year after the month; a
/// band of ages after rounding; whatever comes after `pass`, and a row number, "***" or nothing
/// after whatever it was. A pseudonym after a shortened value tells which values are equal.
/// Requires: both are well-formed.
bool is_coarser(const Operation& before, const Operation& after);

/// Unit: bytes of the short form; the width of application_field.operation.
inline constexpr std::size_t kOperationTextMax = 200;

std::string operation_text(const Operation& operation);
/// One of the kind, to show how it is written: age_band(5). Ensures: it is well-formed.
Operation example_of(OperationKind kind);
/// A text parameter of the short form is 1 to 64 of a-z, 0-9 and "_".
/// Ensures: operation_text(result) == text.
std::optional<Operation> parse_operation(std::string_view text);

}  // namespace pdx::privacy
