#include "marketplace/http/handlers/contract_routes.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/check.h"
#include "marketplace/app/contract_view.h"
#include "marketplace/http/handlers/answer.h"
#include "marketplace/http/handlers/private_part_routes.h"

namespace pdx::http {
namespace {

using domain::ContractEvent;
using domain::Permission;
using nlohmann::json;

const Schema& signature_schema() {
    static const Schema schema =
        object({required("public_key", base64(PublicKey::kSize, PublicKey::kSize)),
                required("signature", base64(Signature{}.size(), Signature{}.size()))})
            .named("ContractSignature");
    return schema;
}

const Schema& reason_schema() {
    static const Schema schema = object({required("reason", text(1, 500))}).named("Reason");
    return schema;
}

ContractId contract_id(const Request& request) {
    return request.path_as<ContractId>("contract_id");
}

/// Requires: the schema asked for base64.
Bytes bytes_of(const json& body, const char* member) {
    auto bytes = from_base64(body.at(member).get<std::string>());
    PDX_CHECK(bytes.has_value());
    return *std::move(bytes);
}

Response sign_contract(const Request& request, app::Services& services) {
    const auto key = PublicKey::from_bytes(bytes_of(request.json(), "public_key"));
    const Bytes bytes = bytes_of(request.json(), "signature");
    Signature signature{};
    PDX_CHECK(key.has_value() && bytes.size() == signature.size());
    std::copy(bytes.begin(), bytes.end(), signature.begin());
    return answer_with_texts(
        201, services.contracts.sign(write_request(request), contract_id(request), *key, signature),
        services, "contract");
}

template <ContractEvent event>
Response supervise(const Request& request, app::Services& services) {
    return answer_with_texts(
        200,
        services.contracts.supervise(write_request(request), contract_id(request), event,
                                     request.json().at("reason").get<std::string>()),
        services, "contract");
}

Response find_contract(const Request& request, app::Services& services) {
    const auto found = services.contracts.find(request.caller, contract_id(request));
    return answer_one_with_texts(
        request, app::to_json(found), found.contract.version,
        services.private_parts.texts_of("contract", found.contract.id.text()));
}

Response contract_text(const Request& request, app::Services& services) {
    auto found = services.contracts.find(request.caller, contract_id(request));
    Response response;
    response.content_type = "text/plain; charset=utf-8";
    response.body = std::move(found.contract.text);
    return with_etag(std::move(response), etag(found.contract.text_digest), request);
}

Response list_contracts(const Request& request, app::Services& services,
                        const CursorCodec& cursors) {
    const Page page = page_of(request, cursors);
    const auto found = services.contracts.list(request.caller, page.after, page.limit);
    return answer_rows(request, cursors, page, found, [&services](const auto& contract) {
        return with_texts(services, app::to_summary(contract), "contract", contract.id.text());
    });
}

Route supervision_route(std::string_view path, std::string_view operation_id, Text summary,
                        Permission permission, Handler handler) {
    return {.method = "POST",
            .path = path,
            .operation_id = operation_id,
            .tag = "Contracts",
            .summary = std::move(summary),
            .access = Access::needs(permission),
            .body = BodyMode::kJson,
            .request_schema = &reason_schema(),
            .response = {200, {"The contract", "协议"}},
            .errors = {{404, "contract.not_found"}, {409, "contract.transition"}},
            .write = true,
            .handler = std::move(handler)};
}

}  // namespace

std::vector<Route> contract_routes(const Bind& bind) {
    return {
        {.method = "GET",
         .path = "/api/v1/contracts",
         .operation_id = "listContracts",
         .tag = "Contracts",
         .summary = {"List contracts, without fields, shares and signatures", "协议列表"},
         .access = Access::needs(Permission::kReadOwn),
         .query = page_parameters(),
         .response = {200, {"Contracts by id", "协议"}},
         .handler = bind(list_contracts)},
        {.method = "GET",
         .path = "/api/v1/contracts/{contract_id}",
         .operation_id = "findContract",
         .tag = "Contracts",
         .summary = {"Read a contract", "查看协议"},
         .access = Access::needs(Permission::kReadOwn),
         .response = {200, {"The contract", "协议"}},
         .errors = {{404, "contract.not_found"}},
         .handler = bind(find_contract)},
        {.method = "GET",
         .path = "/api/v1/contracts/{contract_id}/text",
         .operation_id = "readContractText",
         .tag = "Contracts",
         .summary = {"The canonical text that both parties sign", "双方签署的协议原文"},
         .access = Access::needs(Permission::kReadOwn),
         .response = {200, {"RFC 8785 canonical JSON", "协议原文（规范 JSON）"}, "text/plain"},
         .errors = {{404, "contract.not_found"}},
         .handler = bind(contract_text)},
        {.method = "POST",
         .path = "/api/v1/contracts/{contract_id}/signatures",
         .operation_id = "signContract",
         .tag = "Contracts",
         .summary = {"Sign with a registered Ed25519 key; both signatures bring it into force",
                     "以已登记公钥签署；双方签署后生效"},
         .access = Access::needs(Permission::kSignContract),
         .body = BodyMode::kJson,
         .request_schema = &signature_schema(),
         .response = {201, {"The contract", "协议"}},
         .errors = {{404, "contract.not_found"},
                    {409, "contract.transition"},
                    {422, "contract.key"},
                    {422, "contract.signature"}},
         .write = true,
         .handler = bind(sign_contract)},
        supervision_route("/api/v1/contracts/{contract_id}/suspension", "suspendContract",
                          {"Suspend a contract", "暂停协议"}, Permission::kSuspendContract,
                          bind(supervise<ContractEvent::kSuspend>)),
        supervision_route("/api/v1/contracts/{contract_id}/resumption", "resumeContract",
                          {"Resume a suspended contract", "恢复协议"}, Permission::kSuspendContract,
                          bind(supervise<ContractEvent::kResume>)),
        supervision_route("/api/v1/contracts/{contract_id}/revocation", "revokeContract",
                          {"Revoke the authorization, and destroy the contract's key",
                           "撤销授权，并销毁协议密钥"},
                          Permission::kRevokeContract, bind(supervise<ContractEvent::kRevoke>)),
        supervision_route("/api/v1/contracts/{contract_id}/termination", "terminateContract",
                          {"Terminate a contract, drafted or in force, and destroy its key",
                           "终止协议（含尚未生效的），并销毁协议密钥"},
                          Permission::kRevokeContract, bind(supervise<ContractEvent::kTerminate>)),
    };
}

}  // namespace pdx::http
