#include "privacy/classify.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "base/ascii.h"
#include "base/check.h"
#include "privacy/checksum.h"
#include "privacy/detect.h"
#include "privacy/scanner.h"

namespace pdx::privacy {
namespace {

constexpr std::int32_t kAll = 10'000;  // basis points
constexpr std::size_t kDistinctMax = 2'048;
constexpr std::size_t kFewMax = 60;
constexpr std::size_t kLongTextBytes = 60;  // twenty Han characters
constexpr std::uint64_t kFirstRows = 2'000;

/// Source: Steele, Lea and Flood 2014 (SplitMix64), as a keyed choice of records.
std::uint64_t mix(std::uint64_t value) {
    value += 0x9E3779B97F4A7C15ULL;
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31U);
}

/// 17 digits whose province and day hold, whatever the check digit: the base against which the
/// share of right check digits is measured. A document number made of region, day and serial
/// passes the check digit in 9 % of cases, a resident ID in all.
bool is_id_shaped(std::string_view value) {
    if (value.size() != 18 || !std::all_of(value.begin(), value.begin() + 17, is_digit)) {
        return false;
    }
    const auto check = resident_id_check_digit(value.substr(0, 17));
    std::string repaired(value.substr(0, 17));
    repaired += check.value_or('0');
    return is_valid_resident_id(repaired);
}

/// Four or more decimals, in the range of China's longitudes or latitudes.
bool is_coordinate(std::string_view value) {
    const std::size_t dot = value.find('.');
    if (dot == std::string_view::npos || dot < 2 || dot > 3 || value.size() - dot < 5) return false;
    int whole = 0;
    for (const char c : value.substr(0, dot)) {
        if (!is_digit(c)) return false;
        whole = whole * 10 + (c - '0');
    }
    return (whole >= 73 && whole <= 135) || (whole >= 18 && whole <= 53);
}

/// A kind that is recognised from values, and the share of hits from which a column without a
/// helpful header is of that kind. Shares lie far above the random acceptance of each check.
struct IdentifierRule {
    Kind kind;
    std::int32_t share_min;
};

constexpr std::array<IdentifierRule, 14> kIdentifierRules{{
    {Kind::kEmail, 1},
    {Kind::kPlate, 100},
    {Kind::kStudentRoll, 1},
    {Kind::kMacAddress, 100},
    {Kind::kForeignResidentId, 100},
    {Kind::kBankCard, 3'000},
    {Kind::kMobile, 6'000},
    {Kind::kLandline, 5'000},
    {Kind::kIpAddress, 5'000},
    {Kind::kVin, 5'000},
    {Kind::kResidentId15, 5'000},
    {Kind::kImei, 6'000},
    {Kind::kUscc, 5'000},
    {Kind::kOrgCode, 6'000},
}};

bool is_about_things(Kind kind) { return kind >= Kind::kDate && kind <= Kind::kDescription; }

}  // namespace

Text describe(const Evidence& evidence) {
    const std::string share = std::to_string(evidence.share_basis_points / 100) + " %";
    const auto is = [&evidence](std::string_view code) { return evidence.code == code; };
    if (is("header_name")) return {"The column's name says so.", "列名表明。"};
    if (is("value_format")) {
        return {share + " of the values have the format and check digit.",
                share + " 的值符合格式与校验位。"};
    }
    if (is("value_words")) return {share + " of the values read so.", share + " 的值用词相符。"};
    if (is("value_numbers"))
        return {share + " of the values are numbers.", share + " 的值为数字。"};
    if (is("value_dates")) return {share + " of the values are dates.", share + " 的值为日期。"};
    if (is("value_few")) return {"Few distinct values.", "取值种类很少。"};
    if (is("value_embedded")) {
        return {"Values contain identifiers of persons inside text.", "文本中夹带个人标识。"};
    }
    if (is("sole_trader_code")) {
        return {"Codes of sole traders (92...) identify a person.",
                "个体工商户代码（92 开头）可识别个人。"};
    }
    if (is("no_values")) return {"No values to look at.", "没有可供判断的值。"};
    if (is("header_contradicted")) {
        return {"The values do not fit the column's name.", "值与列名不符。"};
    }
    if (is("declared_stricter")) {
        return {"The field dictionary declares a stricter class.", "数据字典声明了更严格的类别。"};
    }
    return {"Neither name nor values decide.", "列名与值均无法判定。"};
}

ColumnProfiler::ColumnProfiler(std::string name, DeclaredColumn declared)
    : name_(std::move(name)),
      declared_(std::move(declared)),
      header_(header_evidence(name_, declared_.label)),
      hits_(kKindCount, 0) {}

void ColumnProfiler::add(std::string_view value) {
    if (value.find_first_not_of(" \t") == std::string_view::npos) return;
    ++values_;
    const KindSet kinds = detect_value(value);
    for (std::size_t i = 0; i < kKindCount; ++i) {
        if (kinds.has(static_cast<Kind>(i))) ++hits_[i];
    }
    if (is_id_shaped(normalise_identifier(value))) ++id_shaped_;
    count_shape(value);
    const bool whole = kinds.has(Kind::kMeasure) || kinds.has(Kind::kUscc) ||
                       kinds.has(Kind::kMobile) || kinds.has(Kind::kEmail) ||
                       kinds.has(Kind::kResidentId) || kinds.has(Kind::kPlate);
    if (!whole && find_identifier(value)) ++embedded_;
}

void ColumnProfiler::count_shape(std::string_view value) {
    size_min_ = std::min(size_min_, value.size());
    size_max_ = std::max(size_max_, value.size());
    if (value.size() >= kLongTextBytes) ++long_texts_;
    if (value.find('.') != std::string_view::npos) ++decimals_;
    if (is_coordinate(value)) ++coordinates_;
    if (value == "男" || value == "女" || value == "男性" || value == "女性") ++sexes_;
    if (distinct_.size() < kDistinctMax) {
        distinct_.insert(std::hash<std::string_view>{}(value));
        ++distinct_rows_;
    }
}

std::int32_t ColumnProfiler::share(std::uint64_t count) const {
    return values_ == 0 ? 0 : static_cast<std::int32_t>(count * kAll / values_);
}

/// Three in ten values differ from all others seen; names and numbers of persons do.
bool ColumnProfiler::is_distinct() const { return distinct_.size() * 10 >= distinct_rows_ * 3; }

bool ColumnProfiler::is_few() const {
    return values_ >= 20 && distinct_.size() <= kFewMax && distinct_.size() * 4 <= distinct_rows_ &&
           long_texts_ == 0;
}

ColumnClass ColumnProfiler::result(Kind kind, std::int32_t confidence, Evidence evidence) const {
    ColumnClass column;
    column.name = name_;
    column.kind = kind;
    column.sensitivity = default_sensitivity(kind);
    column.confidence_basis_points = confidence;
    column.sampled = values_;
    if (header_ && header_->kind == kind) {
        if (evidence.code != "header_name") column.evidence.push_back({"header_name", 0});
    } else if (header_) {
        column.runner_up = header_->kind;
    }
    column.evidence.push_back(std::move(evidence));
    return column;
}

std::optional<ColumnClass> ColumnProfiler::by_identifier() const {
    const std::uint64_t ids = hits(Kind::kResidentId);
    // Half of the id-shaped numbers must have the right check digit; by chance it is 1 in 11.
    if (ids > 0 && ids * 2 >= id_shaped_) {
        return result(Kind::kResidentId, 9'900, {"value_format", share(ids)});
    }
    if (const std::uint64_t count = hits(Kind::kSoleTraderCode); count > 0) {
        // Beside other codes one is enough; alone, chance (1 in 341) must be excluded.
        if (hits(Kind::kUscc) > 0 || share(count) >= 100) {
            return result(Kind::kSoleTraderCode, 9'900, {"sole_trader_code", share(count)});
        }
    }
    for (const IdentifierRule& rule : kIdentifierRules) {
        const std::uint64_t count = hits(rule.kind);
        const bool named = header_ && header_->kind == rule.kind;
        // A text column with telephone numbers in one value of twenty is a column of numbers, too.
        const bool in_text = rule.kind == Kind::kMobile && share(count) >= 500 &&
                             share(hits(Kind::kMeasure)) < 2 * share(count);
        if (count > 0 && (named || in_text || share(count) >= rule.share_min)) {
            const std::int32_t confidence =
                share(count) >= 5'000 ? (named ? 9'900 : 9'700) : (named ? 8'000 : 7'500);
            return result(rule.kind, confidence, {"value_format", share(count)});
        }
    }
    return std::nullopt;
}

std::optional<ColumnClass> ColumnProfiler::by_words() const {
    const std::int32_t names = share(hits(Kind::kPersonName));
    const std::int32_t organisations = share(hits(Kind::kOrganisationName));
    const std::int32_t addresses = share(hits(Kind::kAddress));
    const bool generic = !header_ || header_->strength == HeaderStrength::kGeneric;
    const Kind named = header_ ? header_->kind : Kind::kUnknown;
    if (named == Kind::kPersonName && !generic) {
        return result(Kind::kPersonName, names >= 5'000 ? 9'900 : 8'000, {"value_words", names});
    }
    const bool header_of_things = named == Kind::kObjectName || named == Kind::kOrganisationName;
    if (values_ >= 5 && is_distinct() && names >= (header_of_things ? 8'000 : 8'500) &&
        (generic || header_of_things)) {
        return result(Kind::kPersonName, 8'500, {"value_words", names});
    }
    if (header_of_things && is_distinct() && names >= 3'000) {
        ColumnClass mixed = result(named, 7'000, {"value_words", names});
        mixed.sensitivity = Sensitivity::kQuasiIdentifier;
        mixed.runner_up = Kind::kPersonName;
        return mixed;
    }
    if (named == Kind::kHomeAddress) {
        return result(Kind::kHomeAddress, addresses >= 5'000 ? 9'900 : 8'000,
                      {"value_words", addresses});
    }
    const bool text_header = generic || header_of_things || named == Kind::kAddress;
    if (text_header && organisations >= 6'000) {
        return result(Kind::kOrganisationName, 9'000, {"value_words", organisations});
    }
    if ((generic || named == Kind::kAddress) && addresses >= 5'000) {
        return result(Kind::kAddress, 9'000, {"value_words", addresses});
    }
    return std::nullopt;
}

/// Whether the values can be what the header says, for kinds that are about things.
bool ColumnProfiler::header_fits(Kind kind) const {
    const std::int32_t numbers = share(hits(Kind::kMeasure));
    const std::int32_t dates = share(hits(Kind::kDate));
    switch (kind) {
        case Kind::kAmount:
        case Kind::kMeasure: return numbers >= 5'000 || is_few();
        case Kind::kDate: return dates + numbers >= 5'000;
        case Kind::kCategory:
        case Kind::kFlag:
        case Kind::kRegion: return is_few() || long_texts_ * 2 < values_;
        case Kind::kCode: return long_texts_ * 2 < values_;
        default: return true;
    }
}

std::optional<ColumnClass> ColumnProfiler::by_header() const {
    if (!header_) return std::nullopt;
    const Kind kind = header_->kind;
    if (kind == Kind::kFreeText && is_few()) {
        return result(Kind::kDescription, 8'000, {"value_few", kAll});
    }
    // "name" with values that are no names of persons is the name of a thing.
    if (kind == Kind::kPersonName && header_->strength == HeaderStrength::kGeneric) {
        if (share(hits(Kind::kPersonName)) >= 2'000) {
            return result(kind, 7'500, {"header_name", 0});
        }
        return result(Kind::kObjectName, 6'500, {"value_words", 0});
    }
    if (is_about_things(kind) && !header_fits(kind)) {
        return result(Kind::kUnknown, 0, {"header_contradicted", 0});
    }
    const bool generic = header_->strength == HeaderStrength::kGeneric;
    return result(kind, generic ? 6'500 : 8'500, {"header_name", 0});
}

std::optional<ColumnClass> ColumnProfiler::by_shape() const {
    const std::int32_t numbers = share(hits(Kind::kMeasure));
    const std::int32_t dates = share(hits(Kind::kDate));
    if (share(sexes_) >= 9'500) return result(Kind::kSex, 9'000, {"value_words", share(sexes_)});
    if (share(coordinates_) >= 9'500) {
        return result(Kind::kCoordinate, 8'000, {"value_numbers", numbers});
    }
    if (dates >= 9'000) {
        // A date without a name may be a birthday.
        ColumnClass column = result(Kind::kDate, 6'500, {"value_dates", dates});
        column.sensitivity = Sensitivity::kQuasiIdentifier;
        return column;
    }
    const bool serial = size_min_ == size_max_ && size_max_ >= 6 && is_distinct();
    if (numbers >= 9'500 && !serial && (decimals_ > 0 || size_max_ <= 10)) {
        return result(Kind::kMeasure, 7'500, {"value_numbers", numbers});
    }
    if (long_texts_ * 10 >= values_ * 3) {
        return result(Kind::kFreeText, 7'500, {"value_words", share(long_texts_)});
    }
    if (is_few()) return result(Kind::kCategory, 7'000, {"value_few", kAll});
    return std::nullopt;
}

ColumnClass ColumnProfiler::undeclared() const {
    if (values_ == 0) {
        if (!header_) return result(Kind::kUnknown, 0, {"no_values", 0});
        return result(header_->kind, 6'000, {"no_values", 0});
    }
    auto decided = by_identifier();
    // A header that names an identifier is obeyed even where the values do not show it.
    const bool header_is_direct =
        header_ && header_->strength == HeaderStrength::kSpecific &&
        default_sensitivity(header_->kind) == Sensitivity::kDirectIdentifier;
    const bool decided_is_direct =
        decided && decided->sensitivity == Sensitivity::kDirectIdentifier;
    if (header_is_direct && !decided_is_direct && header_->kind != Kind::kPersonName &&
        header_->kind != Kind::kHomeAddress) {
        return result(header_->kind, 7'500, {"header_name", 0});
    }
    if (!decided) decided = by_words();
    if (!decided && embedded_ > 0) {
        decided = result(Kind::kFreeText, 9'000, {"value_embedded", share(embedded_)});
    }
    if (!decided) decided = by_header();
    if (!decided) decided = by_shape();
    if (!decided) return result(Kind::kUnknown, 0, {"undecided", 0});
    return *decided;
}

ColumnClass ColumnProfiler::classify() const {
    ColumnClass column = undeclared();
    // A mask does not make a column harmless: free text around identifiers stays free text.
    if (embedded_ > 0 && column.sensitivity < Sensitivity::kFreeText) {
        column.sensitivity = Sensitivity::kFreeText;
        column.evidence.push_back({"value_embedded", share(embedded_)});
    }
    const auto declared = declared_.declared;
    if (!declared || *declared == Sensitivity::kUnknown) return column;
    // A declaration resolves what is unknown only where it asks for the strictest treatment.
    const bool resolves = column.sensitivity == Sensitivity::kUnknown
                              ? *declared >= Sensitivity::kSensitive
                              : *declared > column.sensitivity;
    if (resolves) {
        column.sensitivity = *declared;
        column.evidence.push_back({"declared_stricter", 0});
    }
    return column;
}

TableProfiler::TableProfiler(std::span<const std::string_view> header,
                             std::span<const DeclaredColumn> declared, std::uint64_t seed)
    : seed_(seed) {
    PDX_CHECK(declared.empty() || declared.size() == header.size());
    for (std::size_t i = 0; i < header.size(); ++i) {
        if (find_identifier(header[i])) {
            ErrorDetail detail;
            detail.pointer = "header, column " + std::to_string(i + 1);
            throw invalid("csv.header_is_data",
                          {"The first line must hold the names of the columns; column " +
                               std::to_string(i + 1) + " holds personal data.",
                           "首行应为列名；第 " + std::to_string(i + 1) + " 列为个人数据。"},
                          std::move(detail));
        }
        columns_.emplace_back(std::string(header[i]),
                              declared.empty() ? DeclaredColumn{} : declared[i]);
    }
}

void TableProfiler::add(std::span<const std::string_view> fields) {
    PDX_CHECK(fields.size() == columns_.size());
    const std::uint64_t row = rows_++;
    // The share halves every time another 2,000 records are expected to have been taken.
    std::uint64_t reach = kFirstRows * 2;
    std::uint64_t mask = 0;
    while (row >= reach && mask < (std::uint64_t{1} << 40U)) {
        mask = mask * 2 + 1;
        reach *= 2;
    }
    if (row >= kFirstRows && (mix(seed_ ^ row) & mask) != 0) return;
    ++sampled_;
    for (std::size_t i = 0; i < fields.size(); ++i) columns_[i].add(fields[i]);
}

std::vector<ColumnClass> TableProfiler::classify() const {
    std::vector<ColumnClass> classes;
    classes.reserve(columns_.size());
    for (const ColumnProfiler& column : columns_) classes.push_back(column.classify());
    return classes;
}

}  // namespace pdx::privacy
