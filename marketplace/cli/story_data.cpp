#include "marketplace/cli/story_data.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/check.h"
#include "catalog/resource.h"
#include "marketplace/demo/seed_assets.h"
#include "marketplace/domain/terms.h"
#include "privacy/checksum.h"

namespace pdx::cli {
namespace {

using nlohmann::json;

const std::vector<CastMember> kCast{
    {"authority", "市数据局", "City data authority", "data_authority", "11", true},
    {"clerk", "登记中心受理岗", "Registry, acceptance desk", "registry_clerk", "12", false},
    {"reviewer", "登记中心审核岗", "Registry, review desk", "registry_reviewer", "12", false},
    {"head", "登记中心赋码岗", "Registry, code desk", "registry_head", "12", false},
    {"market", "市场监督管理局", "Market regulation", "data_provider", "11", false},
    {"reform", "发展和改革委员会", "Development and reform", "data_provider", "11", false},
    {"labour", "人力资源和社会保障局", "Human resources", "data_provider", "11", false},
    {"water", "水务集团", "Water group", "data_provider", "91", false},
    {"transport", "交通运输局", "Transport bureau", "data_provider", "11", false},
    {"education", "教育局", "Education bureau", "data_provider", "11", false},
    {"operator", "城市数据运营公司", "City data operator", "operator", "91", true},
    {"bank", "示范银行", "Demo bank", "buyer", "91", false},
    {"arbitrator", "争议处理委员会", "Dispute panel", "arbitrator", "31", false},
    {"auditor", "审计机构", "Auditor", "auditor", "31", false},
};

/// How a column may leave, by what it is. Whatever identifies a person leaves as a pseudonym.
std::string operation_for(const demo::AssetField& field) {
    if (field.cls != 'N') return "pseudonym";
    if (field.name == "dom_address") return "generalise_address_to_district";
    if (field.name == "est_date") return "generalise_date_to_month";
    return "pass";
}

std::string declared_class(char cls) {
    switch (cls) {
        case 'D': return "direct_identifier";
        case 'Q': return "quasi_identifier";
        case 'S': return "sensitive";
        case 'B': return "business";
        default: return "plain";
    }
}

/// Columns of the demo that the story does not ask for, so that the page shows both.
bool is_asked_for(const demo::AssetField& field) {
    return field.name != "contact_phone" && field.name != "lng" && field.name != "lat" &&
           field.cls != 'S';
}

std::string pi_level(const demo::Asset& asset) {
    constexpr int kSchoolRoll = 20;
    if (asset.no == kSchoolRoll) return "minors";
    const bool sensitive =
        std::any_of(asset.fields.begin(), asset.fields.end(),
                    [](const demo::AssetField& field) { return field.cls == 'S'; });
    const bool personal =
        std::any_of(asset.fields.begin(), asset.fields.end(),
                    [](const demo::AssetField& field) { return field.cls == 'D'; });
    return sensitive ? "sensitive" : personal ? "general" : "none";
}

template <class Enum>
std::string domain_word(std::string_view label) {
    const auto value = domain::parse_label_zh<Enum>(label);
    PDX_CHECK(value.has_value());
    return std::string(domain::to_string(*value));
}

template <class Enum>
std::string catalog_word(std::string_view label) {
    const auto value = catalog::parse_label_zh<Enum>(label);
    PDX_CHECK(value.has_value());
    return std::string(catalog::wire_name(*value));
}

}  // namespace

const std::vector<CastMember>& story_cast() { return kCast; }

std::string demo_uscc(std::string_view kind, unsigned number) {
    std::array<char, 16> organisation{};
    std::snprintf(organisation.data(), organisation.size(), "DEMX%04u", number % 10'000U);
    const auto organisation_check = privacy::org_code_check_digit(organisation.data());
    PDX_CHECK(organisation_check.has_value());
    std::string code = std::string(kind) + "320299" + organisation.data() + *organisation_check;
    const auto check = privacy::uscc_check_digit(code);
    PDX_CHECK(check.has_value());
    return code + *check;
}

json resource_body(int asset_no) {
    const demo::Asset& asset = demo::asset(asset_no);
    json fields = json::array();
    for (const demo::AssetField& field : asset.fields) {
        fields.push_back({{"name", field.name},
                          {"label_zh", field.label_zh},
                          {"data_type", field.type},
                          {"declared_class", declared_class(field.cls)}});
    }
    return {{"title_zh", asset.title_zh},
            {"title_en", asset.title_en},
            {"summary_zh", asset.summary_zh},
            {"summary_en", asset.title_en + " of " + asset.department_en},
            {"topic", asset.topic},
            {"department_code", "WX" + asset.department_code},
            {"source_kind", "collected_by_law"},
            {"source_statement", "依法履职过程中采集，来源合法。"},
            {"sharing_kind", catalog_word<catalog::SharingKind>(asset.sharing_kind)},
            {"open_kind", domain_word<domain::OpenKind>(asset.open_kind)},
            {"security_grade", domain_word<domain::SecurityGrade>(asset.security_grade)},
            {"pi_level", pi_level(asset)},
            {"access_method", "authorized_operation"},
            {"update_frequency", catalog_word<catalog::UpdateFrequency>(asset.update_frequency)},
            {"fields", std::move(fields)}};
}

json requested_fields(int asset_no) {
    json fields = json::array();
    for (const demo::AssetField& field : demo::asset(asset_no).fields) {
        if (!is_asked_for(field)) continue;
        fields.push_back({{"name", field.name}, {"operation", operation_for(field)}});
    }
    return fields;
}

}  // namespace pdx::cli
