#include "marketplace/app/statistic_view.h"

#include <nlohmann/json.hpp>

namespace pdx::app {
namespace {

using nlohmann::json;

json cost_json(const store::StatisticCost& cost) {
    return {{"epsilon_millionths", cost.epsilon_millionths},
            {"rho_millionths", cost.rho_millionths},
            {"delta_trillionths", cost.delta_trillionths}};
}

}  // namespace

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
            {"cost", cost_json(statistic.cost)},
            {"answer", answered ? json::parse(statistic.answer_text) : json()},
            {"answer_digest", answered ? json(statistic.answer_digest.hex()) : json()},
            {"state", domain::to_string(statistic.state)},
            {"version", statistic.version},
            {"created_at", statistic.created_at.rfc3339()},
            {"updated_at", statistic.updated_at.rfc3339()}};
}

json fact_of(const store::Statistic& statistic) {
    json fact = cost_json(statistic.cost);
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
