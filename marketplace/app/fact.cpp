#include "marketplace/app/fact.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "ledger/canonical_json.h"

namespace pdx::app {

Fact make_fact(std::string kind, std::string entity_type, std::string entity_id,
               const nlohmann::json& body, std::string rule) {
    Fact fact;
    fact.kind = std::move(kind);
    fact.entity_type = std::move(entity_type);
    fact.entity_id = std::move(entity_id);
    fact.rule = std::move(rule);
    fact.body = ledger::canonical_json(body);
    return fact;
}

}  // namespace pdx::app
