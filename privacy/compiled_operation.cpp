#include "privacy/compiled_operation.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <optional>

#include "base/ascii.h"
#include "base/check.h"
#include "base/crypto.h"
#include "privacy/decimal.h"
#include "privacy/detect.h"
#include "privacy/person_key.h"
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
void append_base32(TextBuffer& out, const Digest& digest) {
    constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
    constexpr std::size_t kCharacters = 26;
    constexpr std::size_t kOfWord = 8;  // of five bytes
    std::array<char, 4 * kOfWord> text{};
    for (std::size_t word = 0; word * kOfWord < kCharacters; ++word) {
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < 5; ++i) bits = bits << 8U | digest.value[word * 5 + i];
        for (std::size_t i = 0; i < kOfWord; ++i) {
            text[word * kOfWord + i] = kAlphabet[bits >> (35U - 5U * i) & 31U];
        }
    }
    out.append(std::string_view(text.data(), kCharacters));
}

/// A decimal number as digits and scale: 12.50 is 1250 with two decimals.
struct Decimal {
    std::int64_t units = 0;
    std::int64_t decimals = 0;
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

std::optional<std::int64_t> scaled(std::int64_t value, std::int64_t by_decimals) {
    for (std::int64_t i = 0; i < by_decimals; ++i) {
        if (value > INT64_MAX / 10 || value < INT64_MIN / 10) return std::nullopt;
        value *= 10;
    }
    return value;
}

/// Source: WHO ICD-10, volume 1, the chapters by their first and last category.
constexpr std::array<std::string_view, 22> kDiagnosisChapters{
    "A00-B99", "C00-D48", "D50-D89", "E00-E90", "F00-F99", "G00-G99", "H00-H59", "H60-H95",
    "I00-I99", "J00-J99", "K00-K93", "L00-L99", "M00-M99", "N00-N99", "O00-O99", "P00-P96",
    "Q00-Q99", "R00-R99", "S00-T98", "U00-U99", "V01-Y98", "Z00-Z99"};

std::string_view diagnosis_chapter(std::string_view value) {
    if (value.size() < 3 || value[0] < 'A' || value[0] > 'Z' || !all_digits(value.substr(1, 2))) {
        return {};
    }
    const std::string_view category = value.substr(0, 3);
    const auto* const chapter = std::find_if(
        kDiagnosisChapters.begin(), kDiagnosisChapters.end(), [category](std::string_view one) {
            return category >= one.substr(0, 3) && category <= one.substr(4);
        });
    return chapter == kDiagnosisChapters.end() ? std::string_view() : *chapter;
}

std::string_view without_spaces(std::string_view value) {
    while (value.starts_with(' ')) value.remove_prefix(1);
    while (value.ends_with(' ')) value.remove_suffix(1);
    return value;
}

/// Whose values share a key: those of one field, or of all fields that name the same domain.
std::string scope_of(const PlannedColumn& planned, std::string_view what,
                     const std::string& shared) {
    return shared.empty() ? "field:" + planned.column.name : std::string(what) + ":" + shared;
}

void append_two_digits(TextBuffer& out, unsigned number) {
    out.append(number < 10 ? "-0" : "-");
    out.append(std::to_string(number));
}

}  // namespace

Secret contract_key(ByteView root_key, std::string_view contract_id) {
    return derive_key(root_key, "pdx/privacy/contract/v1:" + std::string(contract_id));
}

bool looks_like_pseudonym(std::string_view text) {
    return text.size() == 28 && text.starts_with("p_") &&
           std::all_of(text.begin() + 2, text.end(),
                       [](char c) { return is_lower(c) || (c >= '2' && c <= '7'); });
}

std::string_view one_spelling(std::string_view value, std::string& buffer) {
    if (is_plain_identifier(value)) return value;
    buffer = normalise_identifier(value);
    return buffer.empty() ? value : std::string_view(buffer);
}

