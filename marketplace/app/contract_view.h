#pragma once
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <vector>

#include "marketplace/store/contract_store.h"

namespace pdx::app {

/// A contract with what hangs on it.
struct ContractDetail {
    store::Contract contract;
    std::vector<domain::SplitRule> shares;
    std::vector<store::ContractSignature> signatures;
};

nlohmann::json to_json(std::span<const domain::SplitRule> shares);
nlohmann::json to_json(const ContractDetail& detail);
/// For lists: without shares, fields and signatures.
nlohmann::json to_summary(const store::Contract& contract);

}  // namespace pdx::app
