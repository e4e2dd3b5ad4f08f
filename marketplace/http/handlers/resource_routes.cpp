#include "marketplace/http/handlers/resource_routes.h"

#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "base/check.h"
#include "marketplace/app/resource_view.h"
#include "marketplace/domain/terms.h"
#include "marketplace/http/handlers/answer.h"

namespace pdx::http {
namespace {

using domain::Permission;
using domain::RegistrationEvent;
using nlohmann::json;

template <class Enum>
Schema catalog_choice() {
    std::vector<std::string> values;
    for (const auto& row : catalog::names_of(Enum{})) values.emplace_back(row.wire);
    return choice(values);
}

const Schema& resource_schema() {
    static const Schema schema =
        object({required("title_zh", text(1, 100)), required("title_en", text(1, 100)),
                required("summary_zh", text(1, 2000)), required("summary_en", text(0, 2000)),
                optional("keywords", text(0, 300)), required("topic", text(0, 64)),
                required("department_code", text(1, 18)),
                required("source_kind", catalog_choice<catalog::SourceKind>()),
                required("source_statement", text(0, 2000)),
                required("sharing_kind", catalog_choice<catalog::SharingKind>()),
                required("open_kind", choice_of<domain::OpenKind>()),
                required("security_grade", choice_of<domain::SecurityGrade>()),
                required("pi_level", choice_of<domain::PersonalDataLevel>()),
                required("access_method", catalog_choice<catalog::AccessMethod>()),
                required("update_frequency", catalog_choice<catalog::UpdateFrequency>()),
                optional("industry_code", text(0, 16)),
                required("fields",
                         array(object({required("name", name_text(64)),
                                       required("label_zh", text(1, 100)),
                                       required("data_type", text(1, 64)),
                                       required("declared_class", choice_of<domain::FieldClass>())})
                                   .named("ResourceField"),
                               1, 1000))})
            .named("ResourceRegistration");
    return schema;
}

const Schema& submission_schema() {
    static const Schema schema =
        object({required("internally_reviewed",
                         boolean().described("A second person of the holder reviewed it."))})
            .named("Submission");
    return schema;
}

const Schema& acceptance_schema() {
    static const Schema schema =
        object({required("decision", choice({"accept", "return", "not_accept"})),
                optional("reason", text(0, 500))})
            .named("AcceptanceDecision");
    return schema;
}

const Schema& resource_review_schema() {
    static const Schema schema =
        object({required("decision", choice({"pass_review", "fail_review"})),
                optional("reason", text(0, 500))})
            .named("ReviewDecision");
    return schema;
}

app::ResourceInput read_input(const json& body) {
    const auto word = [&](const char* member) { return body.at(member).get<std::string>(); };
    app::ResourceInput input;
    catalog::Resource& record = input.record;
    record.title_zh = word("title_zh");
    record.title_en = word("title_en");
    record.summary_zh = word("summary_zh");
    record.summary_en = word("summary_en");
    record.keywords = body.value("keywords", std::string());
    record.topic = word("topic");
    record.source_kind = catalog::parse_wire<catalog::SourceKind>(word("source_kind")).value();
    record.source_statement = word("source_statement");
    record.sharing_kind = catalog::parse_wire<catalog::SharingKind>(word("sharing_kind")).value();
    record.open_kind = word("open_kind");
    record.security_grade = word("security_grade");
    record.pi_level = word("pi_level");
    record.access_method =
        catalog::parse_wire<catalog::AccessMethod>(word("access_method")).value();
    record.update_frequency =
        catalog::parse_wire<catalog::UpdateFrequency>(word("update_frequency")).value();
    record.industry_code = body.value("industry_code", std::string());
    input.department_code = word("department_code");
    for (const json& field : body.at("fields")) {
        input.fields.push_back({field.at("name").get<std::string>(),
                                field.at("label_zh").get<std::string>(),
                                field.at("data_type").get<std::string>(), std::nullopt,
                                field.at("declared_class").get<std::string>()});
    }
    return input;
}

ResourceId resource_id(const Request& request) {
    return request.path_as<ResourceId>("resource_id");
}

Response register_resource(const Request& request, app::Services& services) {
    return answer(201, services.resources.register_resource(write_request(request),
                                                            read_input(request.json())));
}

Response edit_resource(const Request& request, app::Services& services) {
    return answer(
        200, services.resources.edit(write_request(request), resource_id(request),
                                     if_match(request, "resource"), read_input(request.json())));
}

Response submit_resource(const Request& request, app::Services& services) {
    return answer(200,
                  services.resources.submit(write_request(request), resource_id(request),
                                            request.json().at("internally_reviewed").get<bool>()));
}

RegistrationEvent decision(const json& body) {
    const auto event = domain::parse<RegistrationEvent>(body.at("decision").get<std::string>());
    PDX_CHECK(event.has_value());
    return *event;
}

Response accept_resource(const Request& request, app::Services& services) {
    const json& body = request.json();
    return answer(
        200, services.resources.accept(write_request(request), resource_id(request), decision(body),
                                       body.value("reason", std::string())));
}

Response review_resource(const Request& request, app::Services& services) {
    const json& body = request.json();
    return answer(
        200, services.resources.review(write_request(request), resource_id(request), decision(body),
                                       body.value("reason", std::string())));
}

Response issue_code(const Request& request, app::Services& services) {
    return answer(200, services.resources.issue_code(write_request(request), resource_id(request)));
}

Response find_resource(const Request& request, app::Services& services) {
    const auto found = services.resources.find(request.caller, resource_id(request));
    return answer_one(request, app::to_json(found.resource, found.fields), found.resource.version);
}

Response list_resources(const Request& request, app::Services& services,
                        const CursorCodec& cursors) {
    const Page page = page_of(request, cursors);
    const app::ResourceFilter filter{request.query_text("q").value_or(""),
                                     request.query_text("state").value_or("")};
    const auto found = services.resources.list(request.caller, filter, page.after, page.limit);
    json items = json::array();
    for (const auto& resource : found.items) items.push_back(app::summary_json(resource));
    return answer_page(request, cursors, std::move(items), found.next);
}

}  // namespace

// NOLINTNEXTLINE(readability-function-size): one table, a row for each route
std::vector<Route> resource_routes(const Bind& bind) {
    std::vector<QueryParameter> list_query = page_parameters();
    list_query.push_back(
        {"q",
         text(0, 200),
         {"Chinese or English words; all must match", "中文或英文检索词，须全部匹配"}});
    list_query.push_back({"state", choice_of<domain::RegistrationState>(), {"State", "状态"}});
    const std::vector<ErrorRow> desk_errors{
        {403, "duties.separated"}, {404, "resource.not_found"}, {409, "registration.transition"}};
    return {
        {.method = "POST",
         .path = "/api/v1/resources",
         .operation_id = "registerResource",
         .tag = "Resources",
         .summary = {"Register a public-data resource with its field dictionary",
                     "编制公共数据资源登记（含数据项字典）"},
         .access = Access::needs(Permission::kRegisterResource),
         .body = BodyMode::kJson,
         .request_schema = &resource_schema(),
         .response = {201, {"The draft", "登记草稿"}},
         .errors = {{422, "resource.title"}, {422, "field.duplicate"}},
         .write = true,
         .handler = bind(register_resource)},
        {.method = "GET",
         .path = "/api/v1/resources",
         .operation_id = "listResources",
         .tag = "Resources",
         .summary = {"Search or list resources", "检索资源目录"},
         .access = Access::open(),
         .query = list_query,
         .response = {200, {"Resources", "资源列表"}},
         .handler = bind(list_resources)},
        {.method = "GET",
         .path = "/api/v1/resources/{resource_id}",
         .operation_id = "findResource",
         .tag = "Resources",
         .summary = {"Read a resource", "查看资源"},
         .access = Access::open(),
         .response = {200, {"The resource", "资源"}},
         .errors = {{404, "resource.not_found"}},
         .handler = bind(find_resource)},
        {.method = "PUT",
         .path = "/api/v1/resources/{resource_id}",
         .operation_id = "editResource",
         .tag = "Resources",
         .summary = {"Edit a draft or returned resource; needs If-Match",
                     "修改草稿或退回的登记（须带 If-Match）"},
         .access = Access::needs(Permission::kRegisterResource),
         .body = BodyMode::kJson,
         .request_schema = &resource_schema(),
         .response = {200, {"The resource", "资源"}},
         .errors = {{404, "resource.not_found"},
                    {409, "resource.not_editable"},
                    {412, "resource.stale"},
                    {428, "resource.precondition_required"}},
         .write = true,
         .handler = bind(edit_resource)},
        {.method = "POST",
         .path = "/api/v1/resources/{resource_id}/submission",
         .operation_id = "submitResource",
         .tag = "Resources",
         .summary = {"Submit for registration", "提交登记申请"},
         .access = Access::needs(Permission::kSubmitResource),
         .body = BodyMode::kJson,
         .request_schema = &submission_schema(),
         .response = {200, {"The resource", "资源"}},
         .errors = {{404, "resource.not_found"},
                    {409, "registration.incomplete"},
                    {409, "registration.transition"}},
         .write = true,
         .handler = bind(submit_resource)},
        {.method = "POST",
         .path = "/api/v1/resources/{resource_id}/acceptance",
         .operation_id = "acceptResource",
         .tag = "Resources",
         .summary = {"Accept, return or refuse a submission", "受理、退回补正或不予受理"},
         .access = Access::needs(Permission::kAcceptRegistration),
         .body = BodyMode::kJson,
         .request_schema = &acceptance_schema(),
         .response = {200, {"The resource", "资源"}},
         .errors = desk_errors,
         .write = true,
         .handler = bind(accept_resource)},
        {.method = "POST",
         .path = "/api/v1/resources/{resource_id}/review",
         .operation_id = "reviewResource",
         .tag = "Resources",
         .summary = {"Pass or fail the review; passing opens the public notice",
                     "审核；通过后进入公示"},
         .access = Access::needs(Permission::kReviewRegistration),
         .body = BodyMode::kJson,
         .request_schema = &resource_review_schema(),
         .response = {200, {"The resource", "资源"}},
         .errors = desk_errors,
         .write = true,
         .handler = bind(review_resource)},
        {.method = "POST",
         .path = "/api/v1/resources/{resource_id}/code",
         .operation_id = "issueCode",
         .tag = "Resources",
         .summary = {"End the notice and issue the registration code", "公示期满，赋予登记编码"},
         .access = Access::needs(Permission::kIssueCode),
         .body = BodyMode::kJson,
         .request_schema = &empty_schema(),
         .response = {200, {"The active resource", "有效登记"}},
         .errors = {{403, "duties.separated"},
                    {404, "resource.not_found"},
                    {409, "deadline.not_over"},
                    {409, "registration.transition"}},
         .write = true,
         .handler = bind(issue_code)},
    };
}

}  // namespace pdx::http
