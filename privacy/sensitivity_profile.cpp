#include "privacy/sensitivity_profile.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace pdx::privacy {
namespace {

using P = SensitivityProfile;
using C = SensitiveCategory;

struct ProfileRow {
    P profile;
    std::string_view code;
    Text words;
};
const std::array<ProfileRow, 3> kProfiles{{
    {P::kPipl2021, "pipl_2021", {"PIPL article 28 (2021)", "《个人信息保护法》第二十八条（2021）"}},
    {P::kGbt35273Of2020, "gbt_35273_2020", {"GB/T 35273-2020", "GB/T 35273-2020"}},
    {P::kGbt45574Of2025, "gbt_45574_2025", {"GB/T 45574-2025", "GB/T 45574-2025"}},
}};

struct CategoryRow {
    C category;
    std::string_view code;
    Text words;
};
const std::array<CategoryRow, 6> kCategories{{
    {C::kBeliefOrIdentity,
     "belief_or_identity",
     {"religious belief or specific identity", "宗教信仰或特定身份"}},
    {C::kMedicalHealth, "medical_health", {"medical health", "医疗健康"}},
    {C::kFinancialAccount, "financial_account", {"financial account", "金融账户"}},
    {C::kProperty, "property", {"property", "个人财产"}},
    {C::kWhereabouts, "whereabouts", {"whereabouts and tracks", "行踪轨迹"}},
    {C::kMinor, "minor", {"persons under 14", "不满十四周岁未成年人"}},
}};

/// What article 28 names, and so every profile.
std::optional<C> by_law(Kind kind) {
    switch (kind) {
        case Kind::kBeliefOrStatus: return C::kBeliefOrIdentity;
        case Kind::kMedicalRecord:
        case Kind::kDiagnosis:
        case Kind::kHealthNote: return C::kMedicalHealth;
        case Kind::kBankCard:
        case Kind::kAccountNumber: return C::kFinancialAccount;
        case Kind::kMovement: return C::kWhereabouts;
        case Kind::kStudentRoll: return C::kMinor;
        default: return std::nullopt;
    }
}

/// What annex B of GB/T 35273-2020 adds.
std::optional<C> by_annex_b(Kind kind) {
    switch (kind) {
        case Kind::kResidentId:
        case Kind::kResidentId15:
        case Kind::kForeignResidentId:
        case Kind::kHongKongId:
        case Kind::kTaiwanId:
        case Kind::kMilitaryId:
        case Kind::kPassport:
        case Kind::kTravelPermit:
        case Kind::kSocialCard: return C::kBeliefOrIdentity;
        case Kind::kPropertyCertificate:
        case Kind::kPropertyUnit:
        case Kind::kPersonalFinance: return C::kProperty;
        default: return std::nullopt;
    }
}

template <class Rows, class Value>
const auto& row_of(const Rows& rows, Value value) {
    const std::size_t index = static_cast<std::size_t>(value);
    PDX_CHECK(index < rows.size());
    return rows.at(index);
}

}  // namespace

std::string_view profile_code(P profile) { return row_of(kProfiles, profile).code; }

std::optional<P> parse_profile(std::string_view code) {
    for (const ProfileRow& row : kProfiles) {
        if (row.code == code) return row.profile;
    }
    return std::nullopt;
}

std::span<const P> sensitivity_profiles() {
    static constexpr std::array<P, 3> kAll{P::kPipl2021, P::kGbt35273Of2020, P::kGbt45574Of2025};
    return kAll;
}

const Text& profile_words(P profile) { return row_of(kProfiles, profile).words; }

std::string_view category_code(C category) { return row_of(kCategories, category).code; }

const Text& category_words(C category) { return row_of(kCategories, category).words; }

std::optional<C> sensitive_category(P profile, Kind kind) {
    const auto law = by_law(kind);
    return law || profile != P::kGbt35273Of2020 ? law : by_annex_b(kind);
}

}  // namespace pdx::privacy
