#include "marketplace/http/reference.h"

#include <nlohmann/json.hpp>
#include <set>

#include "marketplace/http/problem.h"

namespace pdx::http {
namespace {

using nlohmann::ordered_json;

std::string zh(std::string_view text) {
    return "<span lang=\"zh-CN\">" + html_escape(text) + "</span>";
}

std::string both(const Text& text) { return html_escape(text.en) + " " + zh(text.zh); }

std::string code(std::string_view text) { return "<code>" + html_escape(text) + "</code>"; }

/// Tags in the order in which the table brings them.
std::vector<std::string_view> tags_of(const std::vector<Route>& routes) {
    std::vector<std::string_view> tags;
    std::set<std::string_view> seen;
    for (const Route& route : routes) {
        if (seen.insert(route.tag).second) tags.push_back(route.tag);
    }
    return tags;
}

std::string access_text(const Route& route) {
    if (route.access.is_open()) return both({"Open to everybody.", "对公众开放。"});
    if (!route.access.has_permission()) return both({"Needs a token.", "需要令牌。"});
    const auto permission = route.access.permission();
    return both({"Needs a token with the permission", "需要具备以下权限的令牌"}) + " " +
           code(domain::to_string(permission)) + " " + zh(domain::label_zh(permission));
}

std::string parameter_table(const Route& route) {
    std::string rows;
    for (const std::string_view name : parameters_of(route.path)) {
        rows += "<tr><th scope=\"row\">" + code(name) + "</th><td>path</td><td></td></tr>\n";
    }
    for (const QueryParameter& parameter : route.query) {
        rows += "<tr><th scope=\"row\">" + code(parameter.name) + "</th><td>query</td><td>" +
                both(parameter.text) + "</td></tr>\n";
    }
    if (route.write) {
        rows += "<tr><th scope=\"row\">" + code("Idempotency-Key") + "</th><td>header</td><td>" +
                both({"Repeats safely: the same key gives the same answer.",
                      "可安全重试：相同的键得到相同的答复。"}) +
                "</td></tr>\n";
    }
    if (rows.empty()) return rows;
    return "<table><caption>" + both({"Parameters", "参数"}) +
           "</caption><thead><tr><th scope=\"col\">Name <span lang=\"zh-CN\">名称</span></th><th "
           "scope=\"col\">In <span lang=\"zh-CN\">位置</span></th>"
           "<th scope=\"col\">Meaning <span lang=\"zh-CN\">含义</span></th></tr></thead><tbody>\n" +
           rows + "</tbody></table>\n";
}

std::string body_text(const Route& route) {
    if (route.body == BodyMode::kNone) return "";
    if (route.body == BodyMode::kStream) {
        std::string types;
        for (const std::string_view type : route.upload_types) {
            types += (types.empty() ? "" : ", ") + code(type);
        }
        return "<p>" + both({"The body is a stream of", "请求体为数据流，类型为"}) + " " + types +
               ".</p>\n";
    }
    // Everything is shown in one place: references would send the reader away.
    ordered_json components = ordered_json::object();
    Schema top = *route.request_schema;
    top.name.clear();
    const ordered_json schema = print(top, components);
    std::string out = "<details><summary>" + both({"Body (JSON Schema)", "请求体（JSON Schema）"}) +
                      "</summary><pre tabindex=\"0\">" + html_escape(schema.dump(2)) + "</pre>";
    for (const auto& [name, component] : components.items()) {
        out += "<p>" + code(name) + "</p><pre tabindex=\"0\">" + html_escape(component.dump(2)) +
               "</pre>";
    }
    return out + "</details>\n";
}

std::string answers(const Route& route) {
    std::string out =
        "<table><caption>" + both({"Answers", "答复"}) +
        "</caption><thead><tr><th scope=\"col\">Status <span lang=\"zh-CN\">状态码</span></th>"
        "<th scope=\"col\">Meaning <span lang=\"zh-CN\">含义</span></th></tr></thead><tbody>\n";
    out += "<tr><th scope=\"row\">" + std::to_string(route.response.status) + "</th><td>" +
           both(route.response.text) + "</td></tr>\n";
    std::map<int, std::string> codes;
    for (const ErrorRow& row : all_errors(route)) {
        std::string& list = codes[row.status];
        if (!list.empty()) list += ", ";
        list += "<a href=\"#problem-" + html_escape(row.code) + "\">" + code(row.code) + "</a>";
    }
    for (const auto& [status, list] : codes) {
        out +=
            "<tr><th scope=\"row\">" + std::to_string(status) + "</th><td>" + list + "</td></tr>\n";
    }
    return out + "</tbody></table>\n";
}

std::string article(const Route& route) {
    const std::string id = "op-" + std::string(route.operation_id);
    return "<article id=\"" + html_escape(id) + "\" aria-labelledby=\"" + html_escape(id) +
           "-h\">\n<h4 id=\"" + html_escape(id) + "-h\">" +
           code(std::string(route.method) + " " + openapi_path(route.path)) + "</h4>\n<p>" +
           both(route.summary) + "</p>\n<p>" + access_text(route) + "</p>\n" +
           parameter_table(route) + body_text(route) + answers(route) + "</article>\n";
}

std::string problem_table(const std::vector<Route>& routes) {
    std::string out =
        "<h3>" + both({"Problem codes", "错误代码"}) +
        "</h3>\n<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">Code "
        "<span lang=\"zh-CN\">代码</span></th>"
        "<th scope=\"col\">Status <span lang=\"zh-CN\">状态码</span></th><th scope=\"col\">Meaning "
        "<span lang=\"zh-CN\">含义</span></th></tr></thead>"
        "<tbody>\n";
    for (const auto& [name, status] : problem_codes(routes)) {
        out += "<tr id=\"problem-" + html_escape(name) + "\"><th scope=\"row\">" + code(name) +
               "</th><td>" + std::to_string(status) + "</td><td>" + both(title_of(status)) +
               "</td></tr>\n";
    }
    return out + "</tbody></table></div>\n";
}

}  // namespace

std::string html_escape(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
        }
    }
    return out;
}

std::map<std::string, int> problem_codes(const std::vector<Route>& routes) {
    std::map<std::string, int> codes;
    for (const Route& route : routes) {
        for (const ErrorRow& row : all_errors(route)) codes.emplace(row.code, row.status);
    }
    for (int fault = 0; fault < kProtocolFaults; ++fault) {
        const FaultInfo info = describe(static_cast<ProtocolFault>(fault));
        codes.emplace(info.code, info.status);
    }
    return codes;
}

std::string reference_html(const std::vector<Route>& routes) {
    const auto tags = tags_of(routes);
    std::string out = "<section id=\"api\" aria-labelledby=\"api-h\">\n<h2 id=\"api-h\">" +
                      both({"API reference", "接口参考"}) +
                      "</h2>\n<nav aria-label=\"API operations\"><ul>\n";
    for (const std::string_view tag : tags) {
        out += "<li><a href=\"#tag-" + html_escape(tag) + "\">" + html_escape(tag) + "</a></li>\n";
    }
    out += "</ul></nav>\n";
    for (const std::string_view tag : tags) {
        out += "<h3 id=\"tag-" + html_escape(tag) + "\">" + html_escape(tag) + "</h3>\n";
        for (const Route& route : routes) {
            if (route.tag == tag) out += article(route);
        }
    }
    return out + problem_table(routes) + "</section>\n";
}

}  // namespace pdx::http
