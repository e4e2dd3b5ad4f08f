#include "privacy/guard.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "base/error.h"
#include "privacy/checksum.h"

namespace pdx::privacy {
namespace {

/// Digits, also in groups, also negative, and the X of a resident ID.
bool is_numeric(std::string_view text) {
    if (text.back() == 'X') text.remove_suffix(1);
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || c == '-' || c == ' '; });
}

std::string normalise_number(std::string_view text) {
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
                 [](char c) { return c != '-' && c != ' '; });
    return digits;
}

/// Amounts follow Benford's law, so 17 % of those with 11 digits begin with 13 to 19; a column of
/// real numbers has 90 % and more.
constexpr std::uint64_t kMobilePercent = 35;
/// Serial numbers of one series share their prefix, so only the Luhn digit is left: 10 %.
constexpr std::uint64_t kCardPercent = 20;
/// Numbers made of region, day and serial: the check digit holds in 9 %.
constexpr std::uint64_t kResidentIdPercent = 20;

/// Whether `hits` of `shaped` are more than chance gives, by the bound of Hoeffding (1963)
/// P <= exp(-2 n (h/n - p)^2) with P = 1e-6, in integers: 2 (100 h - P n)^2 > 13.8 * 100^2 n.
bool is_excess(std::uint64_t hits, std::uint64_t shaped, std::uint64_t chance_percent) {
    __extension__ using Wide = unsigned __int128;
    if (100 * Wide{hits} <= chance_percent * Wide{shaped}) return false;
    const Wide above = 100 * Wide{hits} - chance_percent * Wide{shaped};
    return 2 * above * above > 138'000 * Wide{shaped};
}

bool is_numeric_kind(Kind kind) {
    switch (kind) {
        case Kind::kAmount:
        case Kind::kMeasure:
        case Kind::kCode:
        case Kind::kSerialNumber:
        case Kind::kDate:
        case Kind::kCoordinate:
        case Kind::kUscc:
        case Kind::kOrgCode:
        case Kind::kPersonalFinance: return true;
        default: return false;
    }
}

/// The province and the day hold, of a card for foreigners the day; the check digit is what is
/// being measured.
bool completes_to_resident_id(std::string_view digits) {
    const auto check = mod11_2_check_digit(digits.substr(0, 17));
    if (!check) return false;
    const std::string whole = std::string(digits.substr(0, 17)) + *check;
    return is_valid_resident_id(whole) || is_valid_foreign_resident_id(whole);
}

/// Lengths of which chance makes too many to stop at one. Any other number goes to the scanner.
bool is_tallied(std::size_t digits) { return digits == 11 || (digits >= 16 && digits <= 19); }

}  // namespace

OutputGuard::OutputGuard(const std::vector<PlannedColumn>& columns, const PatternSet* patterns)
    : patterns_(patterns) {
    for (const PlannedColumn& planned : columns) {
        Column column;
        column.name = planned.column.name;
        column.statistical = is_numeric_kind(planned.column.kind) &&
                             planned.column.sensitivity != Sensitivity::kDirectIdentifier;
        column.local = planned.column.kind == Kind::kLocalNumber &&
                       planned.column.sensitivity <= Sensitivity::kQuasiIdentifier;
        columns_.push_back(std::move(column));
    }
}

void OutputGuard::check(std::size_t index, const ColumnBatch& values, std::uint64_t first) {
    Column& column = columns_[index];
    if (patterns_ != nullptr && !column.local) {
        findings_.clear();
        patterns_->find(values.text(), findings_);
        if (!findings_.empty()) {
            const std::size_t i = values.index_of(findings_.front().begin);
            stop(column.name, Kind::kLocalNumber, first + i);
        }
    }
    const ColumnBatch* texts = &values;
    if (column.statistical) {
        texts_.clear();
        records_.clear();
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (counts(column, values[i], first + i)) continue;
            texts_.add(values[i]);
            records_.push_back(first + i);
        }
        texts = &texts_;
    }
    findings_.clear();
    scan(texts->text(), findings_);
    for (const Finding& finding : findings_) {
        if (!is_personal(finding.kind)) continue;
        const std::size_t i = texts->index_of(finding.begin);
        stop(column.name, finding.kind, column.statistical ? records_[i] : first + i);
    }
}

/// Whether the value is a number that may be there by chance; it is counted then. Between spaces
/// there may be several.
bool OutputGuard::counts(Column& column, std::string_view value, std::uint64_t record) {
    if (value.size() < 11 || value.size() > 24 || !is_numeric(value)) return false;
    if (value.find(' ') != std::string_view::npos) return false;
    const bool grouped = value.find('-') != std::string_view::npos;
    if (grouped) normalised_ = normalise_number(value);
    const std::string_view number = grouped ? std::string_view(normalised_) : value;
    if (!is_tallied(number.size())) return false;
    tally(column, number, record);
    return true;
}

void OutputGuard::tally(Column& column, std::string_view value, std::uint64_t record) {
    // Round amounts are no telephone numbers and must not count as evidence either way.
    if (value.size() == 11 && !value.ends_with("000")) {
        ++column.mobile.shaped;
        if (is_valid_mobile(value)) {
            ++column.mobile.hits;
            if (is_excess(column.mobile.hits, column.mobile.shaped, kMobilePercent)) {
                stop(column.name, Kind::kMobile, record);
            }
        }
    } else if (value.size() == 18 && completes_to_resident_id(value)) {
        ++column.resident_id.shaped;
        if (is_valid_resident_id(value) || is_valid_foreign_resident_id(value)) {
            ++column.resident_id.hits;
            if (is_excess(column.resident_id.hits, column.resident_id.shaped, kResidentIdPercent)) {
                stop(column.name, Kind::kResidentId, record);
            }
        }
    }
    if (value.size() == 18 && value.starts_with("92") && is_valid_uscc(value)) {
        stop(column.name, Kind::kSoleTraderCode, record);
    }
    if (value.size() >= 16 && value.size() <= 19) {
        ++column.card.shaped;
        if (is_valid_bank_card(value)) {
            ++column.card.hits;
            if (is_excess(column.card.hits, column.card.shaped, kCardPercent)) {
                stop(column.name, Kind::kBankCard, record);
            }
        }
    }
}

void OutputGuard::stop(const std::string& column, Kind kind, std::uint64_t record) {
    ErrorDetail detail;
    detail.pointer = "record " + std::to_string(record) + ", column " + column;
    detail.rule = std::string(kind_code(kind));
    throw conflict(
        "delivery.personal_data_in_output",
        {"Column " + column + " would deliver personal data (" + std::string(kind_code(kind)) +
             ") in record " + std::to_string(record) + "; nothing is delivered.",
         "列 " + column + " 的第 " + std::to_string(record) + " 条记录含个人信息（" +
             std::string(kind_code(kind)) + "），已停止交付。"},
        std::move(detail));
}

}  // namespace pdx::privacy
