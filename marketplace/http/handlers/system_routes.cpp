#include "marketplace/http/handlers/system_routes.h"

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/error.h"
#include "marketplace/http/handlers/home_page.h"
#include "marketplace/http/openapi.h"
#include "marketplace/http/reference.h"

namespace pdx::http {
namespace {

ApiInfo api_info() {
    return {{"Public data exchange", "公共数据交易平台"},
            {"Registration, authorization, trade and audit of public data products.",
             "公共数据产品的登记、授权、交易与审计。"},
            "1"};
}

Response health(const Request& /*request*/) {
    Response response;
    response.body = R"({"status":"ok"})";
    return response;
}

Response readiness(const std::function<bool()>& ready, const PatrolReader& patrol) {
    const auto check = patrol ? patrol() : std::optional<app::PatrolStatus>();
    if (check && check->damage) {
        throw busy("exchange.not_ready",
                   {"The stored ledger is damaged at " + check->damage->place +
                        ". Writes are stopped, reads go on.",
                    "账本存储在 " + check->damage->place + " 处损坏，已停止写入，查询不受影响。"});
    }
    if (!ready()) {
        throw busy("exchange.not_ready",
                   {"Writes are not accepted at the moment.", "暂时不接受写入。"});
    }
    nlohmann::json body{{"status", "ready"}};
    if (check) {
        body["ledger_check"] = {
            {"passes", check->passes},
            {"last_pass",
             check->last_pass ? nlohmann::json(check->last_pass->rfc3339()) : nlohmann::json()},
            {"last_pass_entries", check->last_size},
            {"entries_of_this_pass", check->entries}};
    }
    Response response;
    response.body = body.dump();
    return response;
}

/// A problem's `type` leads a person to the line that explains its code.
Response explain_problem(const Request& request, const std::map<std::string, int>& codes) {
    const std::string& code = request.path_text("code");
    if (!codes.contains(code)) throw not_found("problem");
    Response response;
    response.status = 303;
    return std::move(response.with("Location", "/#problem-" + code));
}

Response style(const Request& /*request*/) {
    Response response;
    response.content_type = "text/css; charset=utf-8";
    response.body = home_style();
    return response;
}

Response icon(const Request& /*request*/) {
    Response response;
    response.content_type = "image/svg+xml";
    response.body = home_icon();
    return response;
}

}  // namespace

std::vector<Route> system_routes(app::Services& services, const std::vector<Route>& described,
                                 std::function<bool()> ready, PatrolReader patrol) {
    const std::string document = openapi_text(described, api_info());
    const std::string reference = reference_html(described);
    const auto codes = problem_codes(described);
    return {
        {.method = "GET",
         .path = "/",
         .operation_id = "readHome",
         .tag = "System",
         .summary = {"The page of the exchange", "平台首页"},
         .access = Access::open(),
         .query = {{"q", text(0, 200), {"Words to search the catalog for", "资源目录检索词"}},
                   {"lang",
                    choice({"zh-CN", "en"}),
                    {"Language of the page, before what the browser asks for",
                     "页面语言，优先于浏览器的设置"}}},
         .response = {200, {"The page", "页面"}, "text/html; charset=utf-8"},
         .handler =
             [&services, reference](const Request& request) {
                 return home_page(request, services, reference);
             }},
        {.method = "GET",
         .path = "/problems/{code}",
         .operation_id = "readProblem",
         .tag = "System",
         .summary = {"What a problem's type means", "错误类型说明"},
         .access = Access::open(),
         .response = {303, {"The line of the reference that explains it", "转到接口参考中的说明"}},
         .errors = {{404, "problem.not_found"}},
         .handler = [codes](const Request& request) { return explain_problem(request, codes); }},
        {.method = "GET",
         .path = "/style.css",
         .operation_id = "readStyle",
         .tag = "System",
         .summary = {"The page's style", "页面样式"},
         .access = Access::open(),
         .response = {200, {"The style", "样式"}, "text/css; charset=utf-8"},
         .handler = style},
        {.method = "GET",
         .path = "/favicon.ico",
         .operation_id = "readIcon",
         .tag = "System",
         .summary = {"The page's icon", "页面图标"},
         .access = Access::open(),
         .response = {200, {"The icon", "图标"}, "image/svg+xml"},
         .handler = icon},
        {.method = "GET",
         .path = "/openapi.json",
         .operation_id = "readApi",
         .tag = "System",
         .summary = {"This API as OpenAPI 3.1", "接口描述（OpenAPI 3.1）"},
         .access = Access::open(),
         .response = {200, {"The document", "文档"}},
         .handler =
             [document](const Request&) {
                 Response response;
                 response.body = document;
                 return response;
             }},
        {.method = "GET",
         .path = "/healthz",
         .operation_id = "readHealth",
         .tag = "System",
         .summary = {"Is the process alive?", "存活检查"},
         .access = Access::open(),
         .response = {200, {"It is", "正常"}},
         .handler = health},
        {.method = "GET",
         .path = "/readyz",
         .operation_id = "readReadiness",
         .tag = "System",
         .summary = {"Are writes accepted?", "就绪检查"},
         .access = Access::open(),
         .response = {200, {"They are", "就绪"}},
         .errors = {{503, "exchange.not_ready"}},
         .handler = [ready = std::move(ready), patrol = std::move(patrol)](
                        const Request&) { return readiness(ready, patrol); }},
    };
}

}  // namespace pdx::http
