#include "marketplace/http/openapi.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "marketplace/http/problem.h"
#include "marketplace/http/reply.h"

namespace pdx::http {
namespace {

using nlohmann::ordered_json;

std::string lower(std::string_view method) { return to_lower(method); }

ordered_json problem_schema() {
    const ordered_json text = {{"type", "string"}};
    ordered_json field = {{"type", "object"},
                          {"properties", {{"pointer", text}, {"code", text}, {"detail", text}}},
                          {"required", {"pointer", "code", "detail"}}};
    ordered_json properties = {
        {"type", {{"type", "string"}, {"format", "uri-reference"}}},
        {"title", text},
        {"status", {{"type", "integer"}, {"minimum", 400}, {"maximum", 599}}},
        {"detail", text},
        {"code", {{"type", "string"}, {"description", "Stable; noun.what."}}},
        {"instance", {{"type", "string"}, {"description", "URN of the request id."}}},
        {"pointer", {{"type", "string"}, {"description", "The member or parameter at fault."}}},
        {"state", {{"type", "string"}, {"description", "The state that refused."}}},
        {"allowed",
         {{"type", "array"},
          {"items", text},
          {"description", "The events that the state would take."}}},
        {"rule", {{"type", "string"}, {"description", "The rule or article that refused."}}},
        {"deadline", {{"type", "string"}, {"description", "RFC 3339 day or time."}}},
        {"errors", {{"type", "array"}, {"items", std::move(field)}}}};
    return {{"description", "RFC 9457 problem details."},
            {"type", "object"},
            {"properties", std::move(properties)},
            {"required", {"type", "title", "status", "detail", "code", "instance"}}};
}

ordered_json path_parameters(const Route& route) {
    ordered_json list = ordered_json::array();
    for (const std::string_view name : parameters_of(route.path)) {
        list.push_back(
            {{"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
    }
    return list;
}

ordered_json parameters(const Route& route, ordered_json& components) {
    ordered_json list = path_parameters(route);
    for (const QueryParameter& parameter : route.query) {
        list.push_back({{"name", parameter.name},
                        {"in", "query"},
                        {"description", parameter.text.en},
                        {"x-zh", parameter.text.zh},
                        {"required", false},
                        {"schema", print(parameter.schema, components)}});
    }
    if (route.write) list.push_back({{"$ref", "#/components/parameters/IdempotencyKey"}});
    list.push_back({{"$ref", "#/components/parameters/AcceptLanguage"}});
    return list;
}

ordered_json success(const Route& route, ordered_json& components) {
    ordered_json answer = {
        {"description", route.response.text.en.empty() ? "Done." : route.response.text.en}};
    if (!route.response.text.zh.empty()) answer["x-zh"] = route.response.text.zh;
    answer["headers"] = {{"X-Request-Id", {{"$ref", "#/components/headers/RequestId"}}}};
    if (status_has_body(route.response.status)) {
        ordered_json content = ordered_json::object();
        if (route.response.schema != nullptr) {
            content["schema"] = print(*route.response.schema, components);
        }
        answer["content"] = {{std::string(route.response.content_type), std::move(content)}};
    }
    return answer;
}

ordered_json responses(const Route& route, ordered_json& components) {
    ordered_json out = ordered_json::object();
    out[std::to_string(route.response.status)] = success(route, components);
    std::map<int, std::vector<std::string_view>> codes;
    for (const ErrorRow& row : all_errors(route)) codes[row.status].push_back(row.code);
    for (const auto& [status, names] : codes) {
        const Text title = title_of(status);
        out[std::to_string(status)] = {
            {"description", title.en},
            {"x-zh", title.zh},
            {"x-codes", names},
            {"content",
             {{std::string(kProblemType),
               {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
    }
    return out;
}

ordered_json request_body(const Route& route, ordered_json& components) {
    if (route.body == BodyMode::kJson) {
        return {{"required", true},
                {"content",
                 {{"application/json", {{"schema", print(*route.request_schema, components)}}}}}};
    }
    ordered_json content;
    for (const std::string_view type : route.upload_types) {
        content[std::string(type)] = ordered_json::object();
    }
    return {{"required", true}, {"content", std::move(content)}};
}

ordered_json operation(const Route& route, ordered_json& components) {
    ordered_json out;
    out["operationId"] = route.operation_id;
    out["tags"] = ordered_json::array({route.tag});
    out["summary"] = route.summary.en;
    out["x-zh"] = route.summary.zh;
    if (route.access.has_permission()) {
        out["x-permission"] = domain::to_string(route.access.permission());
    }
    out["security"] = ordered_json::array();
    if (!route.access.is_open()) out["security"].push_back({{"bearer", ordered_json::array()}});
    out["parameters"] = parameters(route, components);
    if (route.body != BodyMode::kNone) out["requestBody"] = request_body(route, components);
    out["responses"] = responses(route, components);
    return out;
}

ordered_json shared_parameters() {
    return {{"IdempotencyKey",
             {{"name", "Idempotency-Key"},
              {"in", "header"},
              {"required", false},
              {"description",
               "The same key and body give the same answer and receipt; another body gives 422."},
              {"x-zh", "相同的键与内容得到相同的答复与回执；内容不同则返回 422。"},
              {"schema", {{"type", "string"}, {"pattern", "^[!-~]{1,128}$"}}}}},
            {"AcceptLanguage",
             {{"name", "Accept-Language"},
              {"in", "header"},
              {"required", false},
              {"description", "Language of messages: zh-CN or en."},
              {"x-zh", "提示信息的语言：zh-CN 或 en。"},
              {"schema", {{"type", "string"}}}}}};
}

}  // namespace

std::string openapi_path(std::string_view path_template) {
    std::string path(path_template);
    const std::size_t rest = path.find("...}");
    if (rest != std::string::npos) path.erase(rest, 3);
    return path;
}

std::vector<ErrorRow> edge_errors(const Route& route) {
    std::vector<ErrorRow> rows = {{400, "http.request_line"},
                                  {400, "query.malformed"},
                                  {400, "query.duplicate"},
                                  {422, "query.unknown"},
                                  {500, "internal"}};
    if (!route.access.is_open()) {
        rows.push_back({401, "token.malformed"});
        rows.push_back({401, "token.missing"});
        rows.push_back({401, "token.unknown"});
        rows.push_back({401, "token.expired"});
    }
    if (route.access.has_permission()) rows.push_back({403, "permission.denied"});
    for (const QueryParameter& parameter : route.query) {
        rows.push_back({422, "query.invalid"});
        if (parameter.name == "cursor") rows.push_back({422, "cursor.invalid"});
    }
    if (route.body != BodyMode::kNone) {
        rows.push_back({413, "http.body_too_large"});
        rows.push_back({415, "request.media_type"});
        rows.push_back({415, "request.content_encoding"});
    }
    if (route.body == BodyMode::kJson) {
        for (const char* code : {"json.syntax", "json.empty", "json.encoding", "json.number",
                                 "json.duplicate_name", "json.too_deep"}) {
            rows.push_back({400, code});
        }
        rows.push_back({422, "request.invalid"});
    }
    if (route.write) {
        rows.push_back({400, "idempotency_key.malformed"});
        rows.push_back({422, "idempotency.key_reused"});
        rows.push_back({503, "writer.queue_full"});
        rows.push_back({503, "writer.stopped"});
        rows.push_back({503, "storage.failed"});
        rows.push_back({503, "commit.unknown"});
    }
    return rows;
}

std::vector<ErrorRow> all_errors(const Route& route) {
    std::vector<ErrorRow> rows = edge_errors(route);
    rows.insert(rows.end(), route.errors.begin(), route.errors.end());
    const auto less = [](const ErrorRow& a, const ErrorRow& b) {
        return std::tie(a.status, a.code) < std::tie(b.status, b.code);
    };
    const auto same = [](const ErrorRow& a, const ErrorRow& b) {
        return std::tie(a.status, a.code) == std::tie(b.status, b.code);
    };
    std::sort(rows.begin(), rows.end(), less);
    rows.erase(std::unique(rows.begin(), rows.end(), same), rows.end());
    return rows;
}

ordered_json openapi(const std::vector<Route>& routes, const ApiInfo& info) {
    ordered_json schemas = ordered_json::object();
    schemas["Problem"] = problem_schema();
    ordered_json paths = ordered_json::object();
    std::set<std::string_view> seen_tags;
    ordered_json tags = ordered_json::array();
    for (const Route& route : routes) {
        if (seen_tags.insert(route.tag).second) tags.push_back({{"name", route.tag}});
        paths[openapi_path(route.path)][lower(route.method)] = operation(route, schemas);
    }
    ordered_json out;
    out["openapi"] = "3.1.0";
    out["info"] = {{"title", info.title.en},
                   {"version", info.version},
                   {"description", info.text.en},
                   {"x-zh", {{"title", info.title.zh}, {"description", info.text.zh}}},
                   {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}};
    out["jsonSchemaDialect"] = "https://json-schema.org/draft/2020-12/schema";
    out["servers"] = ordered_json::array({{{"url", "/"}}});
    out["tags"] = std::move(tags);
    out["paths"] = std::move(paths);
    out["components"] = {
        {"schemas", std::move(schemas)},
        {"parameters", shared_parameters()},
        {"headers",
         {{"RequestId",
           {{"description", "Names this request in every log; a sane one of yours is kept."},
            {"schema", {{"type", "string"}}}}}}},
        {"securitySchemes", {{"bearer", {{"type", "http"}, {"scheme", "bearer"}}}}}};
    return out;
}

std::string openapi_text(const std::vector<Route>& routes, const ApiInfo& info) {
    return openapi(routes, info).dump(2) + "\n";
}

}  // namespace pdx::http