NumberToken number_token_of(const PlannedColumn& planned, ByteView key_of_contract,
                            Cryptography cryptography) {
    const Operation& operation = planned.operation;
    PDX_CHECK(operation.kind == OperationKind::kToken && has_number_token(planned.column.kind));
    const Secret key = derive_key(
        key_of_contract, "pdx/privacy/token/v1:" + scope_of(planned, "domain", operation.domain));
    const bool commercial = cryptography == Cryptography::kCommercial;
    return {planned.column.kind, key.view(), commercial ? BlockCipher::kSm4 : BlockCipher::kAes};
}

Secret release_key(ByteView root_key, std::string_view resource_id, std::string_view subject) {
    return derive_key(root_key, "pdx/privacy/release/v1:" + std::string(resource_id) + ":" +
                                    std::string(subject));
}

CompiledOperation::CompiledOperation(const PlannedColumn& planned, ByteView key_of_contract,
                                     Cryptography cryptography, const PatternSet* patterns)
    : operation_(planned.operation) {
    PDX_CHECK(operation_.kind != OperationKind::kDrop);
    const bool direct = planned.column.sensitivity == Sensitivity::kDirectIdentifier;
    // Of a short identifier, keeping what was asked for would keep nearly all of it.
    if (direct && planned.column.kind != Kind::kPersonName) hidden_min_ = 4;
    if (operation_.kind == OperationKind::kMaskText) text_masker_.emplace(patterns);
    std::string purpose;
    switch (operation_.kind) {
        case OperationKind::kPseudonym:
            purpose = "field/v1:" + scope_of(planned, "domain", operation_.domain);
            break;
        case OperationKind::kToken:
            token_.emplace(number_token_of(planned, key_of_contract, cryptography));
            return;
        case OperationKind::kShiftDate:
            // All dates of one person move alike, so that the days between them stay.
            purpose = "shift/v1:" + scope_of(planned, "subject", operation_.subject);
            break;
        default: return;
    }
    const Secret key = derive_key(key_of_contract, "pdx/privacy/" + purpose);
    if (cryptography == Cryptography::kCommercial) {
        key_.emplace<HmacSm3>(key.view());
    } else {
        key_.emplace<HmacSha256>(key.view());
    }
}

std::string_view CompiledOperation::apply(std::string_view value, Outcome& outcome,
                                          std::string_view subject) {
    if (operation_.kind == OperationKind::kPass) {
        outcome = value.empty() ? Outcome::kEmpty : Outcome::kPassed;
        return value;
    }
    out_.clear();
    outcome = append(value, subject, out_);
    return out_.view();
}

void CompiledOperation::apply(Values values, Values subjects, ColumnBatch& out,
                              OutcomeCounts& counts) {
    PDX_CHECK(values.size() == subjects.size());
    const auto count = [&counts](Outcome one) { ++counts.at(static_cast<std::size_t>(one)); };
    out.clear();
    if (token_) return make_tokens(values, out, counts);
    if (operation_.kind == OperationKind::kPass) {
        for (const std::string_view value : values) {
            count(value.empty() ? Outcome::kEmpty : Outcome::kPassed);
            out.add(value);
        }
        return;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        count(append(values[i], subjects[i], out.open()));
        out.close();
    }
}

/// Appends what becomes of the value; nothing where it cannot be read. Requires: not kPass.
Outcome CompiledOperation::append(std::string_view value, std::string_view subject,
                                  TextBuffer& out) {
    if (operation_.kind == OperationKind::kRowNumber) return Outcome::kMasked;  // the masker knows
    value = without_spaces(value);
    if (value.empty()) return Outcome::kEmpty;
    const std::size_t begin = out.size();
    switch (operation_.kind) {
        case OperationKind::kMaskText: return mask_text(value, out);
        case OperationKind::kRoundNumber: round_number(value, out); break;
        case OperationKind::kBoundNumber: bound_number(value, out); break;
        case OperationKind::kAgeBand: make_age_band(value, out); break;
        case OperationKind::kShiftDate: shift_date(value, subject, out); break;
        case OperationKind::kGeneraliseDiagnosis: out.append(diagnosis_chapter(value)); break;
        case OperationKind::kGeneraliseDateToMonth:
        case OperationKind::kGeneraliseDateToYear: generalise_date(value, out); break;
        case OperationKind::kGeneraliseRegion:
            if (value.size() >= 6 && value.size() <= 12 && all_digits(value)) {
                out.append(value.substr(0, 4));
            }
            break;
        case OperationKind::kGeneraliseAddress: out.append(address_district(value)); break;
        case OperationKind::kKeepFirstLast: keep_first_last(value, out); break;
        case OperationKind::kPseudonym: make_pseudonym(value, out); break;
        case OperationKind::kToken: make_token(value, out); break;
        case OperationKind::kRedact: out.append("***"); break;
        case OperationKind::kPass:
        case OperationKind::kRowNumber:
        case OperationKind::kDrop: break;
    }
    return out.size() == begin ? Outcome::kUnreadable : Outcome::kMasked;
}

