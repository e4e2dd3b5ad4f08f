#include "marketplace/app/contract_text.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "ledger/canonical_json.h"
#include "marketplace/domain/contract.h"
#include "privacy/fingerprint_text.h"
#include "privacy/operation.h"

namespace pdx::app {
namespace {

using nlohmann::json;

/// The standard text of each mandatory clause; what is particular stands in the other members.
constexpr auto kStandardTexts = std::to_array<domain::ContractClause>({
    {"resource_scope",
     "The authorization covers the fields listed in this contract of the named resource, and "
     "nothing else.",
     "授权范围限于本协议所列资源的所列字段，不及于其他数据。"},
    {"term",
     "The contract runs from the first to the last day stated, both included; nothing may be "
     "delivered outside of these days.",
     "期限自载明的起始日起至截止日止，首尾两日均包含在内；期限之外不得交付数据。"},
    {"product_list",
     "Every product made under this contract is reviewed by the authority and registered before it "
     "is listed.",
     "依据本协议形成的产品，须经授权方审核并登记后方可挂牌。"},
    {"platform",
     "Data is processed and delivered only through the exchange, which keeps a log that anybody "
     "can verify.",
     "数据的加工与交付仅通过交易平台进行，平台保存可公开核验的日志。"},
    {"asset_ownership",
     "Ownership of the resource does not pass; the operator holds the right to operate the "
     "products "
     "for the term.",
     "资源权属不因授权而转移；运营机构在期限内享有产品经营权。"},
    {"disclosure",
     "The operator discloses its products, their use and prices, and takes no part in "
     "re-developing "
     "what it has delivered.",
     "运营机构应当披露产品、使用情况和价格，并不得参与交付产品的再开发。"},
    {"accounting",
     "Revenue and cost are kept in separate accounts; prices stay at or below the ceiling; revenue "
     "is divided by the shares stated.",
     "单独核算成本和收入；价格不得超过上限；收益按载明的比例分配。"},
    {"security",
     "Each field leaves only by the operation stated for it; personal information is protected by "
     "law; an incident is reported at once and deliveries stop.",
     "各字段仅可按载明的处理方式提供；依法保护个人信息；发生安全事件立即报告并停止交付。"},
    {"assessment",
     "The authority assesses the operation every year and decides on renewal; on exit access ends "
     "and data is destroyed.",
     "授权方每年进行绩效评价并决定是否续期；退出时终止访问并销毁数据。"},
    {"breach",
     "For use beyond the authorization the authority may suspend or revoke it; the party in breach "
     "pays damages.",
     "超出授权使用的，授权方可暂停或撤销授权；违约方承担赔偿责任。"},
    {"dispute",
     "Disputes are first handled by the exchange on the evidence of its log; the way to "
     "arbitration "
     "or the courts stays open.",
     "争议先由交易平台依据日志证据处理，不影响当事人申请仲裁或提起诉讼。"},
    {"amendment",
     "An amendment is a new contract signed by both parties; suspension and revocation take effect "
     "once they are recorded.",
     "变更须由双方另行签署；暂停和撤销自记入日志时生效。"},
    {"other",
     "What is not settled here follows the law and the rules of the exchange named by the rule "
     "profile.",
     "未尽事宜，依照法律法规和规则版本所指的平台规则执行。"},
});

json clauses() {
    json list = json::array();
    std::vector<std::string> codes;
    for (const domain::ContractClause& clause : kStandardTexts) {
        codes.emplace_back(clause.code);
        list.push_back({{"code", clause.code}, {"en", clause.en}, {"zh", clause.zh}});
    }
    PDX_CHECK(domain::missing_clauses(codes).empty());
    return list;
}

json party_json(const store::Party& party) {
    return {{"party_id", party.id.text()},
            {"uscc", party.uscc},
            {"name_zh", party.name_zh},
            {"name_en", party.name_en}};
}

json shares_json(std::span<const domain::SplitRule> shares) {
    json list = json::array();
    for (const domain::SplitRule& share : shares) {
        list.push_back({{"role", domain::to_string(share.role)},
                        {"party_id", share.party},
                        {"basis_points", share.basis_points}});
    }
    return list;
}

json rules_json(std::span<const privacy::FieldRule> rules) {
    json list = json::array();
    for (const privacy::FieldRule& rule : rules) {
        list.push_back(
            {{"name", rule.field}, {"operation", privacy::operation_text(rule.operation)}});
    }
    return list;
}

/// "to" is null for versions that are still to come.
json versions_json(const privacy::VersionRange& versions) {
    return {{"from", versions.from}, {"to", versions.to ? json(*versions.to) : json()}};
}

json marks_json(const privacy::Policy& policy) {
    if (!policy.marks) return nullptr;
    std::string text;
    privacy::append_mark_plan(text, *policy.marks);
    return json::parse(text);
}

json canaries_json(const privacy::Policy& policy) {
    if (!policy.canaries) return nullptr;
    std::string text;
    privacy::append_canary_plan(text, *policy.canaries);
    return json::parse(text);
}

}  // namespace

privacy::Policy contract_policy(const ContractId& contract,
                                std::span<const store::ApplicationField> fields) {
    privacy::Policy policy;
    policy.id = "contract/" + contract.text();
    policy.contract_id = contract.text();
    bool anything = false;
    for (const store::ApplicationField& field : fields) {
        if (!field.decision || *field.decision == domain::FieldDecision::kRefuse) continue;
        const auto operation = privacy::parse_operation(field.operation);
        PDX_CHECK(operation.has_value());
        anything = anything || operation->kind != privacy::OperationKind::kDrop;
        policy.rules.push_back({field.name, *operation});
    }
    if (!anything) {
        throw conflict("application.nothing_granted",
                       {"No field would leave under this contract, so there is nothing to grant.",
                        "按此协议没有可提供的字段，无可授权内容。"});
    }
    return policy;
}

json to_json(const std::optional<privacy::RiskRule>& risk) {
    if (!risk) return nullptr;
    json result{{"k_min", risk->limits.k_min},
                {"small_share_max_basis_points", risk->limits.small_share_max_basis_points},
                {"subject", risk->subject}};
    if (risk->limits.l_min) result["l_min"] = *risk->limits.l_min;
    if (risk->limits.t_max_basis_points) {
        result["t_max_basis_points"] = *risk->limits.t_max_basis_points;
    }
    if (!risk->steps.empty()) result["steps"] = rules_json(risk->steps);
    return result;
}

json to_json(const privacy::PrivacySpend& spend) {
    return {{"epsilon_millionths", spend.epsilon_millionths},
            {"rho_millionths", spend.rho_millionths},
            {"delta_trillionths", spend.delta_trillionths}};
}

std::optional<privacy::PrivacySpend> statistics_in(std::string_view contract_text) {
    const json limit = json::parse(contract_text).value("statistics", json());
    if (limit.is_null()) return std::nullopt;
    return privacy::PrivacySpend{limit.at("epsilon_millionths").get<std::uint64_t>(),
                                 limit.at("rho_millionths").get<std::uint64_t>(),
                                 limit.at("delta_trillionths").get<std::uint64_t>()};
}

std::string contract_text(const ContractTerms& terms, const store::Application& application,
                          const catalog::Resource& resource, const ContractParties& parties,
                          std::string_view rule_profile) {
    PDX_CHECK(terms.policy.scope.has_value());
    return ledger::canonical_json(
        {{"version", 5},
         {"contract_id", terms.contract.text()},
         {"application_id", application.id.text()},
         {"resource",
          {{"resource_id", resource.id.text()},
           {"catalog_identifier", resource.catalog_identifier},
           {"registration_code", resource.registration_code}}},
         {"parties",
          {{"provider", party_json(parties.provider)},
           {"authority", party_json(parties.authority)},
           {"operator", party_json(parties.operator_party)}}},
         {"purpose", application.purpose},
         {"beneficiary_class", domain::to_string(application.beneficiary)},
         {"term", {{"from", application.term_from.iso()}, {"to", application.term_to.iso()}}},
         {"product_forms", terms.policy.scope->forms},
         {"dataset_versions", versions_json(terms.policy.scope->versions)},
         {"sensitivity_profile", privacy::profile_code(terms.policy.profile.value())},
         {"cryptography", privacy::cryptography_code(terms.policy.cryptography)},
         {"fields", rules_json(terms.policy.rules)},
         {"risk", to_json(terms.policy.risk)},
         {"statistics", terms.statistics ? to_json(*terms.statistics) : json()},
         {"marks", marks_json(terms.policy)},
         {"canaries", canaries_json(terms.policy)},
         {"policy_digest", privacy::policy_hash(terms.policy).hex()},
         {"price_ceiling_fen", terms.price_ceiling.text()},
         {"shares", shares_json(terms.shares)},
         {"clauses", clauses()},
         {"no_redevelopment", true},
         {"rule_profile", rule_profile}});
}

}  // namespace pdx::app
