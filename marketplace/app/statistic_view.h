#pragma once
/// Statistics as JSON: for the API, and for facts, which hold ids, digests and costs and neither
/// the words of the question nor a number of the answer.
#include <nlohmann/json_fwd.hpp>

#include "marketplace/store/statistic_store.h"
#include "privacy/privacy_budget.h"

namespace pdx::app {

/// Requires: nothing negative, as the store has it (checked).
privacy::PrivacySpend spend_of(const store::StatisticCost& cost);

nlohmann::json to_json(const store::Statistic& statistic);
nlohmann::json fact_of(const store::Statistic& statistic);

}  // namespace pdx::app