/// A text in which nothing was found leaves as it came, and is counted so.
Outcome CompiledOperation::mask_text(std::string_view value, TextBuffer& out) {
    const std::string_view masked = text_masker_->mask(value, text_counts_);
    out.append(masked);
    return masked.data() == value.data() ? Outcome::kPassed : Outcome::kMasked;
}

void CompiledOperation::keep_first_last(std::string_view value, TextBuffer& out) const {
    const auto begins_character = [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
    };
    const std::size_t length =
        is_ascii(value)
            ? value.size()
            : static_cast<std::size_t>(std::count_if(value.begin(), value.end(), begins_character));
    const auto kept = static_cast<std::size_t>(operation_.first + operation_.last);
    if (length < kept + hidden_min_) {
        out.append(length, '*');
        return;
    }
    auto head = static_cast<std::size_t>(operation_.first);
    auto tail = value.size() - static_cast<std::size_t>(operation_.last);
    if (length != value.size()) {  // characters of several bytes
        head = 0;
        for (std::int64_t i = 0; i < operation_.first; ++i) {
            do {
                ++head;
            } while (head < value.size() && !begins_character(value[head]));
        }
        tail = value.size();
        for (std::int64_t i = 0; i < operation_.last; ++i) {
            do {
                --tail;
            } while (!begins_character(value[tail]));
        }
    }
    const std::size_t hidden = length - kept;
    char* const to = out.extend(head + hidden + (value.size() - tail));
    copy_short(to, value.data(), head);
    std::memset(to + head, '*', hidden);
    copy_short(to + head + hidden, value.data() + tail, value.size() - tail);
}

void CompiledOperation::round_number(std::string_view value, TextBuffer& out) const {
    const auto decimal = parse_decimal(value);
    if (!decimal) return;
    const std::int64_t decimals = std::max(decimal->decimals, operation_.decimals);
    const auto number = scaled(decimal->units, decimals - decimal->decimals);
    const auto step = scaled(operation_.step, decimals - operation_.decimals);
    if (!number || !step) return;
    std::int64_t remainder = *number % *step;
    if (remainder < 0) remainder += *step;
    if (*number < INT64_MIN + remainder) return;
    std::int64_t rounded = *number - remainder;
    for (std::int64_t i = operation_.decimals; i < decimals; ++i) rounded /= 10;
    print_decimal(rounded, out);
}

void CompiledOperation::bound_number(std::string_view value, TextBuffer& out) const {
    const auto decimal = parse_decimal(value);
    if (!decimal) return;
    const std::int64_t decimals = std::max(decimal->decimals, operation_.decimals);
    const auto number = scaled(decimal->units, decimals - decimal->decimals);
    const auto low = scaled(operation_.low, decimals - operation_.decimals);
    const auto high = scaled(operation_.high, decimals - operation_.decimals);
    if (!number || !low || !high) return;
    if (*number < *low) {
        print_decimal(operation_.low, out);
    } else if (*number > *high) {
        print_decimal(operation_.high, out);
    } else {
        out.append(value);
    }
}

/// Unit: 10^-operation_.decimals.
void CompiledOperation::print_decimal(std::int64_t units, TextBuffer& out) const {
    out.append(decimal_text(units, static_cast<std::uint32_t>(operation_.decimals)));
}

