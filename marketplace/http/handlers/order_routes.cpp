#include "marketplace/http/handlers/order_routes.h"

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "marketplace/app/order_view.h"
#include "marketplace/http/handlers/answer.h"
#include "marketplace/http/handlers/private_part_routes.h"

namespace pdx::http {
namespace {

using domain::Permission;
using nlohmann::json;

/// Unit: characters.
constexpr std::int64_t kPurposeMax = 2'000;
constexpr std::int64_t kReferenceMax = 64;

Response reply_order(int status, app::Services& services, const app::Outcome& outcome) {
    return answer_with_texts(status, outcome, services, "order");
}

OrderId order_id(const Request& request) { return request.path_as<OrderId>("order_id"); }

Response place_order(const Request& request, app::Services& services) {
    const json& body = request.json();
    const auto listing = ListingId::parse(body.at("listing_id").get<std::string>());
    if (!listing) throw not_found("listing");
    return reply_order(201, services,
                       services.orders.place(write_request(request),
                                             {*listing, body.at("purpose").get<std::string>()}));
}

Response list_orders(const Request& request, app::Services& services, const CursorCodec& cursors) {
    const Page page = page_of(request, cursors);
    const auto orders = services.orders.list(request.caller, page.after, page.limit);
    return answer_rows(request, cursors, page, orders, [&services](const auto& order) {
        return with_texts(services, app::to_json(order), "order", order.id.text());
    });
}

Response find_order(const Request& request, app::Services& services) {
    const auto order = services.orders.find(request.caller, order_id(request));
    return answer_one_with_texts(request, app::to_json(order), order.version,
                                 services.private_parts.texts_of("order", order.id.text()));
}

Response pay_order(const Request& request, app::Services& services) {
    return reply_order(200, services,
                       services.orders.pay(write_request(request), order_id(request),
                                           request.json().at("bank_reference").get<std::string>()));
}

Response cancel_order(const Request& request, app::Services& services) {
    return reply_order(200, services,
                       services.orders.cancel(write_request(request), order_id(request)));
}

Response accept_order(const Request& request, app::Services& services) {
    return reply_order(200, services,
                       services.orders.accept(write_request(request), order_id(request)));
}

Response reject_order(const Request& request, app::Services& services) {
    return reply_order(200, services,
                       services.orders.reject(write_request(request), order_id(request),
                                              request.json().at("reason").get<std::string>()));
}

const Schema& placing_schema() {
    static const Schema schema =
        object({required("listing_id", uuid()), required("purpose", text(1, kPurposeMax))})
            .named("OrderPlacing");
    return schema;
}

const Schema& payment_schema() {
    static const Schema schema =
        object({required("bank_reference",
                         text(1, kReferenceMax)
                             .described("The reference under which the bank received the money."))})
            .named("OrderPayment");
    return schema;
}

const Schema& rejection_schema() {
    static const Schema schema =
        object({required("reason", text(1, kReasonMax))}).named("OrderRejection");
    return schema;
}

/// What is answered; a write's answer has its receipt, too.
const Schema& order_schema() {
    static const Schema schema =
        object({required("order_id", uuid()), required("listing_id", uuid()),
                required("product_id", uuid()), required("contract_id", uuid()),
                required("operator_id", uuid()), required("buyer_id", uuid()),
                required("amount", money()), required("refunded", money()),
                required("deliveries", integer(0, kCountMax)),
                required("acceptance_due", date().or_null()), required("purpose", private_text()),
                required("rejection", private_text()),
                required("private_parts", private_parts_schema()),
                required("state", choice_of<domain::OrderState>()),
                required("version", integer(1, kCountMax)), required("created_at", date_time()),
                required("updated_at", date_time()), optional("receipt", receipt_schema())})
            .named("Order");
    return schema;
}

std::vector<Route> reading_routes(const Bind& bind) {
    return {
        {.method = "GET",
         .path = "/api/v1/orders",
         .operation_id = "listOrders",
         .tag = "Orders",
         .summary = {"List the orders that are the caller's", "本方订单列表"},
         .access = Access::needs(Permission::kReadOwn),
         .query = page_parameters(),
         .response = {200, {"Orders by id", "订单"}},
         .handler = bind(list_orders)},
        {.method = "GET",
         .path = "/api/v1/orders/{order_id}",
         .operation_id = "findOrder",
         .tag = "Orders",
         .summary = {"Read an order", "查看订单"},
         .access = Access::needs(Permission::kReadOwn),
         .response = {200, {"The order", "订单"}, kJsonType, &order_schema()},
         .errors = {{404, "order.not_found"}},
         .handler = bind(find_order)},
    };
}

std::vector<Route> paying_routes(const Bind& bind) {
    return {
        {.method = "POST",
         .path = "/api/v1/orders",
         .operation_id = "placeOrder",
         .tag = "Orders",
         .summary = {"Order what is listed", "下单"},
         .access = Access::needs(Permission::kPlaceOrder),
         .body = BodyMode::kJson,
         .request_schema = &placing_schema(),
         .response = {201, {"The order", "订单"}, kJsonType, &order_schema()},
         .errors = {{403, "order.related_party"},
                    {404, "listing.not_found"},
                    {409, "contract.not_live"},
                    {409, "listing.not_listed"}},
         .write = true,
         .handler = bind(place_order)},
        {.method = "POST",
         .path = "/api/v1/orders/{order_id}/payment",
         .operation_id = "payOrder",
         .tag = "Orders",
         .summary = {"Pay an order into escrow", "付款至托管账户"},
         .access = Access::needs(Permission::kPayOrder),
         .body = BodyMode::kJson,
         .request_schema = &payment_schema(),
         .response = {200, {"The order", "订单"}, kJsonType, &order_schema()},
         .errors = {{404, "order.not_found"},
                    {409, "contract.not_live"},
                    {409, "order.transition"},
                    {409, "payment.not_arrived"},
                    {409, "payment.reference_used"},
                    {422, "payment.amount"}},
         .write = true,
         .handler = bind(pay_order)},
        {.method = "POST",
         .path = "/api/v1/orders/{order_id}/cancellation",
         .operation_id = "cancelOrder",
         .tag = "Orders",
         .summary = {"Cancel an order; what is in escrow goes back to the buyer's wallet",
                     "取消订单，托管款项退回买方资金账户"},
         .access = Access::needs(Permission::kCancelOrder),
         .body = BodyMode::kJson,
         .request_schema = &empty_schema(),
         .response = {200, {"The order", "订单"}, kJsonType, &order_schema()},
         .errors = {{404, "order.not_found"},
                    {409, "order.redelivery_open"},
                    {409, "order.transition"}},
         .write = true,
         .handler = bind(cancel_order)},
    };
}

std::vector<Route> inspecting_routes(const Bind& bind) {
    return {
        {.method = "POST",
         .path = "/api/v1/orders/{order_id}/acceptance",
         .operation_id = "acceptOrder",
         .tag = "Orders",
         .summary = {"Accept what was delivered", "验收合格"},
         .access = Access::needs(Permission::kAcceptDelivery),
         .body = BodyMode::kJson,
         .request_schema = &empty_schema(),
         .response = {200, {"The order", "订单"}, kJsonType, &order_schema()},
         .errors = {{404, "order.not_found"}, {409, "order.transition"}},
         .write = true,
         .handler = bind(accept_order)},
        {.method = "POST",
         .path = "/api/v1/orders/{order_id}/rejection",
         .operation_id = "rejectOrder",
         .tag = "Orders",
         .summary = {"Reject what was delivered; the operator may deliver again",
                     "验收不合格，运营机构可重新交付"},
         .access = Access::needs(Permission::kRejectDelivery),
         .body = BodyMode::kJson,
         .request_schema = &rejection_schema(),
         .response = {200, {"The order", "订单"}, kJsonType, &order_schema()},
         .errors = {{404, "order.not_found"}, {409, "deadline.passed"}, {409, "order.transition"}},
         .write = true,
         .handler = bind(reject_order)},
    };
}

}  // namespace

std::vector<Route> order_routes(const Bind& bind) {
    std::vector<Route> routes = paying_routes(bind);
    for (auto& more : {inspecting_routes(bind), reading_routes(bind)}) {
        routes.insert(routes.end(), more.begin(), more.end());
    }
    return routes;
}

}  // namespace pdx::http
