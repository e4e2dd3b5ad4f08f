#include "marketplace/app/fact.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "ledger/canonical_json.h"

namespace pdx::app {

Fact make_fact(std::string kind, std::string entity_type, std::string entity_id,
               const nlohmann::json& body, std::string rule) {
    return {std::move(kind), std::move(entity_type), std::move(entity_id), std::move(rule),
            ledger::canonical_json(body)};
}

}  // namespace pdx::app