/// From 90 on ages are rare enough to name a person.
void CompiledOperation::make_age_band(std::string_view value, TextBuffer& out) const {
    constexpr std::int64_t kOldest = 90;
    const auto age = parse_decimal(value);
    if (!age || age->decimals != 0 || age->units < 0 || age->units > 150) return;
    const std::int64_t begin = age->units - age->units % operation_.step;
    const std::int64_t end = begin + operation_.step - 1;
    if (age->units >= kOldest || end >= kOldest) {
        out.append(std::to_string(std::min(begin, kOldest)) + "+");
    } else {
        out.append(std::to_string(begin) + "-" + std::to_string(end));
    }
}

void CompiledOperation::shift_date(std::string_view value, std::string_view subject,
                                   TextBuffer& out) {
    const auto day = parse_day(value);
    std::string spelling;
    const std::string_view person = person_of(subject, spelling);
    if (!day || (person.empty() && !operation_.subject.empty())) return;
    const Digest mac = keyed(person);
    std::uint64_t bits = 0;
    std::memcpy(&bits, mac.value.data(), sizeof bits);
    // 1 to `days` either way: a date that did not move would be the date.
    const std::uint64_t step = bits % (2 * static_cast<std::uint64_t>(operation_.days));
    const auto move = static_cast<std::int64_t>(step / 2) + 1;
    using std::chrono::sys_days;
    const sys_days from{std::chrono::year{day->year} / day->month / day->day};
    const std::chrono::year_month_day to{from + std::chrono::days{step % 2 == 0 ? move : -move}};
    out.append(std::to_string(static_cast<int>(to.year())));
    append_two_digits(out, static_cast<unsigned>(to.month()));
    append_two_digits(out, static_cast<unsigned>(to.day()));
}

/// Also takes 2026, 202603 and 2026-03, which say less than a day.
void CompiledOperation::generalise_date(std::string_view value, TextBuffer& out) const {
    const bool month = operation_.kind == OperationKind::kGeneraliseDateToMonth;
    if (const auto day = parse_day(value)) {
        out.append(std::to_string(day->year));
        if (month) append_two_digits(out, static_cast<unsigned>(day->month));
        return;
    }
    std::string digits(value);
    if (digits.size() == 7 && digits[4] == '-') digits.erase(4, 1);
    if (!all_digits(digits) || (digits.size() != 4 && digits.size() != 6)) return;
    const std::string as_day = digits + (digits.size() == 4 ? "0101" : "01");
    if (!parse_day(as_day)) return;
    out.append(digits.substr(0, 4));
    if (month && digits.size() == 6) out.append("-" + digits.substr(4));
}

Digest CompiledOperation::keyed(std::string_view message) {
    if (auto* const sha256 = std::get_if<HmacSha256>(&key_)) return sha256->of(as_bytes(message));
    auto* const sm3 = std::get_if<HmacSm3>(&key_);
    PDX_CHECK(sm3 != nullptr);
    return sm3->of(as_bytes(message));
}

void CompiledOperation::make_pseudonym(std::string_view value, TextBuffer& out) {
    std::string normal;
    out.append("p_");
    append_base32(out, keyed(one_spelling(value, normal)));
}

void CompiledOperation::make_token(std::string_view value, TextBuffer& out) {
    std::string normal;
    if (const auto token = token_->encode(one_spelling(value, normal))) out.append(*token);
}

/// Side by side: one number alone waits for each of its ten rounds.
void CompiledOperation::make_tokens(Values values, ColumnBatch& out, OutcomeCounts& counts) {
    plain_.clear();
    normal_.clear();
    std::string buffer;
    for (const std::string_view value : values) {
        const std::string_view plain = one_spelling(without_spaces(value), buffer);
        plain_.push_back(plain.data() == buffer.data() ? normal_.keep(plain) : plain);
    }
    token_->encode(plain_, out);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Outcome one = plain_[i].empty() ? Outcome::kEmpty
                            : out[i].empty()  ? Outcome::kUnreadable
                                              : Outcome::kMasked;
        ++counts.at(static_cast<std::size_t>(one));
    }
}

}  // namespace pdx::privacy
