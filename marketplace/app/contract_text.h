#pragma once
/// The text of an authorization contract: canonical JSON with the 13 items that article 14 asks
/// for, and the masking policy that belongs to it. Values in, values out.
/// Source: 发改数据规〔2025〕27号 article 14.
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/resource.h"
#include "marketplace/domain/settlement_rules.h"
#include "marketplace/store/application_store.h"
#include "marketplace/store/party_store.h"
#include "privacy/policy.h"
#include "privacy/privacy_budget.h"

namespace pdx::app {

struct ContractParties {
    store::Party provider;
    store::Party authority;
    store::Party operator_party;
};

/// The allow list of the contract: the granted fields, in the order asked.
/// Throws: kConflict `application.nothing_granted` when every one is dropped or refused.
privacy::Policy contract_policy(const ContractId& contract,
                                std::span<const store::ApplicationField> fields);
/// Of the contract's text and of the requests that set it. Null without limits.
nlohmann::json to_json(const std::optional<privacy::RiskRule>& risk);
/// Of the contract's text, the requests that set it and the answers that tell it.
nlohmann::json to_json(const privacy::PrivacySpend& spend);
/// What statistics may cost under the contract of this text. Nothing: none are answered.
/// Requires: contract_text() wrote it.
std::optional<privacy::PrivacySpend> statistics_in(std::string_view contract_text);

/// What the grant decides, beside what the application asked for.
struct ContractTerms {
    const ContractId& contract;
    const privacy::Policy& policy;  ///< with scope and profile
    Money price_ceiling;
    std::span<const domain::SplitRule> shares;
    const std::optional<privacy::PrivacySpend>& statistics;
};

/// Shape: RFC 8785. Do not change what is there: signed texts must stay readable; add, and count up
/// "version". Ensures: the mandatory clauses are all in it.
std::string contract_text(const ContractTerms& terms, const store::Application& application,
                          const catalog::Resource& resource, const ContractParties& parties,
                          std::string_view rule_profile);

}  // namespace pdx::app
