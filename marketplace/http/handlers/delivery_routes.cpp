#include "marketplace/http/handlers/delivery_routes.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "marketplace/app/order_view.h"
#include "marketplace/http/handlers/answer.h"

namespace pdx::http {
namespace {

using domain::Permission;
using nlohmann::json;

constexpr std::string_view kCsvType = "text/csv; charset=utf-8; header=present";

Response deliver_order(const Request& request, app::Services& services) {
    return answer(201, services.deliveries.deliver(write_request(request),
                                                   request.path_as<OrderId>("order_id")));
}

Response list_deliveries(const Request& request, app::Services& services,
                         const CursorCodec& cursors) {
    const Page page = page_of(request, cursors);
    const auto deliveries = services.deliveries.list(
        request.caller, request.path_as<OrderId>("order_id"), page.after, page.limit);
    return answer_rows(request, cursors, page, deliveries,
                       [](const auto& delivery) { return app::to_json(delivery); });
}

Response find_delivery(const Request& request, app::Services& services) {
    const auto delivery =
        services.deliveries.find(request.caller, request.path_as<DeliveryId>("delivery_id"));
    return answer_one(request, app::to_json(delivery), delivery.version);
}

Response content_head(const store::Delivery& delivery) {
    Response response;
    response.content_type = kCsvType;
    response.length = static_cast<std::uint64_t>(delivery.output_bytes);
    response.with("Cache-Control", "no-store");
    response.with("Content-Disposition",
                  "attachment; filename=\"delivery-" + delivery.id.text() + ".csv\"");
    response.with("Digest-SHA-256", delivery.output_digest.hex());
    return response;
}

Response send_content(const Request& request, app::Services& services) {
    const auto id = request.path_as<DeliveryId>("delivery_id");
    if (request.method == "HEAD") {  // no bytes leave, so nothing is metered
        return content_head(services.deliveries.find(request.caller, id));
    }
    app::Download download = services.deliveries.download(request.caller, id);
    Response response = content_head(download.delivery);
    response.with("Receipt-Index", std::to_string(download.outcome.receipt.index));
    // Shared only because a std::function has to be copyable.
    const auto content = std::make_shared<catalog::BlobReader>(std::move(download.content));
    response.producer = [content](BodyWriter& out) {
        for (ByteView piece = content->next(); !piece.empty(); piece = content->next()) {
            out.write(piece);
        }
    };
    return response;
}

}  // namespace

std::vector<Route> delivery_routes(const Bind& bind) {
    return {
        {.method = "POST",
         .path = "/api/v1/orders/{order_id}/deliveries",
         .operation_id = "deliverOrder",
         .tag = "Deliveries",
         .summary = {"Mask the newest data under the contract and publish it to the buyer",
                     "按协议脱敏最新数据并交付"},
         .access = Access::needs(Permission::kDeliverOrder),
         .body = BodyMode::kJson,
         .request_schema = &empty_schema(),
         .response = {201, {"The delivery with its masking report", "交付及脱敏报告"}},
         .errors = {{404, "order.not_found"},
                    {409, "canary.column_missing"},
                    {409, "contract.key_destroyed"},
                    {409, "contract.not_live"},
                    {409, "delivery.classes_changed"},
                    {409, "delivery.out_of_scope"},
                    {409, "delivery.column_unclassified"},
                    {409, "delivery.failed"},
                    {409, "delivery.no_dataset"},
                    {409, "delivery.personal_data_in_output"},
                    {409, "delivery.risk"},
                    {409, "delivery.joint_risk"},
                    {409, "delivery.releases_changed"},
                    {409, "delivery.policy"},
                    {409, "delivery.resource"},
                    {409, "mark.column_class"},
                    {409, "mark.column_missing"},
                    {409, "mark.unit"},
                    {409, "order.redeliveries"},
                    {409, "order.transition"},
                    {503, "delivery.in_progress"},
                    {503, "delivery.timed_out"}},
         .write = true,
         .handler = bind(deliver_order)},
        {.method = "GET",
         .path = "/api/v1/orders/{order_id}/deliveries",
         .operation_id = "listDeliveries",
         .tag = "Deliveries",
         .summary = {"List the deliveries of an order", "订单的交付记录"},
         .access = Access::needs(Permission::kReadOwn),
         .query = page_parameters(),
         .response = {200, {"Deliveries, oldest first", "交付记录"}},
         .errors = {{404, "order.not_found"}},
         .handler = bind(list_deliveries)},
        {.method = "GET",
         .path = "/api/v1/deliveries/{delivery_id}",
         .operation_id = "findDelivery",
         .tag = "Deliveries",
         .summary = {"Read a delivery and its masking report", "查看交付及脱敏报告"},
         .access = Access::needs(Permission::kReadOwn),
         .response = {200, {"The delivery", "交付"}},
         .errors = {{404, "delivery.not_found"}},
         .handler = bind(find_delivery)},
        {.method = "GET",
         .path = "/api/v1/deliveries/{delivery_id}/content",
         .operation_id = "downloadDelivery",
         .tag = "Deliveries",
         .summary = {"Download the masked data; every download is recorded first",
                     "下载脱敏数据，每次下载均先行计量"},
         .access = Access::needs(Permission::kDownloadDelivery),
         .response = {200, {"The rows as CSV", "数据（CSV）"}, kCsvType},
         .errors = {{404, "delivery.not_found"},
                    {409, "delivery.gate"},
                    {409, "delivery.transition"}},
         .handler = bind(send_content)},
    };
}

}  // namespace pdx::http
