#include "marketplace/http/handlers/dispute_routes.h"

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
constexpr std::int64_t kStatementMax = 8'000;

Response reply_dispute(int status, app::Services& services, const app::Outcome& outcome) {
    return answer_with_texts(status, outcome, services, "dispute");
}

DisputeId dispute_id(const Request& request) { return request.path_as<DisputeId>("dispute_id"); }

Response file_dispute(const Request& request, app::Services& services) {
    const json& body = request.json();
    const auto order = OrderId::parse(body.at("order_id").get<std::string>());
    if (!order) throw not_found("order");
    const auto reason = domain::parse<domain::DisputeReason>(body.at("reason").get<std::string>());
    PDX_CHECK(reason.has_value());
    return reply_dispute(201, services,
                         services.disputes.file(write_request(request),
                                                {*order, *reason, money_of(body.at("claimed")),
                                                 body.at("statement").get<std::string>()}));
}

Response list_disputes(const Request& request, app::Services& services,
                       const CursorCodec& cursors) {
    const Page page = page_of(request, cursors);
    const auto disputes = services.disputes.list(request.caller, page.after, page.limit);
    return answer_rows(request, cursors, page, disputes, [&services](const auto& dispute) {
        return with_texts(services, app::to_json(dispute), "dispute", dispute.id.text());
    });
}

Response find_dispute(const Request& request, app::Services& services) {
    const auto dispute = services.disputes.find(request.caller, dispute_id(request));
    return answer_one_with_texts(request, app::to_json(dispute), dispute.version,
                                 services.private_parts.texts_of("dispute", dispute.id.text()));
}

Response decide_acceptance(const Request& request, app::Services& services) {
    const json& body = request.json();
    const auto decision = body.at("decision").get<std::string>() == "accept"
                              ? app::AcceptanceDecision::kAccept
                              : app::AcceptanceDecision::kNotAccept;
    return reply_dispute(
        200, services,
        services.disputes.decide_acceptance(write_request(request), dispute_id(request), decision,
                                            body.value("reason", std::string())));
}

Response answer_dispute(const Request& request, app::Services& services) {
    return reply_dispute(200, services,
                         services.disputes.answer(write_request(request), dispute_id(request),
                                                  request.json().at("answer").get<std::string>()));
}

Response decide_dispute(const Request& request, app::Services& services) {
    const json& body = request.json();
    return reply_dispute(200, services,
                         services.disputes.decide(write_request(request), dispute_id(request),
                                                  money_of(body.at("refund")),
                                                  body.at("reasons").get<std::string>()));
}

Response execute_decision(const Request& request, app::Services& services) {
    return reply_dispute(200, services,
                         services.disputes.execute(write_request(request), dispute_id(request)));
}

const Schema& filing_schema() {
    static const Schema schema = [] {
        return object({required("order_id", uuid()),
                       required("reason", choice_of<domain::DisputeReason>()),
                       required("claimed", money()), required("statement", text(1, kStatementMax))})
            .named("DisputeFiling");
    }();
    return schema;
}

const Schema& acceptance_schema() {
    static const Schema schema = object({required("decision", choice({"accept", "not_accept"})),
                                         optional("reason", text(0, kReasonMax))})
                                     .named("DisputeAcceptance");
    return schema;
}

const Schema& answer_schema() {
    static const Schema schema =
        object({required("answer", text(1, kStatementMax))}).named("DisputeAnswer");
    return schema;
}

const Schema& decision_schema() {
    static const Schema schema =
        object({required("refund", money()), required("reasons", text(1, kStatementMax))})
            .named("DisputeDecision");
    return schema;
}

/// What is answered; a write's answer has its receipt, too.
const Schema& dispute_schema() {
    constexpr std::int64_t kEvidenceMax = 4'000;
    static const Schema schema =
        object({required("dispute_id", uuid()),
                required("order_id", uuid()),
                required("claimant_id", uuid()),
                required("respondent_id", uuid()),
                required("arbitrator_id", uuid().or_null()),
                required("reason", choice_of<domain::DisputeReason>()),
                required("claimed", money()),
                required("held", money()),
                required("refund", money().or_null()),
                required("order_state", choice_of<domain::OrderState>()),
                required("statement", private_text()),
                required("answer", private_text()),
                required("decision", private_text()),
                required("acceptance_reason", private_text()),
                required("private_parts", private_parts_schema()),
                required("evidence", array(integer(0, kCountMax), 0, kEvidenceMax)),
                required("state", choice_of<domain::DisputeState>()),
                required("version", integer(1, kCountMax)),
                required("created_at", date_time()),
                required("updated_at", date_time()),
                optional("receipt", receipt_schema())})
            .named("Dispute");
    return schema;
}

