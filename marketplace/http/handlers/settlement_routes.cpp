#include "marketplace/http/handlers/settlement_routes.h"

#include <nlohmann/json.hpp>

#include "marketplace/app/order_view.h"
#include "marketplace/http/handlers/answer.h"

namespace pdx::http {
namespace {

using domain::Permission;
using nlohmann::json;

Response settle_order(const Request& request, app::Services& services) {
    return answer(201, services.settlements.settle(write_request(request),
                                                   request.path_as<OrderId>("order_id")));
}

Response pay_out(const Request& request, app::Services& services) {
    return answer(200, services.settlements.pay_out(
                           write_request(request), request.path_as<SettlementId>("settlement_id")));
}

Response find_settlement(const Request& request, app::Services& services) {
    const auto settlement =
        services.settlements.find(request.caller, request.path_as<SettlementId>("settlement_id"));
    return answer_one(request, app::to_json(settlement), settlement.version);
}

Response find_settlement_of_order(const Request& request, app::Services& services) {
    const auto settlement =
        services.settlements.find_of_order(request.caller, request.path_as<OrderId>("order_id"));
    return answer_one(request, app::to_json(settlement), settlement.version);
}

}  // namespace

std::vector<Route> settlement_routes(const Bind& bind) {
    return {
        {.method = "POST",
         .path = "/api/v1/orders/{order_id}/settlement",
         .operation_id = "settleOrder",
         .tag = "Settlements",
         .summary = {"Split what is in escrow by the contract's shares", "按协议比例分配托管款项"},
         .access = Access::needs(Permission::kSettleOrder),
         .body = BodyMode::kJson,
         .request_schema = &empty_schema(),
         .response = {201, {"The settlement", "结算单"}},
         .errors = {{404, "order.not_found"},
                    {409, "order.not_received"},
                    {409, "order.transition"}},
         .write = true,
         .handler = bind(settle_order)},
        {.method = "GET",
         .path = "/api/v1/orders/{order_id}/settlement",
         .operation_id = "findSettlementOfOrder",
         .tag = "Settlements",
         .summary = {"Read the settlement of an order", "查看订单的结算单"},
         .access = Access::needs(Permission::kReadOwn),
         .response = {200, {"The settlement", "结算单"}},
         .errors = {{404, "settlement.not_found"}},
         .handler = bind(find_settlement_of_order)},
        {.method = "POST",
         .path = "/api/v1/settlements/{settlement_id}/payout",
         .operation_id = "payOut",
         .tag = "Settlements",
         .summary = {"Instruct the bank; repeat while the answer is unknown",
                     "指令银行划付；结果未知时可重复提交"},
         .access = Access::needs(Permission::kSettleOrder),
         .body = BodyMode::kJson,
         .request_schema = &empty_schema(),
         .response = {200, {"The settlement: paid, failed, or still instructed", "结算单"}},
         .errors = {{404, "settlement.not_found"},
                    {409, "order.transition"},
                    {409, "settlement.transition"},
                    {503, "settlement.in_progress"}},
         .write = true,
         .handler = bind(pay_out)},
        {.method = "GET",
         .path = "/api/v1/settlements/{settlement_id}",
         .operation_id = "findSettlement",
         .tag = "Settlements",
         .summary = {"Read a settlement", "查看结算单"},
         .access = Access::needs(Permission::kReadOwn),
         .response = {200, {"The settlement", "结算单"}},
         .errors = {{404, "settlement.not_found"}},
         .handler = bind(find_settlement)},
    };
}

}  // namespace pdx::http
