/// What the counts of a column say. Each rule answers or leaves the column to the next one.
#include <algorithm>
#include <array>
#include <utility>

#include "privacy/column_profiler.h"
#include "privacy/confidence.h"
#include "privacy/identifier_rules.h"

namespace pdx::privacy {
namespace {

constexpr std::int32_t kWholeColumn = 10'000;  // basis points
/// Unit: values that a header counts for; see ColumnClass::confidence_basis_points.
constexpr std::uint64_t kSpecificPrior = 20;
constexpr std::uint64_t kVaguePrior = 4;

bool is_about_things(Kind kind) { return kind >= Kind::kDate && kind <= Kind::kDescription; }

bool is_judged_by_values(Kind kind) {
    return kind <= Kind::kMacAddress ||
           std::any_of(kIdentifierRules.begin(), kIdentifierRules.end(),
                       [kind](const IdentifierRule& rule) { return rule.kind == kind; });
}

}  // namespace

bool ColumnProfiler::header_is_vague() const {
    return !header_ || header_->strength == HeaderStrength::kGeneric;
}

bool ColumnProfiler::header_is_of_quantities() const {
    return header_names(Kind::kAmount) || header_names(Kind::kMeasure) ||
           header_names(Kind::kPersonalFinance) || header_names(Kind::kCoordinate);
}

ColumnProfiler::Agreement ColumnProfiler::agreement(Kind kind) const {
    switch (kind) {
        case Kind::kHomeAddress: return {hits(Kind::kAddress), values_};
        case Kind::kBirthDate:
        case Kind::kMovement:
        case Kind::kDate: return {std::max(hits(Kind::kDate), hits(Kind::kMeasure)), values_};
        case Kind::kAmount:
        case Kind::kMeasure:
        case Kind::kAge:
        case Kind::kPersonalFinance: return {hits(Kind::kMeasure), values_};
        case Kind::kCoordinate: return {coordinates_, values_};
        case Kind::kFreeText: return {long_texts_, values_};
        case Kind::kSoleTraderCode:
            return {hits(Kind::kUscc) + hits(Kind::kSoleTraderCode), values_};
        case Kind::kPassport:
        case Kind::kTravelPermit:
        case Kind::kStudentRoll:  // also numbers of a school, which have no format
            return hits(kind) > 0 ? Agreement{hits(kind), values_} : Agreement{};
        default:
            if (is_judged_by_values(kind) || hits(kind) > 0) return {hits(kind), values_};
            return {};
    }
}

ColumnClass ColumnProfiler::result(Kind kind, Agreement agreement, Evidence evidence) const {
    ColumnClass column;
    column.name = name_;
    column.kind = kind;
    column.sensitivity = default_sensitivity(kind);
    column.sampled = values_;
    if (header_names(kind)) {
        const std::uint64_t prior = header_is_vague() ? kVaguePrior : kSpecificPrior;
        agreement.hits += prior;
        agreement.total += prior;
        if (evidence.code != "header_name") column.evidence.push_back({"header_name", 0});
    } else if (header_) {
        if (!header_is_vague()) agreement.total += kSpecificPrior;
        column.runner_up = header_->kind;
    }
    column.evidence.push_back(std::move(evidence));
    if (kind != Kind::kUnknown) {
        const ShareInterval interval = wilson_interval(agreement.hits, agreement.total);
        column.confidence_basis_points = interval.low;
        column.confidence_high_basis_points = interval.high;
    }
    return column;
}

ColumnClass ColumnProfiler::result(Kind kind, Evidence evidence) const {
    return result(kind, agreement(kind), std::move(evidence));
}

bool ColumnProfiler::is_damaged() const {
    constexpr std::uint64_t kValuesMin = 3;
    return values_ >= kValuesMin && !header_is_of_quantities() &&
           std::max(share(scientific_), share(truncated_)) >= 5'000;
}

/// A spreadsheet that takes an identity or card number for a quantity keeps fifteen digits, and
/// shows six of them. Region and day of an identity number survive in fifteen digits, its check
/// digit does not; of a card nothing does, nor does a number in scientific notation say whose.
std::optional<ColumnClass> ColumnProfiler::by_damage() const {
    if (!is_damaged()) return std::nullopt;
    if (truncated_ids_ * 2 >= values_) {
        return result(Kind::kResidentId, {truncated_ids_, values_},
                      {"spreadsheet_damage", share(truncated_ids_)});
    }
    ColumnClass column =
        result(Kind::kUnknown, {"spreadsheet_damage", share(std::max(scientific_, truncated_))});
    if (!column.runner_up) {
        column.runner_up = scientific_ > truncated_ ? Kind::kResidentId : Kind::kBankCard;
    }
    return column;
}

bool ColumnProfiler::resident_ids_are_chance() const {
    return is_within_chance(hits(Kind::kResidentId), id_numbers_, kResidentIdChance);
}

std::optional<ColumnClass> ColumnProfiler::by_resident_id() const {
    // Half of the id-shaped numbers must have the right check digit; by chance it is 1 in 11. And
    // in a large column of serials one number in 12,000 that begin with a province is one by
    // chance.
    const std::uint64_t ids = hits(Kind::kResidentId);
    if (ids == 0 || ids * 2 < id_shaped_ || hits(Kind::kStudentRoll) > ids) return std::nullopt;
    if (!header_names(Kind::kResidentId) && resident_ids_are_chance()) return std::nullopt;
    return result(Kind::kResidentId, {"value_format", share(ids)});
}

std::optional<ColumnClass> ColumnProfiler::by_sole_trader() const {
    // Beside other codes one is enough, unless chance explains the codes or that one.
    const std::uint64_t count = hits(Kind::kSoleTraderCode);
    const bool codes = !is_within_chance(count + hits(Kind::kUscc), eighteens_, kUsccChance);
    if (count == 0 || (!codes && is_within_chance(count, eighteens_, kSoleTraderChance))) {
        return std::nullopt;
    }
    return result(Kind::kSoleTraderCode, {"sole_trader_code", share(count)});
}

/// A text column with telephone numbers in one value of twenty is a column of numbers, too; one of
/// numbers of which half look like mobile numbers is not. So it is the numbers that are judged.
bool ColumnProfiler::mobiles_are_told() const {
    constexpr std::uint64_t kFew = 3;
    const std::uint64_t count = hits(Kind::kMobile);
    const std::uint64_t numbers = std::max(count, hits(Kind::kMeasure));
    return share(count) >= 500 &&
           ((count >= kFew && count == numbers) || wilson_interval(count, numbers).low >= 7'500);
}

std::optional<ColumnClass> ColumnProfiler::by_identifier() const {
    if (auto column = by_resident_id()) return column;
    if (auto column = by_sole_trader()) return column;
    for (const IdentifierRule& rule : kIdentifierRules) {
        const std::uint64_t count = hits(rule.kind);
        if (count == 0) continue;
        // No part of a version number such as 2.13.0.4 comes near 100; in a column of addresses one
        // does in six of ten values or more.
        const bool versions = rule.kind == Kind::kIpAddress && wide_octets_ * 10 < count;
        const bool many = share(count) >= rule.share_min && share_low(count) > rule.chance;
        const bool told = rule.kind == Kind::kMobile ? mobiles_are_told() : many && !versions;
        if (header_names(rule.kind) || told) {
            return result(rule.kind, {"value_format", share(count)});
        }
    }
    return std::nullopt;
}

/// Words of persons speak louder than a header that names a thing, such as "type"; schooling alone
/// does not, since schools are of those kinds, too.
std::optional<ColumnClass> ColumnProfiler::by_person_words() const {
    constexpr std::array kKinds{Kind::kSex,       Kind::kEthnicity,  Kind::kBeliefOrStatus,
                                Kind::kDiagnosis, Kind::kHealthNote, Kind::kSchoolClass};
    const bool named_thing =
        !header_is_vague() && default_sensitivity(header_->kind) == Sensitivity::kNonPersonal;
    if (!header_is_vague() && !named_thing) return std::nullopt;
    for (const Kind kind : kKinds) {
        if (!is_mostly(hits(kind)) || share_low(hits(kind)) < 6'000) continue;
        if (kind == Kind::kSchoolClass && named_thing) continue;
        return result(kind, {"value_words", share(hits(kind))});
    }
    return std::nullopt;
}

std::optional<ColumnClass> ColumnProfiler::by_names() const {
    const std::uint64_t count = hits(Kind::kPersonName);
    const std::int32_t names = share(count);
    const Kind named = header_ ? header_->kind : Kind::kUnknown;
    if (named == Kind::kPersonName && !header_is_vague()) {
        return result(Kind::kPersonName, {"value_words", names});
    }
    const bool header_of_things = named == Kind::kObjectName || named == Kind::kOrganisationName;
    if (!is_distinct()) return std::nullopt;
    // A surname begins one word in five that is no name; rare surnames and endings such as 江 are
    // in one name of ten.
    const bool silent = header_is_vague() || header_of_things;
    const bool enough = values_ >= (silent ? 5 : 20) && names >= (header_of_things ? 8'000 : 8'500);
    if (enough || (header_is_vague() && share_low(count) >= 6'000)) {
        return result(Kind::kPersonName, {"value_words", names});
    }
    if (header_of_things && names >= 3'000) {
        ColumnClass mixed = result(named, {"value_words", names});
        mixed.sensitivity = Sensitivity::kQuasiIdentifier;
        mixed.runner_up = Kind::kPersonName;
        return mixed;
    }
    return std::nullopt;
}

std::optional<ColumnClass> ColumnProfiler::by_places() const {
    const std::int32_t organisations = share(hits(Kind::kOrganisationName));
    const std::int32_t addresses = share(hits(Kind::kAddress));
    const Kind named = header_ ? header_->kind : Kind::kUnknown;
    if (named == Kind::kHomeAddress) return result(named, {"value_words", addresses});
    const bool header_of_things = named == Kind::kObjectName || named == Kind::kOrganisationName;
    if ((header_is_vague() || header_of_things || named == Kind::kAddress) &&
        organisations >= 6'000) {
        return result(Kind::kOrganisationName, {"value_words", organisations});
    }
    if ((header_is_vague() || named == Kind::kAddress) && addresses >= 5'000) {
        return result(Kind::kAddress, {"value_words", addresses});
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

/// By the name, or by half of the values.
std::optional<ColumnClass> ColumnProfiler::by_pattern() const {
    if (patterns_ == nullptr) return std::nullopt;
    const auto named = patterns_->named_by(name_, declared_.label);
    const auto most = std::max_element(pattern_hits_.begin(), pattern_hits_.end());
    const auto index = named.value_or(static_cast<std::size_t>(most - pattern_hits_.begin()));
    const std::uint64_t count = pattern_hits_[index];
    if (!named && share(count) < 5'000) return std::nullopt;
    const LocalPattern& pattern = patterns_->at(index);
    const Agreement agreement = named ? Agreement{count + kSpecificPrior, values_ + kSpecificPrior}
                                      : Agreement{count, values_};
    ColumnClass column = result(Kind::kLocalNumber, agreement,
                                {"pattern:" + pattern.name, values_ == 0 ? 0 : share(count)});
    column.sensitivity = pattern.sensitivity;
    return column;
}

/// The rows counted, which says of two copies which rows are the same. Codes of things are counted
/// up, too, but seldom in step with the rows; years are, under a name of their own.
std::optional<ColumnClass> ColumnProfiler::by_serial() const {
    constexpr std::uint64_t kValuesMin = 20;
    constexpr std::size_t kYearDigits = 4;
    const bool named = header_names(Kind::kSerialNumber);
    if (named && is_mostly(ascending_)) {
        return result(Kind::kSerialNumber, {ascending_, values_},
                      {"value_serial", share(ascending_)});
    }
    const bool is_open = !header_ || (header_->kind == Kind::kCode && header_is_vague());
    const bool of_years = !header_ && size_min_ == kYearDigits && size_max_ == kYearDigits;
    if (named || !is_open || of_years || values_ < kValuesMin || !is_mostly(counting_)) {
        return std::nullopt;
    }
    return result(Kind::kSerialNumber, {counting_, values_}, {"value_serial", share(counting_)});
}

std::optional<ColumnClass> ColumnProfiler::by_header() const {
    if (!header_) return std::nullopt;
    const Kind kind = header_->kind;
    if (kind == Kind::kFreeText && is_few()) {
        return result(Kind::kDescription, {"value_few", kWholeColumn});
    }
    // A number of another series: of a device, of a file.
    if (kind == Kind::kSerialNumber) return result(Kind::kCode, {"header_name", 0});
    // "name" with values that are no names of persons is the name of a thing.
    if (kind == Kind::kPersonName && header_is_vague()) {
        if (share(hits(Kind::kPersonName)) >= 2'000) return result(kind, {"header_name", 0});
        return result(Kind::kObjectName, {"value_words", 0});
    }
    if (is_about_things(kind) && !header_fits(kind)) {
        return result(Kind::kUnknown, {"header_contradicted", 0});
    }
    return result(kind, {"header_name", 0});
}

std::optional<ColumnClass> ColumnProfiler::by_shape() const {
    const std::int32_t numbers = share(hits(Kind::kMeasure));
    const std::int32_t dates = share(hits(Kind::kDate));
    if (is_mostly(coordinates_)) return result(Kind::kCoordinate, {"value_numbers", numbers});
    if (is_mostly(hits(Kind::kDate))) {
        // A date without a name may be a birthday.
        ColumnClass column = result(Kind::kDate, {"value_dates", dates});
        column.sensitivity = Sensitivity::kQuasiIdentifier;
        return column;
    }
    const bool serial = size_min_ == size_max_ && size_max_ >= 6 && is_distinct();
    if (numbers >= 9'500 && !serial && (decimals_ > 0 || size_max_ <= 10)) {
        return result(Kind::kMeasure, {"value_numbers", numbers});
    }
    if (long_texts_ * 10 >= values_ * 3) {
        return result(Kind::kFreeText, {"value_words", share(long_texts_)});
    }
    if (!is_few()) return std::nullopt;
    // The same few people in many rows, or words that begin like surnames.
    const std::int32_t names = share(hits(Kind::kPersonName));
    if (names >= 8'000) {
        ColumnClass column = result(Kind::kUnknown, {"value_words", names});
        column.runner_up = Kind::kPersonName;
        return column;
    }
    return result(Kind::kCategory, {distinct_rows_ - distinct_.size(), distinct_rows_},
                  {"value_few", kWholeColumn});
}

ColumnClass ColumnProfiler::undeclared() const {
    if (values_ == 0) {
        if (auto local = by_pattern()) return *std::move(local);
        return result(header_ ? header_->kind : Kind::kUnknown, {"no_values", 0});
    }
    auto decided = by_identifier();
    if (!decided || decided->sensitivity != Sensitivity::kDirectIdentifier) {
        if (auto local = by_pattern()) return *std::move(local);
    }
    // A header that names an identifier is obeyed even where the values do not show it.
    const bool header_is_direct =
        header_ && !header_is_vague() &&
        default_sensitivity(header_->kind) == Sensitivity::kDirectIdentifier;
    const bool decided_is_direct =
        decided && decided->sensitivity == Sensitivity::kDirectIdentifier;
    if (header_is_direct && !decided_is_direct && header_->kind != Kind::kPersonName &&
        header_->kind != Kind::kHomeAddress) {
        return result(header_->kind, {"header_name", 0});
    }
    if (!decided) decided = by_person_words();
    if (!decided) decided = by_names();
    if (!decided) decided = by_places();
    if (!decided) decided = by_damage();
    if (!decided && embedded_ > 0) {
        decided = result(Kind::kFreeText, {"value_embedded", share(embedded_)});
    }
    if (!decided) decided = by_serial();
    if (!decided) decided = by_header();
    if (!decided) decided = by_shape();
    if (!decided) return result(Kind::kUnknown, {"undecided", 0});
    return *decided;
}

ColumnClass ColumnProfiler::classify() const {
    ColumnClass column = undeclared();
    column.refused = refusals(column.kind);
    if (is_damaged() && column.evidence.back().code != "spreadsheet_damage") {
        column.evidence.push_back({"spreadsheet_damage", share(std::max(scientific_, truncated_))});
    }
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

}  // namespace pdx::privacy
