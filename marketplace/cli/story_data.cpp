#include "marketplace/cli/story_data.h"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/check.h"
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

/// The operation for a column that may leave, by its declared class; absent = not asked for.
std::string_view operation_for(std::string_view name, std::string_view declared_class) {
    if (declared_class == "direct_identifier") return "pseudonym";
    if (name == "est_date") return "generalise_date_to_month";
    if (name == "dom_address") return "generalise_address_to_district";
    return "pass";
}

std::string_view declared_class(std::string_view cls) {
    if (cls == "D") return "direct_identifier";
    if (cls == "Q") return "quasi_identifier";
    if (cls == "S") return "sensitive";
    if (cls == "B") return "business";
    return "plain";
}

template <class Enum>
std::string wire(const json& asset, const char* member) {
    const auto value = domain::parse_label_zh<Enum>(asset.at(member).template get<std::string>());
    PDX_CHECK(value.has_value());
    return std::string(domain::to_string(*value));
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

}  // namespace pdx::cli
