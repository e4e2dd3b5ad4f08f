#include "marketplace/domain/contract.h"

#include <algorithm>

#include "marketplace/domain/calendar.h"

namespace pdx::domain {

static_assert(is_well_formed(machine_of(ContractState{})));

namespace {

constexpr auto kClauses = std::to_array<ContractClause>({
    {"resource_scope", "scope and catalog of the authorized resources",
     "授权运营的公共数据资源范围及目录"},
    {"term", "term of operation", "运营期限"},
    {"product_list", "products and services, and their review", "拟提供的产品和服务清单及审核要求"},
    {"platform", "technical platform", "技术支撑平台"},
    {"asset_ownership", "ownership of assets", "资产权属"},
    {"disclosure", "disclosure; no re-development by the operator", "信息披露要求及不得参与再开发"},
    {"accounting", "separate accounting and revenue rule", "成本收入核算和收益分配"},
    {"security", "security, personal information, emergency", "安全保障、个人信息保护和应急处置"},
    {"assessment", "assessment, renewal and exit", "运营绩效评价、续期和退出"},
    {"breach", "liability for breach", "违约责任"},
    {"dispute", "settlement of disputes", "争议解决方式"},
    {"amendment", "amendment and termination", "协议变更和终止"},
    {"other", "other matters", "其他事项"},
});
static_assert(kClauses.size() == 13);

constexpr std::string_view kSigningLabel = "pdx/authorization-contract/v1";

}  // namespace

bool is_live(const ContractFacts& contract, Timestamp now) {
    const Date today = Date::of(now);
    return contract.state == ContractState::kInForce && today >= contract.term_from &&
           today <= contract.term_to;
}

void check_live(const ContractFacts& contract, Timestamp now) {
    if (is_live(contract, now)) return;
    ErrorDetail detail;
    detail.state = to_string(contract.state);
    if (contract.state != ContractState::kInForce) {
        throw conflict("contract.not_live",
                       {"The authorization contract is " + std::string(to_string(contract.state)) +
                            ", not in force; nothing may be done under it.",
                        "授权运营协议目前为“" + std::string(label_zh(contract.state)) +
                            "”，未生效，不得据此操作。"},
                       std::move(detail));
    }
    const bool early = Date::of(now) < contract.term_from;
    detail.deadline = (early ? contract.term_from : contract.term_to).iso();
    throw conflict("contract.not_live",
                   {"The term of the authorization contract runs from " + contract.term_from.iso() +
                        " to " + contract.term_to.iso() + ".",
                    "授权运营协议的期限为 " + contract.term_from.iso() + " 至 " +
                        contract.term_to.iso() + "。"},
                   std::move(detail));
}

ContractState expire(const ContractFacts& contract, Timestamp now) {
    const ContractState after = apply(contract.state, ContractEvent::kExpire);
    if (Date::of(now) > contract.term_to) return after;
    ErrorDetail detail;
    detail.state = to_string(contract.state);
    detail.deadline = contract.term_to.iso();
    throw conflict("contract.term_runs",
                   {"The term of the authorization contract runs to the end of " +
                        contract.term_to.iso() + ".",
                    "授权运营协议的期限至 " + contract.term_to.iso() + " 日终方届满。"},
                   std::move(detail));
}

void check_contract_term(Date from, Date to, int years_max, Date today) {
    if (to >= from && to >= today && to < plus_years(from, years_max)) return;
    ErrorDetail detail;
    detail.pointer = "term_to";
    detail.rule = "发改数据规〔2025〕27号 Article 14";
    detail.deadline = plus_years(from, years_max).plus_days(-1).iso();
    throw invalid(
        "contract.term",
        {"The term must not end before it begins or before today, nor last longer than " +
             std::to_string(years_max) + " years.",
         "授权期限的截止日不得早于起始日和当日，且不得超过 " + std::to_string(years_max) + " 年。"},
        std::move(detail));
}

ContractEvent signing_event(const PartyId& signer, const PartyId& operator_party,
                            const PartyId& authority) {
    if (operator_party == authority) {
        throw invalid("contract.parties", {"The operator and the authority must be two parties.",
                                           "运营机构与授权方不得为同一主体。"});
    }
    if (signer == operator_party) return ContractEvent::kSignAsOperator;
    if (signer == authority) return ContractEvent::kSignAsAuthority;
    throw forbidden("contract.signer",
                    {"Only the operator and the granting authority of this contract sign it.",
                     "仅本协议的运营机构和授权方可以签署。"});
}

std::string contract_signing_message(std::string_view log_origin, std::string_view canonical_text) {
    PDX_CHECK(!log_origin.empty() && log_origin.find('\n') == std::string_view::npos);
    std::string message(kSigningLabel);
    message += '\n';
    message += log_origin;
    message += '\n';
    message += canonical_text;
    return message;
}

std::span<const ContractClause> mandatory_clauses() { return kClauses; }

std::vector<std::string> missing_clauses(std::span<const std::string> present) {
    std::vector<std::string> missing;
    for (const ContractClause& clause : kClauses) {
        if (std::find(present.begin(), present.end(), clause.code) == present.end()) {
            missing.emplace_back(clause.code);
        }
    }
    return missing;
}

}  // namespace pdx::domain
