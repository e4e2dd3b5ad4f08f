#include "privacy/column_profiler.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/ascii.h"
#include "privacy/checksum.h"
#include "privacy/confidence.h"
#include "privacy/degrees.h"
#include "privacy/detect.h"
#include "privacy/person_words.h"
#include "privacy/scanner.h"

namespace pdx::privacy {
namespace {

constexpr std::uint64_t kAllValues = 10'000;  // basis points
constexpr std::size_t kDistinctMax = 2'048;
constexpr std::size_t kFewMax = 60;
/// The fewest digits that a spreadsheet cuts.
constexpr std::size_t kLongRun = 16;
constexpr std::size_t kLongTextBytes = 60;  // twenty Han characters

/// How far 18 characters are an identity number, whatever the check digit is: the base against
/// which right check digits are counted. A document number made of region, day and serial passes
/// the check digit in 9 % of cases, a resident ID in all.
enum class IdShape { kNone, kProvince, kProvinceAndDay };

IdShape id_shape_of(std::string_view value) {
    if (value.size() == 20) value.remove_suffix(2);  // a disability card
    if (value.size() != 18 || !all_digits(value.substr(0, 17))) return IdShape::kNone;
    if (value[0] == '0' || value[0] == '9') return IdShape::kNone;  // no province; credit codes
    // Valid numbers with the region and the day, and with the region alone.
    std::string number(value.substr(0, 14));
    number += "000";
    const auto holds = [&number] {
        number += resident_id_check_digit(number).value();
        return is_valid_resident_id(number);
    };
    if (holds()) return IdShape::kProvinceAndDay;
    number.resize(6);
    number += "20000101000";
    return holds() ? IdShape::kProvince : IdShape::kNone;
}

/// 3.20211E+17: sixteen to nineteen digits as a spreadsheet shows them.
bool is_scientific(std::string_view value) {
    constexpr std::size_t kTail = 4;
    if (value.size() <= kTail || value[value.size() - 3] != '+') return false;
    const std::size_t e = value.size() - kTail;
    if (to_upper(value[e]) != 'E') return false;
    const std::string_view head = value.substr(0, e);
    if (!is_digit(head[0]) || (head.size() > 1 && head[1] != '.')) return false;
    if (head.size() > 2 && !all_digits(head.substr(2))) return false;
    const std::string_view exponent = value.substr(e + 2);
    if (!all_digits(exponent)) return false;
    return decimal_value(exponent) >= 15 && decimal_value(exponent) <= 18;
}

/// A spreadsheet keeps fifteen digits of a number.
bool is_truncated(std::string_view value) {
    constexpr std::size_t kKept = 15;
    return value.size() > kKept && value.size() <= 19 && all_digits(value) && value[0] != '0' &&
           value.find_first_not_of('0', kKept) == std::string_view::npos;
}

bool has_wide_octet(std::string_view address) {
    while (!address.empty()) {
        const std::size_t dot = std::min(address.find('.'), address.size());
        if (dot >= 3) return true;
        address.remove_prefix(std::min(dot + 1, address.size()));
    }
    return false;
}

/// Whether an identifier of a person can be inside: an e-mail address, anything in full width, a
/// plate (a letter and two digits) or a number, of which mobile numbers are the shortest.
bool may_hold_identifier(std::string_view value) {
    std::size_t digits = 0;
    std::size_t letters = 0;
    for (const char c : value) {
        if (c == '@' || c == '\xEF') return true;
        digits += is_digit(c) ? 1U : 0U;
        letters += is_letter(c) ? 1U : 0U;
    }
    return digits >= 11 || (letters > 0 && digits >= 2);
}

}  // namespace

ColumnProfiler::ColumnProfiler(std::string name, DeclaredColumn declared,
                               const PatternSet* patterns)
    : name_(std::move(name)),
      declared_(std::move(declared)),
      header_(header_evidence(name_, declared_.label)),
      patterns_(patterns),
      pattern_hits_(patterns == nullptr ? 0 : patterns->size(), 0),
      hits_(kKindCount, 0) {}

void ColumnProfiler::add(std::string_view value, std::uint64_t row) {
    value = trimmed(value);
    if (is_missing_word(value)) return;
    ++values_;
    std::string buffer;
    const std::string_view run = run_of(value, buffer);
    const KindSet kinds = count_kinds(value, run);
    count_shape(value);
    count_serial(value, row);
    if (is_scientific(value)) ++scientific_;
    if (run.size() >= kLongRun && std::all_of(run.begin(), run.end(), is_alnum))
        count_long_run(run, kinds.has(Kind::kResidentId));
}

KindSet ColumnProfiler::count_kinds(std::string_view value, std::string_view run) {
    const KindSet kinds = detect_value(value, run);
    kinds.for_each([this](Kind kind) { ++hits_[static_cast<std::size_t>(kind)]; });
    if (const auto word = kind_of_person_word(value)) ++hits_[static_cast<std::size_t>(*word)];
    if (kinds.has(Kind::kIpAddress) && has_wide_octet(value)) ++wide_octets_;
    const bool whole = kinds.has(Kind::kMeasure) || kinds.has(Kind::kUscc) ||
                       kinds.has(Kind::kMobile) || kinds.has(Kind::kEmail) ||
                       kinds.has(Kind::kResidentId) || kinds.has(Kind::kPlate);
    if (patterns_ != nullptr && count_pattern(value)) return kinds;
    if (!whole && may_hold_identifier(value) && find_identifier(value)) ++embedded_;
    return kinds;
}

/// True when it is one of the patterns, or none of it is.
bool ColumnProfiler::count_pattern(std::string_view value) {
    if (const auto which = patterns_->match(value)) {
        ++pattern_hits_[*which];
        return true;
    }
    std::vector<Finding> inside;
    patterns_->find(value, inside);
    if (!inside.empty()) ++embedded_;
    return !inside.empty();
}

void ColumnProfiler::count_shape(std::string_view value) {
    size_min_ = std::min(size_min_, value.size());
    size_max_ = std::max(size_max_, value.size());
    if (value.size() >= kLongTextBytes) ++long_texts_;
    if (value.find('.') != std::string_view::npos) ++decimals_;
    if (degrees_of(value) != Degrees::kNone) ++coordinates_;
    if (distinct_.size() < kDistinctMax) {
        distinct_.insert(std::hash<std::string_view>{}(value));
        ++distinct_rows_;
    }
}

/// Differences are taken modulo 2^64: only whether they are equal is asked.
void ColumnProfiler::count_serial(std::string_view value, std::uint64_t row) {
    constexpr std::size_t kDigitsMax = 18;
    if (value.size() > kDigitsMax || !all_digits(value)) return;
    std::uint64_t number = 0;
    for (const char digit : value) number = number * 10 + static_cast<std::uint64_t>(digit - '0');
    const bool first = ascending_ == 0;
    if (first || number - row == last_difference_) ++counting_;
    if (first || number > last_number_) ++ascending_;
    last_difference_ = number - row;
    last_number_ = number;
}

void ColumnProfiler::count_long_run(std::string_view run, bool is_id) {
    if (run.size() == 18) ++eighteens_;
    const IdShape shape = is_id ? IdShape::kProvinceAndDay : id_shape_of(run);
    if (shape != IdShape::kNone) ++id_numbers_;
    if (shape == IdShape::kProvinceAndDay) ++id_shaped_;
    if (is_truncated(run)) {
        ++truncated_;
        if (shape == IdShape::kProvinceAndDay) ++truncated_ids_;
    }
}

std::int32_t ColumnProfiler::share(std::uint64_t count) const {
    return values_ == 0 ? 0 : static_cast<std::int32_t>(count * kAllValues / values_);
}

std::int32_t ColumnProfiler::share_low(std::uint64_t count) const {
    return values_ == 0 ? 0 : wilson_interval(count, values_).low;
}

/// Three in ten values differ from all others seen; names and numbers of persons do.
bool ColumnProfiler::is_distinct() const { return distinct_.size() * 10 >= distinct_rows_ * 3; }

bool ColumnProfiler::is_few() const {
    return values_ >= 20 && distinct_.size() <= kFewMax && distinct_.size() * 4 <= distinct_rows_ &&
           long_texts_ == 0;
}

/// Eight in ten: hands mistype one value in twenty, and some values are of another layout.
bool ColumnProfiler::is_mostly(std::uint64_t count) const { return share(count) >= 8'000; }

bool ColumnProfiler::is_key_of_organisations() const {
    constexpr std::uint64_t kRowsMin = 20;
    const std::uint64_t codes = hits(Kind::kUscc) + hits(Kind::kOrgCode);
    return values_ >= kRowsMin && hits(Kind::kSoleTraderCode) == 0 && is_mostly(codes) &&
           distinct_.size() * 20 >= distinct_rows_ * 19;
}

}  // namespace pdx::privacy