std::vector<Route> party_side(const Bind& bind) {
    return {
        {.method = "POST",
         .path = "/api/v1/disputes",
         .operation_id = "fileDispute",
         .tag = "Disputes",
         .summary = {"File a dispute over an order; what is claimed is held",
                     "就订单提起争议并冻结主张金额"},
         .access = Access::needs(Permission::kFileDispute),
         .body = BodyMode::kJson,
         .request_schema = &filing_schema(),
         .response =
             {201, {"The dispute with its hold", "争议及冻结金额"}, kJsonType, &dispute_schema()},
         .errors = {{404, "order.not_found"},
                    {409, "deadline.passed"},
                    {409, "dispute.already_open"},
                    {409, "dispute.nothing_to_hold"},
                    {409, "dispute.payout_started"},
                    {409, "order.transition"},
                    {422, "dispute.amount"}},
         .write = true,
         .handler = bind(file_dispute)},
        {.method = "GET",
         .path = "/api/v1/disputes",
         .operation_id = "listDisputes",
         .tag = "Disputes",
         .summary = {"List disputes: the caller's, or all for an arbitrator", "争议列表"},
         .access = Access::needs(Permission::kReadOwn),
         .query = page_parameters(),
         .response = {200, {"Disputes by id", "争议"}},
         .handler = bind(list_disputes)},
        {.method = "GET",
         .path = "/api/v1/disputes/{dispute_id}",
         .operation_id = "findDispute",
         .tag = "Disputes",
         .summary = {"Read a dispute", "查看争议"},
         .access = Access::needs(Permission::kReadOwn),
         .response = {200, {"The dispute", "争议"}, kJsonType, &dispute_schema()},
         .errors = {{404, "dispute.not_found"}},
         .handler = bind(find_dispute)},
        {.method = "POST",
         .path = "/api/v1/disputes/{dispute_id}/answer",
         .operation_id = "answerDispute",
         .tag = "Disputes",
         .summary = {"Answer a dispute; the evidence is locked", "答辩并固定证据"},
         .access = Access::needs(Permission::kAnswerDispute),
         .body = BodyMode::kJson,
         .request_schema = &answer_schema(),
         .response = {200,
                      {"The dispute with the log indexes of its evidence", "争议及证据序号"},
                      kJsonType,
                      &dispute_schema()},
         .errors = {{403, "dispute.respondent"},
                    {404, "dispute.not_found"},
                    {409, "dispute.transition"}},
         .write = true,
         .handler = bind(answer_dispute)},
    };
}

std::vector<Route> exchange_side(const Bind& bind) {
    return {
        {.method = "POST",
         .path = "/api/v1/disputes/{dispute_id}/acceptance",
         .operation_id = "acceptDispute",
         .tag = "Disputes",
         .summary = {"Accept a dispute, or not: then its hold is released", "受理或不予受理"},
         .access = Access::needs(Permission::kAcceptDispute),
         .body = BodyMode::kJson,
         .request_schema = &acceptance_schema(),
         .response = {200, {"The dispute", "争议"}, kJsonType, &dispute_schema()},
         .errors = {{404, "dispute.not_found"}, {409, "dispute.transition"}},
         .write = true,
         .handler = bind(decide_acceptance)},
        {.method = "POST",
         .path = "/api/v1/disputes/{dispute_id}/decision",
         .operation_id = "decideDispute",
         .tag = "Disputes",
         .summary = {"Decide a dispute on the locked evidence", "作出处理决定"},
         .access = Access::needs(Permission::kDecideDispute),
         .body = BodyMode::kJson,
         .request_schema = &decision_schema(),
         .response = {200, {"The dispute", "争议"}, kJsonType, &dispute_schema()},
         .errors = {{404, "dispute.not_found"},
                    {409, "deadline.not_over"},
                    {409, "dispute.transition"},
                    {422, "dispute.refund"}},
         .write = true,
         .handler = bind(decide_dispute)},
        {.method = "POST",
         .path = "/api/v1/disputes/{dispute_id}/execution",
         .operation_id = "executeDecision",
         .tag = "Disputes",
         .summary = {"Execute a decision: refund, and release of the rest of the hold",
                     "执行处理决定：退款并解除剩余冻结"},
         .access = Access::needs(Permission::kExecuteDecision),
         .body = BodyMode::kJson,
         .request_schema = &empty_schema(),
         .response = {200, {"The dispute", "争议"}, kJsonType, &dispute_schema()},
         .errors = {{404, "dispute.not_found"}, {409, "dispute.transition"}},
         .write = true,
         .handler = bind(execute_decision)},
    };
}

}  // namespace

std::vector<Route> dispute_routes(const Bind& bind) {
    std::vector<Route> routes = party_side(bind);
    const std::vector<Route> more = exchange_side(bind);
    routes.insert(routes.end(), more.begin(), more.end());
    return routes;
}

}  // namespace pdx::http
