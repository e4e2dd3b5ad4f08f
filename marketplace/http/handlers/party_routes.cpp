#include "marketplace/http/handlers/party_routes.h"

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "marketplace/app/party_view.h"
#include "marketplace/http/handlers/answer.h"

namespace pdx::http {
namespace {

using domain::Permission;
using nlohmann::json;

constexpr std::int64_t kTokenDaysMax = 366;

Response register_party(const Request& request, app::Services& services) {
    const json& body = request.json();
    const auto role = domain::parse_role(body.at("role").get<std::string>());
    PDX_CHECK(role.has_value());
    return answer(201, services.parties.register_party(
                           write_request(request), {body.at("uscc").get<std::string>(),
                                                    body.at("name_zh").get<std::string>(),
                                                    body.at("name_en").get<std::string>(), *role}));
}

Response issue_token(const Request& request, app::Services& services) {
    const auto issued =
        services.parties.issue_token(write_request(request), request.path_as<PartyId>("party_id"),
                                     request.json().at("days").get<int>());
    const json token = issued.token ? json(*issued.token) : json(nullptr);
    return answer(201, issued.outcome, {{"token", token}});
}

Response revoke_tokens(const Request& request, app::Services& services) {
    return answer(200, services.parties.revoke_tokens(write_request(request),
                                                      request.path_as<PartyId>("party_id")));
}

Response register_key(const Request& request, app::Services& services) {
    const auto bytes = from_base64(request.json().at("public_key").get<std::string>());
    const auto key = bytes ? PublicKey::from_bytes(*bytes) : std::nullopt;
    PDX_CHECK(key.has_value());
    return answer(201, services.parties.register_key(write_request(request),
                                                     request.path_as<PartyId>("party_id"), *key));
}

Response find_party(const Request& request, app::Services& services) {
    const auto party = services.parties.find(request.caller, request.path_as<PartyId>("party_id"));
    return answer_one(request, app::to_json(party), party.version);
}

Response find_me(const Request& request, app::Services& services) {
    return answer_json(app::to_json(services.parties.find(request.caller, request.caller.party)));
}

Response list_parties(const Request& request, app::Services& services, const CursorCodec& cursors) {
    const Page page = page_of(request, cursors);
    const auto parties = services.parties.list(page.after, page.limit);
    return answer_rows(request, cursors, page, parties,
                       [](const auto& party) { return app::to_json(party); });
}

const Schema& party_schema() {
    static const Schema schema = [] {
        std::vector<std::string> roles;
        for (const auto& row : domain::kRoleNames) {
            if (row.value != domain::Role::kAnonymous) roles.emplace_back(row.name);
        }
        return object({required("uscc", text(18, 18)), required("name_zh", text(1, 200)),
                       required("name_en", text(1, 200)), required("role", choice(roles))})
            .named("PartyRegistration");
    }();
    return schema;
}

const Schema& token_schema() {
    static const Schema schema =
        object({required("days", integer(1, kTokenDaysMax))}).named("TokenRequest");
    return schema;
}

const Schema& key_schema() {
    static const Schema schema =
        object({required("public_key", base64(PublicKey::kSize, PublicKey::kSize))})
            .named("KeyRegistration");
    return schema;
}

}  // namespace

std::vector<Route> party_routes(const Bind& bind) {
    return {
        {.method = "POST",
         .path = "/api/v1/parties",
         .operation_id = "registerParty",
         .tag = "Parties",
         .summary = {"Register a party", "登记主体"},
         .access = Access::needs(Permission::kRegisterParty),
         .body = BodyMode::kJson,
         .request_schema = &party_schema(),
         .response = {201, {"The party", "主体"}},
         .errors = {{422, "party.uscc"}},
         .write = true,
         .handler = bind(register_party)},
        {.method = "GET",
         .path = "/api/v1/parties",
         .operation_id = "listParties",
         .tag = "Parties",
         .summary = {"List parties", "主体列表"},
         .access = Access::needs(Permission::kRegisterParty),
         .query = page_parameters(),
         .response = {200, {"Parties by id", "主体"}},
         .handler = bind(list_parties)},
        {.method = "GET",
         .path = "/api/v1/parties/{party_id}",
         .operation_id = "findParty",
         .tag = "Parties",
         .summary = {"Read a party", "查看主体"},
         .access = Access::needs(Permission::kReadOwn),
         .response = {200, {"The party", "主体"}},
         .errors = {{404, "party.not_found"}},
         .handler = bind(find_party)},
        {.method = "GET",
         .path = "/api/v1/me",
         .operation_id = "findMe",
         .tag = "Parties",
         .summary = {"Who am I?", "当前身份"},
         .access = Access::needs(Permission::kReadOwn),
         .response = {200, {"The party of the token", "令牌所属主体"}},
         .handler = bind(find_me)},
        {.method = "POST",
         .path = "/api/v1/parties/{party_id}/tokens",
         .operation_id = "issueToken",
         .tag = "Parties",
         .summary = {"Issue an API token; it is shown once", "发放访问令牌（仅显示一次）"},
         .access = Access::needs(Permission::kIssueToken),
         .body = BodyMode::kJson,
         .request_schema = &token_schema(),
         .response = {201, {"The token", "令牌"}},
         .errors = {{404, "party.not_found"}},
         .write = true,
         .handler = bind(issue_token)},
        {.method = "POST",
         .path = "/api/v1/parties/{party_id}/token-revocation",
         .operation_id = "revokeTokens",
         .tag = "Parties",
         .summary = {"Revoke all tokens of a party", "撤销该主体的全部令牌"},
         .access = Access::needs(Permission::kIssueToken),
         .body = BodyMode::kJson,
         .request_schema = &empty_schema(),
         .response = {200, {"How many were revoked", "撤销数量"}},
         .errors = {{404, "party.not_found"}},
         .write = true,
         .handler = bind(revoke_tokens)},
        {.method = "POST",
         .path = "/api/v1/parties/{party_id}/keys",
         .operation_id = "registerKey",
         .tag = "Parties",
         .summary = {"Register an Ed25519 public key for signing contracts",
                     "登记用于签署协议的 Ed25519 公钥"},
         .access = Access::needs(Permission::kReadOwn),
         .body = BodyMode::kJson,
         .request_schema = &key_schema(),
         .response = {201, {"The key", "公钥"}},
         .errors = {{403, "party_key.owner"}, {409, "party_key.exists"}},
         .write = true,
         .handler = bind(register_key)},
    };
}

}  // namespace pdx::http
