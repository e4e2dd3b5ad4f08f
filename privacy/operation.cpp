#include "privacy/operation.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/ascii.h"
#include "base/check.h"
#include "base/crypto.h"
#include "privacy/detect.h"
#include "privacy/words.h"

namespace pdx::privacy {
namespace {

/// Digits and capitals only: normalise_identifier() would leave it as it is.
bool is_plain_identifier(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return is_digit(c) || (c >= 'A' && c <= 'Z'); });
}

/// Lower case without 0, 1, 8 and 9 (RFC 4648 base 32), 26 characters of 5 bits: no check digit,
/// no length and no character class of any identifier, so that the scanner never takes it for one.
void append_base32(std::string& out, const Digest& digest) {
    constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
    constexpr std::size_t kCharacters = 26;
    std::uint32_t bits = 0;
    unsigned count = 0;
    std::size_t next = 0;
    for (std::size_t i = 0; i < kCharacters; ++i) {
        if (count < 5) {
            bits = (bits << 8U) | digest.value.at(next++);
            count += 8;
        }
        count -= 5;
        out += kAlphabet[(bits >> count) & 31U];
    }
}

/// A decimal number as digits and scale: 12.50 is 1250 with two decimals.
struct Decimal {
    std::int64_t units = 0;
    std::uint32_t decimals = 0;
};

std::optional<Decimal> parse_decimal(std::string_view text) {
    Decimal decimal;
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    bool point = false;
    std::size_t digits = 0;
    for (const char c : text) {
        if (c == '.' && !point && digits > 0) {
            point = true;
            continue;
        }
        if (!is_digit(c) || ++digits > 15) return std::nullopt;
        decimal.units = decimal.units * 10 + (c - '0');
        if (point) ++decimal.decimals;
    }
    if (digits == 0) return std::nullopt;
    if (negative) decimal.units = -decimal.units;
    return decimal;
}

std::optional<std::int64_t> scaled(std::int64_t value, std::uint32_t by_decimals) {
    for (std::uint32_t i = 0; i < by_decimals; ++i) {
        if (value > INT64_MAX / 10 || value < INT64_MIN / 10) return std::nullopt;
        value *= 10;
    }
    return value;
}

}  // namespace

Secret contract_key(ByteView root_key, std::string_view contract_id) {
    return derive_key(root_key, "pdx/privacy/contract/v1:" + std::string(contract_id));
}

CompiledOperation::CompiledOperation(const PlannedColumn& planned, ByteView key_of_contract)
    : operation_(planned.operation) {
    PDX_CHECK(operation_.kind != OperationKind::kDrop);
    const bool direct = planned.column.sensitivity == Sensitivity::kDirectIdentifier;
    // Of a short identifier, keeping what was asked for would keep nearly all of it.
    if (direct && planned.column.kind != Kind::kPersonName) hidden_min_ = 4;
    if (operation_.kind == OperationKind::kPseudonym) {
        const std::string domain = operation_.domain.empty() ? "field:" + planned.column.name
                                                             : "domain:" + operation_.domain;
        key_.emplace(derive_key(key_of_contract, "pdx/privacy/field/v1:" + domain).view());
    }
}

std::string_view CompiledOperation::apply(std::string_view value, Outcome& outcome) {
    if (operation_.kind == OperationKind::kPass) {
        outcome = value.empty() ? Outcome::kEmpty : Outcome::kPassed;
        return value;
    }
    out_.clear();
    while (value.starts_with(' ')) value.remove_prefix(1);
    while (value.ends_with(' ')) value.remove_suffix(1);
    if (value.empty()) {
        outcome = Outcome::kEmpty;
        return out_;
    }
    switch (operation_.kind) {
        case OperationKind::kRoundNumber: round_number(value); break;
        case OperationKind::kGeneraliseDateToMonth:
        case OperationKind::kGeneraliseDateToYear: generalise_date(value); break;
        case OperationKind::kGeneraliseRegion:
            if (value.size() >= 6 && value.size() <= 12 && all_digits(value)) {
                out_ = value.substr(0, 4);
            }
            break;
        case OperationKind::kGeneraliseAddress: out_ = address_district(value); break;
        case OperationKind::kKeepFirstLast: keep_first_last(value); break;
        case OperationKind::kPseudonym: make_pseudonym(value); break;
        default: out_ = "***";
    }
    outcome = out_.empty() ? Outcome::kUnreadable : Outcome::kMasked;
    return out_;
}

