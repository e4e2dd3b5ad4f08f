#include "marketplace/app/column_class.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/check.h"
#include "privacy/detector.h"

namespace pdx::app {
namespace {

using nlohmann::json;

privacy::Kind kind_of(const std::string& code) {
    const auto kind = privacy::parse_kind(code);
    PDX_CHECK(kind.has_value());
    return *kind;
}

}  // namespace

std::optional<domain::FieldClass> field_class(privacy::Sensitivity sensitivity) {
    switch (sensitivity) {
        case privacy::Sensitivity::kNonPersonal: return domain::FieldClass::kPlain;
        case privacy::Sensitivity::kConfidential: return domain::FieldClass::kBusiness;
        case privacy::Sensitivity::kQuasiIdentifier: return domain::FieldClass::kQuasiIdentifier;
        case privacy::Sensitivity::kFreeText:
        case privacy::Sensitivity::kSensitive: return domain::FieldClass::kSensitive;
        case privacy::Sensitivity::kDirectIdentifier: return domain::FieldClass::kDirectIdentifier;
        case privacy::Sensitivity::kUnknown: return std::nullopt;
    }
    fail_check("unknown sensitivity", __FILE__, __LINE__);
}

std::optional<privacy::Sensitivity> declared_sensitivity(const std::string& declared_class) {
    const auto declared = domain::parse<domain::FieldClass>(declared_class);
    if (!declared) return std::nullopt;
    switch (*declared) {
        case domain::FieldClass::kPlain: return privacy::Sensitivity::kNonPersonal;
        case domain::FieldClass::kBusiness: return privacy::Sensitivity::kConfidential;
        case domain::FieldClass::kQuasiIdentifier: return privacy::Sensitivity::kQuasiIdentifier;
        case domain::FieldClass::kSensitive: return privacy::Sensitivity::kSensitive;
        case domain::FieldClass::kDirectIdentifier: return privacy::Sensitivity::kDirectIdentifier;
    }
    fail_check("unknown field class", __FILE__, __LINE__);
}

catalog::DatasetColumn to_dataset_column(const privacy::ColumnClass& column) {
    json evidence = json::array();
    for (const privacy::Evidence& reason : column.evidence) {
        evidence.push_back({{"code", reason.code}, {"share_bp", reason.share_basis_points}});
    }
    json refused = json::array();
    for (const privacy::Refusal& one : column.refused) {
        refused.push_back({{"kind", privacy::kind_code(one.kind)},
                           {"code", one.code},
                           {"share_bp", one.share_basis_points},
                           {"chance_bp", one.chance_basis_points}});
    }
    catalog::DatasetColumn row;
    row.name = column.name;
    row.kind = privacy::kind_code(column.kind);
    row.column_class = privacy::sensitivity_code(column.sensitivity);
    row.confidence_bp = column.confidence_basis_points;
    row.evidence = evidence.dump();
    row.review = privacy::needs_review(column) ? catalog::ColumnReview::kWaiting
                                               : catalog::ColumnReview::kNone;
    row.confidence_high_bp = column.confidence_high_basis_points;
    row.sampled = static_cast<std::int64_t>(column.sampled);
    if (column.runner_up) row.runner_up = privacy::kind_code(*column.runner_up);
    row.refused = refused.dump();
    return row;
}

privacy::ColumnClass to_column_class(const catalog::DatasetColumn& column) {
    privacy::ColumnClass result;
    const auto sensitivity = privacy::parse_sensitivity(column.column_class);
    PDX_CHECK(sensitivity.has_value());
    result.name = column.name;
    result.kind = kind_of(column.kind);
    result.sensitivity = *sensitivity;
    result.confidence_basis_points = static_cast<std::int32_t>(column.confidence_bp);
    result.confidence_high_basis_points = static_cast<std::int32_t>(column.confidence_high_bp);
    result.sampled = static_cast<std::uint64_t>(column.sampled);
    if (!column.runner_up.empty()) result.runner_up = kind_of(column.runner_up);
    for (const json& one : json::parse(column.evidence)) {
        result.evidence.push_back(
            {one.at("code").get<std::string>(), one.at("share_bp").get<std::int32_t>()});
    }
    for (const json& one : json::parse(column.refused)) {
        result.refused.push_back(
            {kind_of(one.at("kind").get<std::string>()), one.at("code").get<std::string>(),
             one.at("share_bp").get<std::int32_t>(), one.at("chance_bp").get<std::int32_t>()});
    }
    return result;
}

privacy::Sensitivity counted_class(const catalog::DatasetColumn& column,
                                   std::optional<privacy::Sensitivity> declared) {
    using privacy::Sensitivity;
    const auto shown = privacy::parse_sensitivity(column.column_class);
    PDX_CHECK(shown.has_value());
    // The numbers of Sensitivity grow with strictness, and unknown is above them all.
    const Sensitivity stricter = declared ? std::max(*shown, *declared) : *shown;
    if (column.review != catalog::ColumnReview::kWaiting) return stricter;
    const bool is_strict =
        stricter == Sensitivity::kDirectIdentifier || stricter == Sensitivity::kSensitive;
    return is_strict ? stricter : Sensitivity::kUnknown;
}

json fact_of_detector(const privacy::PatternSet* patterns) {
    return {{"version", privacy::kDetectorVersion},
            {"digest", privacy::detector_digest(patterns).hex()}};
}

}  // namespace pdx::app
