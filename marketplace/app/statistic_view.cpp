#include "marketplace/app/statistic_view.h"

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "marketplace/app/contract_text.h"

namespace pdx::app {
using nlohmann::json;

privacy::PrivacySpend spend_of(const store::StatisticCost& cost) {
    const auto amount = [](std::int64_t value) {
        PDX_CHECK(value >= 0);
        return static_cast<std::uint64_t>(value);
    };
    return {amount(cost.epsilon_millionths), amount(cost.rho_millionths),
            amount(cost.delta_trillionths)};
}

json to_json(const store::Statistic& statistic) {
    const bool answered = !statistic.answer_text.empty();
    return {{"statistic_id", statistic.id.text()},
            {"contract_id", statistic.contract_id.text()},
            {"resource_id", statistic.resource_id.text()},
            {"dataset_id", statistic.dataset_id.text()},
            {"operator_id", statistic.operator_id.text()},
            {"input_digest", statistic.input_digest.hex()},
            {"query", json::parse(statistic.query_text)},
            {"query_digest", statistic.query_digest.hex()},
            {"cost", to_json(spend_of(statistic.cost))},
            {"answer", answered ? json::parse(statistic.answer_text) : json()},
            {"answer_digest", answered ? json(statistic.answer_digest.hex()) : json()},
            {"state", domain::to_string(statistic.state)},
            {"version", statistic.version},
            {"created_at", statistic.created_at.rfc3339()},
            {"updated_at", statistic.updated_at.rfc3339()}};
}

json fact_of(const store::Statistic& statistic) {
    json fact = to_json(spend_of(statistic.cost));
    fact.update({{"contract_id", statistic.contract_id.text()},
                 {"resource_id", statistic.resource_id.text()},
                 {"dataset_id", statistic.dataset_id.text()},
                 {"operator_id", statistic.operator_id.text()},
                 {"input_digest", statistic.input_digest.hex()},
                 {"query_digest", statistic.query_digest.hex()},
                 {"state", domain::to_string(statistic.state)},
                 {"version", statistic.version}});
    return fact;
}

}  // namespace pdx::app
