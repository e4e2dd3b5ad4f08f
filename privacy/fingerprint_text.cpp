#include "privacy/fingerprint_text.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "base/json_text.h"
#include "privacy/json_object.h"

namespace pdx::privacy {
namespace {

using Json = nlohmann::json;

const JsonForm kForm{"fingerprint.form", {"The marks or canaries", "标记或诱饵设置"}};

template <typename Range, typename Append>
void append_array(std::string& out, const Range& range, const Append& append) {
    out += '[';
    for (const auto& one : range) {
        if (out.back() != '[') out += ',';
        append(one);
    }
    out += ']';
}

void append_texts(std::string& out, const std::vector<std::string>& texts) {
    append_array(out, texts, [&out](const std::string& text) { append_json_string(out, text); });
}

void append_canary_column(std::string& out, const CanaryColumn& column) {
    out += '{';
    if (!column.choices.empty()) {
        out += "\"choices\":";
        append_texts(out, column.choices);
        out += ',';
    }
    const auto number = [&out](std::string_view name, std::int64_t value) {
        if (value != 0) out += '"' + std::string(name) + "\":" + std::to_string(value) + ',';
    };
    number("decimals", column.decimals);
    if (column.kind != Kind::kUnknown) {
        out += "\"kind\":";
        append_json_string(out, kind_code(column.kind));
        out += ',';
    }
    number("least", column.least);
    number("most", column.most);
    out += "\"name\":";
    append_json_string(out, column.name);
    if (!column.space.empty()) {
        out += ",\"space\":";
        append_json_string(out, column.space);
    }
    out += '}';
}

CanaryColumn read_canary_column(const JsonObject::Element& one) {
    const JsonObject members(one.value, one.pointer, kForm,
                             {"name", "kind", "space", "choices", "least", "most", "decimals"});
    CanaryColumn column;
    column.name = members.text("name");
    if (members.has("kind")) {
        const auto kind = parse_kind(members.text("kind"));
        if (!kind) members.refuse("kind", {"there is no such kind", "没有该数据类型"});
        column.kind = *kind;
    }
    column.space = members.text("space", "");
    if (members.has("choices")) column.choices = members.texts("choices");
    column.least = members.number("least", INT64_MIN, INT64_MAX, 0);
    column.most = members.number("most", INT64_MIN, INT64_MAX, 0);
    column.decimals = members.number("decimals", INT64_MIN, INT64_MAX, 0);
    return column;
}

}  // namespace

void append_mark_plan(std::string& out, const MarkPlan& plan) {
    out += "{\"columns\":";
    append_array(out, plan.columns, [&out](const MarkColumn& column) {
        out += "{\"decimals\":" + std::to_string(column.decimals) + ",\"name\":";
        append_json_string(out, column.name);
        out += ",\"step\":" + std::to_string(column.step) + ",\"way\":";
        append_json_string(out, mark_way_code(column.way));
        out += '}';
    });
    out += ",\"identities\":";
    append_array(out, plan.identities,
                 [&out](const std::vector<std::string>& identity) { append_texts(out, identity); });
    out += ",\"one_of\":" + std::to_string(plan.one_of) + '}';
}

void append_canary_plan(std::string& out, const CanaryPlan& plan) {
    out += "{\"columns\":";
    append_array(out, plan.columns,
                 [&out](const CanaryColumn& column) { append_canary_column(out, column); });
    out += ",\"rows\":" + std::to_string(plan.rows) + '}';
}

MarkPlan read_mark_plan(const Json& value, const std::string& pointer) {
    const JsonObject members(value, pointer, kForm, {"one_of", "columns", "identities"});
    MarkPlan plan;
    plan.one_of = static_cast<std::uint32_t>(members.number("one_of", 0, UINT32_MAX, plan.one_of));
    for (const JsonObject::Element& one : members.array("columns")) {
        const JsonObject column(one.value, one.pointer, kForm, {"name", "decimals", "step", "way"});
        const auto way = parse_mark_way(column.text("way", "nearest"));
        if (!way) column.refuse("way", {"there is no such way", "没有该方式"});
        plan.columns.push_back({column.text("name"),
                                column.number("decimals", INT64_MIN, INT64_MAX, 0),
                                column.number("step", INT64_MIN, INT64_MAX, 1), *way});
    }
    for (const JsonObject::Element& one : members.array("identities")) {
        plan.identities.push_back(members.texts_of(one));
    }
    check_mark_plan(plan);
    return plan;
}

CanaryPlan read_canary_plan(const Json& value, const std::string& pointer) {
    const JsonObject members(value, pointer, kForm, {"rows", "columns"});
    CanaryPlan plan;
    plan.rows = static_cast<std::uint32_t>(members.number("rows", 0, UINT32_MAX, plan.rows));
    for (const JsonObject::Element& one : members.array("columns")) {
        plan.columns.push_back(read_canary_column(one));
    }
    check_canary_plan(plan);
    return plan;
}

}  // namespace pdx::privacy
