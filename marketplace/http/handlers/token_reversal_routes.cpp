#include "marketplace/http/handlers/token_reversal_routes.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/check.h"
#include "marketplace/app/token_reversal_view.h"
#include "marketplace/http/handlers/answer.h"
#include "marketplace/http/handlers/private_part_routes.h"

namespace pdx::http {
namespace {

using domain::Permission;
using nlohmann::json;

constexpr std::string_view kEntity = "token_reversal";
constexpr auto kTokensMax = static_cast<std::int64_t>(domain::kReversalTokensMax);
/// Unit: characters. The longest token has 20; what is longer is no token, and is not looked at.
constexpr std::int64_t kTokenMax = 32;

TokenReversalId reversal_id(const Request& request) {
    return request.path_as<TokenReversalId>("token_reversal_id");
}

/// The tokens are one private text, a line each; a view lists them.
json with_list(json texts) {
    json& tokens = texts.at("tokens");
    if (tokens.is_string()) tokens = app::tokens_in(tokens.get<std::string>());
    return texts;
}

Response reply(int status, app::Services& services, const app::Outcome& outcome,
               const json& more = json::object()) {
    const auto id = json::parse(outcome.answer).at("token_reversal_id").get<std::string>();
    json texts = with_list(services.private_parts.texts_of(kEntity, id, outcome.receipt.index));
    texts.update(more);
    return answer(status, outcome, texts);
}

Response request_reversal(const Request& request, app::Services& services) {
    const json& body = request.json();
    const auto contract = ContractId::parse(body.at("contract_id").get<std::string>());
    if (!contract) throw not_found("contract");
    const auto ground = domain::parse<domain::ReversalGround>(body.at("ground").get<std::string>());
    PDX_CHECK(ground.has_value());
    return reply(201, services,
                 services.token_reversals.request(
                     write_request(request), {*contract, body.at("field").get<std::string>(),
                                              *ground, body.at("reason").get<std::string>(),
                                              body.at("tokens").get<std::vector<std::string>>()}));
}

Response list_reversals(const Request& request, app::Services& services,
                        const CursorCodec& cursors) {
    const Page page = page_of(request, cursors);
    const auto found = services.token_reversals.list(request.caller, page.after, page.limit);
    return answer_rows(request, cursors, page, found, [&services](const auto& reversal) {
        json view = app::to_json(reversal);
        view.update(with_list(services.private_parts.texts_of(kEntity, reversal.id.text())));
        return view;
    });
}

Response find_reversal(const Request& request, app::Services& services) {
    const auto reversal = services.token_reversals.find(request.caller, reversal_id(request));
    return answer_one_with_texts(
        request, app::to_json(reversal), reversal.version,
        with_list(services.private_parts.texts_of(kEntity, reversal.id.text())));
}

Response approve(const Request& request, app::Services& services) {
    return reply(200, services,
                 services.token_reversals.approve(write_request(request), reversal_id(request)));
}

Response refuse(const Request& request, app::Services& services) {
    return reply(200, services,
                 services.token_reversals.refuse(write_request(request), reversal_id(request),
                                                 request.json().at("reason").get<std::string>()));
}

Response disclose(const Request& request, app::Services& services) {
    const auto [outcome, numbers] =
        services.token_reversals.disclose(write_request(request), reversal_id(request));
    json told;
    if (numbers) {
        told = json::array();
        for (const auto& number : *numbers) told.push_back(number ? json(*number) : json());
    }
    return reply(200, services, outcome, {{"numbers", std::move(told)}});
}

const Schema& request_schema() {
    static const Schema schema =
        object({required("contract_id", uuid()), required("field", name_text(64)),
                required("ground", choice_of<domain::ReversalGround>()),
                required("reason", text(1, kReasonMax)),
                required("tokens", array(text(1, kTokenMax), 1, kTokensMax))})
            .named("TokenReversalRequest");
    return schema;
}

const Schema& refusal_schema() {
    static const Schema schema =
        object({required("reason", text(1, kReasonMax))}).named("TokenReversalRefusal");
    return schema;
}

std::vector<Member> reversal_members() {
    return {required("token_reversal_id", uuid()),
            required("contract_id", uuid()),
            required("provider_id", uuid()),
            required("authority_id", uuid()),
            required("operator_id", uuid()),
            required("requester_id", uuid()),
            required("field", name_text(64)),
            required("ground", choice_of<domain::ReversalGround>()),
            required("token_count", integer(1, kTokensMax)),
            required("known_count", integer(0, kTokensMax)
                                        .or_null()
                                        .described("How many were tokens of the contract's "
                                                   "delivered data; null until they are told.")),
            required("reason", private_text()),
            required("tokens", array(text(1, kTokenMax), 1, kTokensMax).or_null()),
            required("refusal_reason", private_text()),
            required("private_parts", private_parts_schema()),
            required("state", choice_of<domain::ReversalState>()),
            required("version", integer(1, kCountMax)),
            required("lapses_at", date_time()),
            required("created_at", date_time()),
            required("updated_at", date_time()),
            optional("receipt", receipt_schema())};
}

const Schema& reversal_schema() {
    static const Schema schema = object(reversal_members()).named("TokenReversal");
    return schema;
}

const Schema& disclosure_answer_schema() {
    static const Schema schema = [] {
        std::vector<Member> members = reversal_members();
        members.push_back(required(
            "numbers", array(text(1, kTokenMax).or_null(), 1, kTokensMax)
                           .or_null()
                           .described("In the order of the tokens; null for what is no token of "
                                      "the contract's delivered data. Told once: null as a whole "
                                      "when the answer is a repeated one.")));
        return object(std::move(members)).named("TokenDisclosure");
    }();
    return schema;
}

std::vector<Route> reading_routes(const Bind& bind) {
    return {
        {.method = "GET",
         .path = "/api/v1/token-reversals",
         .operation_id = "listTokenReversals",
         .tag = "Token reversals",
         .summary = {"List token reversals of the caller's contracts", "令牌还原申请列表"},
         .access = Access::needs(Permission::kReadOwn),
         .query = page_parameters(),
         .response = {200, {"Token reversals, oldest first", "令牌还原申请"}},
         .handler = bind(list_reversals)},
        {.method = "GET",
         .path = "/api/v1/token-reversals/{token_reversal_id}",
         .operation_id = "findTokenReversal",
         .tag = "Token reversals",
         .summary = {"Read a token reversal", "查看令牌还原申请"},
         .access = Access::needs(Permission::kReadOwn),
         .response = {200, {"The token reversal", "令牌还原申请"}, kJsonType, &reversal_schema()},
         .errors = {{404, "token_reversal.not_found"}},
         .handler = bind(find_reversal)},
    };
}

std::vector<Route> deciding_routes(const Bind& bind) {
    return {
        {.method = "POST",
         .path = "/api/v1/token-reversals/{token_reversal_id}/approval",
         .operation_id = "approveTokenReversal",
         .tag = "Token reversals",
         .summary = {"Approve a token reversal, as the provider or the authority; both must",
                     "同意令牌还原（须数据提供方与主管部门双方同意）"},
         .access = Access::needs(Permission::kDecideTokenReversal),
         .body = BodyMode::kJson,
         .request_schema = &empty_schema(),
         .response = {200, {"The token reversal", "令牌还原申请"}, kJsonType, &reversal_schema()},
         .errors = {{403, "token_reversal.approver"},
                    {404, "token_reversal.not_found"},
                    {409, "token_reversal.contract"},
                    {409, "token_reversal.transition"}},
         .write = true,
         .handler = bind(approve)},
        {.method = "POST",
         .path = "/api/v1/token-reversals/{token_reversal_id}/refusal",
         .operation_id = "refuseTokenReversal",
         .tag = "Token reversals",
         .summary = {"Refuse a token reversal, as the provider or the authority", "拒绝令牌还原"},
         .access = Access::needs(Permission::kDecideTokenReversal),
         .body = BodyMode::kJson,
         .request_schema = &refusal_schema(),
         .response = {200, {"The token reversal", "令牌还原申请"}, kJsonType, &reversal_schema()},
         .errors = {{403, "token_reversal.approver"},
                    {404, "token_reversal.not_found"},
                    {409, "token_reversal.transition"}},
         .write = true,
         .handler = bind(refuse)},
        {.method = "POST",
         .path = "/api/v1/token-reversals/{token_reversal_id}/disclosure",
         .operation_id = "discloseTokens",
         .tag = "Token reversals",
         .summary = {"Be told the numbers of an approved token reversal, as the provider, once",
                     "向数据提供方还原已获双方同意的令牌（仅显示一次）"},
         .access = Access::needs(Permission::kDiscloseTokens),
         .body = BodyMode::kJson,
         .request_schema = &empty_schema(),
         .response = {200,
                      {"The token reversal and the numbers", "令牌还原申请及号码"},
                      kJsonType,
                      &disclosure_answer_schema()},
         .errors = {{404, "token_reversal.not_found"},
                    {409, "contract.key_destroyed"},
                    {409, "token_reversal.contract"},
                    {409, "token_reversal.dataset"},
                    {409, "token_reversal.erased"},
                    {409, "token_reversal.transition"}},
         .write = true,
         .handler = bind(disclose)},
    };
}

}  // namespace

std::vector<Route> token_reversal_routes(const Bind& bind) {
    std::vector<Route> routes{
        {.method = "POST",
         .path = "/api/v1/token-reversals",
         .operation_id = "requestTokenReversal",
         .tag = "Token reversals",
         .summary = {"Ask for tokens of a contract to be turned back into numbers",
                     "申请将协议项下的令牌还原为号码"},
         .access = Access::needs(Permission::kRequestTokenReversal),
         .body = BodyMode::kJson,
         .request_schema = &request_schema(),
         .response = {201, {"The token reversal", "令牌还原申请"}, kJsonType, &reversal_schema()},
         .errors = {{404, "contract.not_found"},
                    {409, "token_reversal.contract"},
                    {409, "token_reversal.one_party"},
                    {422, "token_reversal.field"},
                    {422, "token_reversal.token"},
                    {422, "token_reversal.tokens"}},
         .write = true,
         .handler = bind(request_reversal)}};
    for (const auto& more : {reading_routes(bind), deciding_routes(bind)}) {
        routes.insert(routes.end(), more.begin(), more.end());
    }
    return routes;
}

}  // namespace pdx::http
