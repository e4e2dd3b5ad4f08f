#pragma once
/// The classifying terms that several nouns share. Names are stable; labels are those of the
/// catalog guides. Source: docs/GLOSSARY.md; data dictionary 5.1 to 5.3.
#include <array>
#include <span>

#include "marketplace/domain/machine.h"

namespace pdx::domain {

/// Source: GB/T 43697-2024: core, important, general 1 to 4.
enum class SecurityGrade { kGeneral1, kGeneral2, kGeneral3, kGeneral4, kImportant, kCore };

inline constexpr auto kSecurityGradeNames = std::to_array<NameRow<SecurityGrade>>({
    {SecurityGrade::kGeneral1, "general_1", "一般-1级"},
    {SecurityGrade::kGeneral2, "general_2", "一般-2级"},
    {SecurityGrade::kGeneral3, "general_3", "一般-3级"},
    {SecurityGrade::kGeneral4, "general_4", "一般-4级"},
    {SecurityGrade::kImportant, "important", "重要数据"},
    {SecurityGrade::kCore, "core", "核心数据"},
});
constexpr std::span<const NameRow<SecurityGrade>> names_of(SecurityGrade) {
    return kSecurityGradeNames;
}

/// The opening attribute (开放属性) of a resource in the government catalog.
enum class OpenKind { kUnconditional, kConditional, kProhibited };

inline constexpr auto kOpenKindNames = std::to_array<NameRow<OpenKind>>({
    {OpenKind::kUnconditional, "unconditional", "无条件开放"},
    {OpenKind::kConditional, "conditional", "有条件开放"},
    {OpenKind::kProhibited, "prohibited", "不予开放"},
});
constexpr std::span<const NameRow<OpenKind>> names_of(OpenKind) { return kOpenKindNames; }

/// The most protected personal information that a resource holds.
enum class PersonalDataLevel { kNone, kGeneral, kSensitive, kMinors };

inline constexpr auto kPersonalDataLevelNames = std::to_array<NameRow<PersonalDataLevel>>({
    {PersonalDataLevel::kNone, "none", "无"},
    {PersonalDataLevel::kGeneral, "general", "一般"},
    {PersonalDataLevel::kSensitive, "sensitive", "敏感"},
    {PersonalDataLevel::kMinors, "minors", "未成年人"},
});
constexpr std::span<const NameRow<PersonalDataLevel>> names_of(PersonalDataLevel) {
    return kPersonalDataLevelNames;
}

/// What a column is. A column without a class is not kPlain: it is unclassified, and refused.
enum class FieldClass { kPlain, kDirectIdentifier, kQuasiIdentifier, kSensitive, kBusiness };

inline constexpr auto kFieldClassNames = std::to_array<NameRow<FieldClass>>({
    {FieldClass::kPlain, "plain", "一般字段"},
    {FieldClass::kDirectIdentifier, "direct_identifier", "直接标识符"},
    {FieldClass::kQuasiIdentifier, "quasi_identifier", "准标识符"},
    {FieldClass::kSensitive, "sensitive", "敏感个人信息"},
    {FieldClass::kBusiness, "business", "商业秘密"},
});
constexpr std::span<const NameRow<FieldClass>> names_of(FieldClass) { return kFieldClassNames; }

/// Who benefits decides whether a fee may be charged. Source: 发改价格〔2025〕65号: free for public
/// governance and public welfare, paid for industrial and sectoral development only.
enum class BeneficiaryClass { kPublicGovernance, kPublicWelfare, kIndustry, kSector };

inline constexpr auto kBeneficiaryClassNames = std::to_array<NameRow<BeneficiaryClass>>({
    {BeneficiaryClass::kPublicGovernance, "public_governance", "公共治理"},
    {BeneficiaryClass::kPublicWelfare, "public_welfare", "公益事业"},
    {BeneficiaryClass::kIndustry, "industry", "产业发展"},
    {BeneficiaryClass::kSector, "sector", "行业发展"},
});
constexpr std::span<const NameRow<BeneficiaryClass>> names_of(BeneficiaryClass) {
    return kBeneficiaryClassNames;
}

constexpr bool is_free_of_charge(BeneficiaryClass beneficiary) {
    return beneficiary == BeneficiaryClass::kPublicGovernance ||
           beneficiary == BeneficiaryClass::kPublicWelfare;
}

/// The seven product forms of the Wuxi measures (无锡市公共数据授权运营管理办法（试行）).
enum class ProductKind { kDataset, kApi, kModel, kTool, kApplication, kService, kReport };

inline constexpr auto kProductKindNames = std::to_array<NameRow<ProductKind>>({
    {ProductKind::kDataset, "dataset", "数据集"},
    {ProductKind::kApi, "api", "数据接口"},
    {ProductKind::kModel, "model", "算法模型"},
    {ProductKind::kTool, "tool", "数据工具"},
    {ProductKind::kApplication, "application", "数据应用"},
    {ProductKind::kService, "service", "数据服务"},
    {ProductKind::kReport, "report", "数据报告"},
});
constexpr std::span<const NameRow<ProductKind>> names_of(ProductKind) { return kProductKindNames; }

}  // namespace pdx::domain
