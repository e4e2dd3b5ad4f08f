#include "marketplace/http/handlers/entity_routes.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "marketplace/http/handlers/answer.h"

namespace pdx::http {
namespace {

using nlohmann::json;

/// The states are folded from public entries, so whoever reads those may ask for these.
Response find_state(const Request& request, app::Services& services) {
    const std::string& type = request.path_text("type");
    const std::string& id = request.path_text("id");
    std::optional<std::uint64_t> at;
    if (request.query_text("at")) {
        at = static_cast<std::uint64_t>(request.query_integer("at", 0, 0, kCountMax));
    }
    const app::EntityAsOf found = services.states.find(type, id, at);
    json set_by = json::object();
    for (const auto& [member, told] : found.entity.members) set_by[member] = told.set_by;
    const std::uint64_t changed_by = found.entity.changed_by;
    Response response;
    response.body = json{
        {"type", type},
        {"id", id},
        {"at", found.at},
        {"tree_size", found.tree_size},
        {"created_by", found.entity.created_by},
        {"changed_by", changed_by},
        {"receipt", "/api/v1/receipts/" + std::to_string(changed_by)},
        {"state", app::to_json(found.entity)},
        {"set_by", std::move(set_by)},
        {"entries",
         found.entries}}.dump();
    response.with("Access-Control-Allow-Origin", "*");
    return response;
}

}  // namespace

std::vector<Route> entity_routes(const Bind& bind) {
    return {
        {.method = "GET",
         .path = "/api/v1/ledger-entities/{type}/{id}/state",
         .operation_id = "findEntityState",
         .tag = "Ledger",
         .summary = {"An entity as the ledger's entries told it up to one of them",
                     "某条记录时点上对象的状态（由账本记录推得）"},
         .access = Access::open(),
         .query = {{"at",
                    integer(0, kCountMax),
                    {"Index of the last entry that counts; without it the last one",
                     "截至的记录序号；缺省为最后一条"}}},
         .response = {200, {"State, and which entry set each member", "状态及各项来源记录"}},
         .errors = {{404, "entity.not_found"}, {422, "entity.index"}, {422, "entity.too_long"}},
         .handler = bind(find_state)},
    };
}

}  // namespace pdx::http