void CompiledOperation::keep_first_last(std::string_view value) {
    const auto begins_character = [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
    };
    const auto length =
        static_cast<std::size_t>(std::count_if(value.begin(), value.end(), begins_character));
    const std::size_t kept = std::size_t{operation_.first} + operation_.last;
    if (length < kept + hidden_min_) {
        out_.assign(length, '*');
        return;
    }
    std::size_t head = 0;
    for (std::size_t i = 0; i < operation_.first; ++i) {
        do {
            ++head;
        } while (head < value.size() && !begins_character(value[head]));
    }
    std::size_t tail = value.size();
    for (std::size_t i = 0; i < operation_.last; ++i) {
        do {
            --tail;
        } while (!begins_character(value[tail]));
    }
    out_ = value.substr(0, head);
    out_.append(length - kept, '*');
    out_ += value.substr(tail);
}

void CompiledOperation::round_number(std::string_view value) {
    const auto decimal = parse_decimal(value);
    if (!decimal) return;
    const std::uint32_t decimals = std::max(decimal->decimals, operation_.decimals);
    const auto number = scaled(decimal->units, decimals - decimal->decimals);
    const auto step = scaled(operation_.step, decimals - operation_.decimals);
    if (!number || !step) return;
    std::int64_t remainder = *number % *step;
    if (remainder < 0) remainder += *step;
    if (*number < INT64_MIN + remainder) return;
    std::int64_t rounded = *number - remainder;
    for (std::uint32_t i = operation_.decimals; i < decimals; ++i) rounded /= 10;
    out_ = std::to_string(rounded < 0 ? -rounded : rounded);
    if (operation_.decimals > 0) {
        while (out_.size() <= operation_.decimals) out_.insert(0, 1, '0');
        out_.insert(out_.size() - operation_.decimals, 1, '.');
    }
    if (rounded < 0) out_.insert(0, 1, '-');
}

/// Also takes 2026, 202603 and 2026-03, which say less than a day.
void CompiledOperation::generalise_date(std::string_view value) {
    const bool month = operation_.kind == OperationKind::kGeneraliseDateToMonth;
    const auto day = parse_day(value);
    if (day) {
        out_ = std::to_string(day->year);
        if (month) {
            out_ += day->month < 10 ? "-0" : "-";
            out_ += std::to_string(day->month);
        }
        return;
    }
    std::string digits(value);
    if (digits.size() == 7 && digits[4] == '-') digits.erase(4, 1);
    if (!all_digits(digits) || (digits.size() != 4 && digits.size() != 6)) return;
    const std::string as_day = digits + (digits.size() == 4 ? "0101" : "01");
    if (!parse_day(as_day)) return;
    out_ = digits.substr(0, 4);
    if (month && digits.size() == 6) out_ += "-" + digits.substr(4);
}

/// The spellings of one number (spaces, dashes, full-width digits, lower-case x) share a pseudonym.
void CompiledOperation::make_pseudonym(std::string_view value) {
    std::string normal;
    if (!is_plain_identifier(value)) normal = normalise_identifier(value);
    const std::string_view message = normal.empty() ? value : std::string_view(normal);
    out_ = "p_";
    PDX_CHECK(key_.has_value());
    append_base32(out_, key_->of(as_bytes(message)));
}

}  // namespace pdx::privacy
