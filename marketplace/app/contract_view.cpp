#include "marketplace/app/contract_view.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/bytes.h"
#include "marketplace/app/money_view.h"

namespace pdx::app {

using nlohmann::json;

json to_json(std::span<const domain::SplitRule> shares) {
    json list = json::array();
    for (const domain::SplitRule& share : shares) {
        json row{{"role", domain::to_string(share.role)}, {"basis_points", share.basis_points}};
        if (!share.party.empty()) row["party_id"] = share.party;
        list.push_back(std::move(row));
    }
    return list;
}

json to_summary(const store::Contract& contract) {
    return {{"contract_id", contract.id.text()},
            {"application_id", contract.application_id.text()},
            {"resource_id", contract.resource_id.text()},
            {"provider_id", contract.provider_id.text()},
            {"authority_id", contract.authority_id.text()},
            {"operator_id", contract.operator_id.text()},
            {"term_from", contract.term_from.iso()},
            {"term_to", contract.term_to.iso()},
            {"text_digest", contract.text_digest.hex()},
            {"policy_digest", contract.policy_digest.hex()},
            {"price_ceiling", to_json(contract.price_ceiling)},
            {"state", domain::to_string(contract.state)},
            {"created_at", contract.created_at.rfc3339()},
            {"updated_at", contract.updated_at.rfc3339()},
            {"version", contract.version}};
}

json to_json(const ContractDetail& detail) {
    json result = to_summary(detail.contract);
    const json text = json::parse(detail.contract.text);
    result["fields"] = text.at("fields");
    result["risk"] = text.value("risk", json());              // version 1 has none
    result["statistics"] = text.value("statistics", json());  // nor has version 2
    result["marks"] = text.value("marks", json());            // nor have versions before 4
    result["canaries"] = text.value("canaries", json());
    result["shares"] = to_json(std::span(detail.shares));
    result["signatures"] = json::array();
    for (const store::ContractSignature& signature : detail.signatures) {
        result["signatures"].push_back({{"party_id", signature.party.text()},
                                        {"public_key", to_base64(signature.public_key.value)},
                                        {"signature", to_base64(signature.signature)},
                                        {"signed_at", signature.signed_at.rfc3339()}});
    }
    return result;
}

}  // namespace pdx::app
