#include "marketplace/http/handlers/application_routes.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/check.h"
#include "marketplace/app/application_view.h"
#include "marketplace/http/handlers/answer.h"
#include "marketplace/http/handlers/grant_terms.h"
#include "marketplace/http/handlers/private_part_routes.h"

namespace pdx::http {
namespace {

using domain::Permission;
using nlohmann::json;

template <class Enum>
Enum parsed(const json& body, const char* member) {
    const auto value = domain::parse<Enum>(body.at(member).get<std::string>());
    PDX_CHECK(value.has_value());
    return *value;
}

Date date_of(const json& body, const char* member) {
    const auto value = Date::parse(body.at(member).get<std::string>());
    PDX_CHECK(value.has_value());
    return *value;
}

const Schema& application_schema() {
    static const Schema schema =
        object({required("resource_id", uuid()), required("purpose", text(1, 2000)),
                required("beneficiary_class", choice_of<domain::BeneficiaryClass>()),
                required("term_from", date()), required("term_to", date()),
                required("fields", array(object({required("name", name_text(64)),
                                                 optional("operation", operation_schema())})
                                             .named("AskedField"),
                                         1, app::kApplicationFieldsMax))})
            .named("AccessApplication");
    return schema;
}

const Schema& ruling_schema() {
    static const Schema schema =
        object({required("fields",
                         array(object({required("name", name_text(64)),
                                       required("decision", choice_of<domain::FieldDecision>()),
                                       optional("operation", operation_schema()),
                                       optional("reason", text(0, 500))})
                                   .named("FieldRuling"),
                               1, app::kApplicationFieldsMax))})
            .named("SourceDecision");
    return schema;
}

const Schema& refusal_schema() {
    static const Schema schema = object({required("reason", text(1, 500))}).named("Refusal");
    return schema;
}

ApplicationId application_id(const Request& request) {
    return request.path_as<ApplicationId>("application_id");
}

Response apply_for_access(const Request& request, app::Services& services) {
    const json& body = request.json();
    const auto resource = ResourceId::parse(body.at("resource_id").get<std::string>());
    if (!resource) throw not_found("resource");
    app::ApplyForAccess input;
    input.resource = *resource;
    input.purpose = body.at("purpose").get<std::string>();
    input.beneficiary = parsed<domain::BeneficiaryClass>(body, "beneficiary_class");
    input.term_from = date_of(body, "term_from");
    input.term_to = date_of(body, "term_to");
    for (const json& field : body.at("fields")) {
        input.fields.push_back(
            {field.at("name").get<std::string>(), field.value("operation", std::string())});
    }
    return answer_with_texts(201, services.applications.apply(write_request(request), input),
                             services, "application");
}

Response decide_source(const Request& request, app::Services& services) {
    std::vector<domain::FieldRuling> rulings;
    for (const json& field : request.json().at("fields")) {
        rulings.push_back(
            {field.at("name").get<std::string>(), parsed<domain::FieldDecision>(field, "decision"),
             field.value("operation", std::string()), field.value("reason", std::string())});
    }
    return answer_with_texts(200,
                             services.applications.decide_source(write_request(request),
                                                                 application_id(request), rulings),
                             services, "application");
}

Response grant(const Request& request, app::Services& services) {
    return answer_with_texts(
        201,
        services.contracts.grant(write_request(request), application_id(request),
                                 grant_terms_of(request.json())),
        services, "contract");
}

Response refuse(const Request& request, app::Services& services) {
    return answer_with_texts(
        200,
        services.applications.refuse(write_request(request), application_id(request),
                                     request.json().at("reason").get<std::string>()),
        services, "application");
}

Response find_application(const Request& request, app::Services& services) {
    const auto found = services.applications.find(request.caller, application_id(request));
    return answer_one_with_texts(request, app::to_json(found), found.version,
                                 services.private_parts.texts_of("application", found.id.text()));
}

Response list_applications(const Request& request, app::Services& services,
                           const CursorCodec& cursors) {
    const Page page = page_of(request, cursors);
    const auto found = services.applications.list(request.caller, page.after, page.limit);
    return answer_rows(request, cursors, page, found, [&services](const auto& application) {
        return with_texts(services, app::to_summary(application), "application",
                          application.id.text());
    });
}

std::vector<Route> decision_routes(const Bind& bind) {
    return {
        {.method = "POST",
         .path = "/api/v1/applications/{application_id}/source-decision",
         .operation_id = "decideSource",
         .tag = "Applications",
         .summary = {"Rule on every field asked for; silence grants nothing",
                     "数源部门逐字段决定（沉默不视为同意）"},
         .access = Access::needs(Permission::kDecideSource),
         .body = BodyMode::kJson,
         .request_schema = &ruling_schema(),
         .response = {200, {"The application", "使用申请"}},
         .errors = {{404, "application.not_found"},
                    {409, "application.transition"},
                    {422, "application.rulings"},
                    {422, "application.operation"}},
         .write = true,
         .handler = bind(decide_source)},
        {.method = "POST",
         .path = "/api/v1/applications/{application_id}/grant",
         .operation_id = "grantAccess",
         .tag = "Applications",
         .summary = {"Grant: drafts the contract with its price ceiling and shares",
                     "授权：拟定协议、上限价格与收益分配比例"},
         .access = Access::needs(Permission::kDecideAccess),
         .body = BodyMode::kJson,
         .request_schema = &grant_schema(),
         .response = {201, {"The drafted contract", "拟定的协议"}},
         .errors = {{404, "application.not_found"},
                    {409, "application.transition"},
                    {409, "application.nothing_granted"},
                    {409, "application.not_admissible"},
                    {409, "canary.column_missing"},
                    {409, "delivery.column_unclassified"},
                    {409, "mark.column_class"},
                    {409, "mark.column_missing"},
                    {409, "mark.unit"},
                    {409, "price.not_permitted"},
                    {422, "canary.settings"},
                    {422, "contract.term"},
                    {422, "fingerprint.form"},
                    {422, "mark.identity"},
                    {422, "mark.settings"},
                    {422, "policy.scope"},
                    {422, "policy.step"},
                    {422, "split.rules"},
                    {422, "contract.risk_subject"},
                    {422, "contract.statistics_subject"},
                    {422, "contract.share_party"}},
         .write = true,
         .handler = bind(grant)},
        {.method = "POST",
         .path = "/api/v1/applications/{application_id}/refusal",
         .operation_id = "refuseAccess",
         .tag = "Applications",
         .summary = {"Refuse, with the reason", "不予授权并说明理由"},
         .access = Access::needs(Permission::kDecideAccess),
         .body = BodyMode::kJson,
         .request_schema = &refusal_schema(),
         .response = {200, {"The application", "使用申请"}},
         .errors = {{404, "application.not_found"}, {409, "application.transition"}},
         .write = true,
         .handler = bind(refuse)},
    };
}

}  // namespace

std::vector<Route> application_routes(const Bind& bind) {
    std::vector<Route> routes{
        {.method = "POST",
         .path = "/api/v1/applications",
         .operation_id = "applyForAccess",
         .tag = "Applications",
         .summary = {"Apply for fields of a resource and a purpose; admission is checked at once",
                     "申请使用资源字段（即时准入检查）"},
         .access = Access::needs(Permission::kApplyForAccess),
         .body = BodyMode::kJson,
         .request_schema = &application_schema(),
         .response = {201,
                      {"The application, checked, or refused with the reasons in its report",
                       "使用申请：检查通过，或不通过并列明理由"}},
         .errors = {{404, "resource.not_found"}, {422, "application.operation"}},
         .write = true,
         .handler = bind(apply_for_access)},
        {.method = "GET",
         .path = "/api/v1/applications",
         .operation_id = "listApplications",
         .tag = "Applications",
         .summary = {"List applications, without their fields", "使用申请列表"},
         .access = Access::needs(Permission::kReadOwn),
         .query = page_parameters(),
         .response = {200, {"Applications by id", "使用申请"}},
         .handler = bind(list_applications)},
        {.method = "GET",
         .path = "/api/v1/applications/{application_id}",
         .operation_id = "findApplication",
         .tag = "Applications",
         .summary = {"Read an application with its report", "查看使用申请及检查报告"},
         .access = Access::needs(Permission::kReadOwn),
         .response = {200, {"The application", "使用申请"}},
         .errors = {{404, "application.not_found"}},
         .handler = bind(find_application)},
    };
    for (Route& route : decision_routes(bind)) routes.push_back(std::move(route));
    return routes;
}

}  // namespace pdx::http
