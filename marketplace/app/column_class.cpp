#include "marketplace/app/column_class.h"

#include <nlohmann/json.hpp>

#include "base/check.h"

namespace pdx::app {

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
    nlohmann::json evidence = nlohmann::json::array();
    for (const privacy::Evidence& reason : column.evidence) {
        evidence.push_back({{"code", reason.code}, {"share_bp", reason.share_basis_points}});
    }
    return {column.name, std::string(privacy::kind_code(column.kind)),
            std::string(privacy::sensitivity_code(column.sensitivity)),
            column.confidence_basis_points, evidence.dump()};
}

privacy::ColumnClass to_column_class(const catalog::DatasetColumn& column) {
    privacy::ColumnClass result;
    const auto kind = privacy::parse_kind(column.kind);
    const auto sensitivity = privacy::parse_sensitivity(column.column_class);
    PDX_CHECK(kind.has_value() && sensitivity.has_value());
    result.name = column.name;
    result.kind = *kind;
    result.sensitivity = *sensitivity;
    result.confidence_basis_points = static_cast<std::int32_t>(column.confidence_bp);
    return result;
}

}  // namespace pdx::app
