#include "privacy/fingerprint_text.h"

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/json_text.h"

namespace pdx::privacy {
namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse_form(const std::string& pointer) {
    throw invalid("fingerprint.form",
                  {"Of the marks or canaries this member is missing, unknown or wrong.",
                   "标记或诱饵设置中的该成员缺失、未知或有误。"},
                  {.pointer = pointer});
}

/// An object whose members are all known.
class Members {
public:
    Members(const Json& value, std::string pointer, std::initializer_list<std::string_view> known)
        : value_(value),
          pointer_(std::move(pointer)) {
        if (!value.is_object()) refuse_form(pointer_);
        for (const auto& [key, ignored] : value.items()) {
            if (std::find(known.begin(), known.end(), key) == known.end()) refuse_form(at(key));
        }
    }

    std::string at(std::string_view member) const { return pointer_ + "/" + std::string(member); }
    bool has(const char* member) const { return value_.contains(member); }
    const Json& array(const char* member) const {
        if (!has(member) || !value_.at(member).is_array()) refuse_form(at(member));
        return value_.at(member);
    }
    std::string text(const char* member) const {
        if (!has(member)) refuse_form(at(member));
        return text_of(value_.at(member), at(member));
    }
    std::string text(const char* member, const char* otherwise) const {
        return has(member) ? text(member) : otherwise;
    }
    std::int64_t number(const char* member, std::int64_t otherwise) const {
        if (!has(member)) return otherwise;
        const Json& one = value_.at(member);
        if (!one.is_number_integer() ||
            (one.is_number_unsigned() && one.get<std::uint64_t>() > INT64_MAX)) {
            refuse_form(at(member));
        }
        return one.get<std::int64_t>();
    }
    std::uint32_t count(const char* member, std::uint32_t otherwise) const {
        const std::int64_t number_of = number(member, otherwise);
        if (number_of < 0 || number_of > UINT32_MAX) refuse_form(at(member));
        return static_cast<std::uint32_t>(number_of);
    }
    std::vector<std::string> texts(const char* member) const {
        return has(member) ? texts_of(value_.at(member), at(member)) : std::vector<std::string>();
    }

    static std::string text_of(const Json& one, const std::string& pointer) {
        if (!one.is_string()) refuse_form(pointer);
        return one.get<std::string>();
    }
    static std::vector<std::string> texts_of(const Json& all, const std::string& pointer) {
        if (!all.is_array()) refuse_form(pointer);
        std::vector<std::string> texts;
        for (const Json& one : all) texts.push_back(text_of(one, pointer));
        return texts;
    }

private:
    const Json& value_;
    std::string pointer_;
};

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

CanaryColumn read_canary_column(const Json& value, const std::string& pointer) {
    const Members members(value, pointer,
                          {"name", "kind", "space", "choices", "least", "most", "decimals"});
    CanaryColumn column;
    column.name = members.text("name");
    if (members.has("kind")) {
        const auto kind = parse_kind(members.text("kind"));
        if (!kind) refuse_form(members.at("kind"));
        column.kind = *kind;
    }
    column.space = members.text("space", "");
    column.choices = members.texts("choices");
    column.least = members.number("least", 0);
    column.most = members.number("most", 0);
    column.decimals = members.number("decimals", 0);
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
    const Members members(value, pointer, {"one_of", "columns", "identities"});
    MarkPlan plan;
    plan.one_of = members.count("one_of", plan.one_of);
    for (const Json& one : members.array("columns")) {
        const Members column(one, members.at("columns"), {"name", "decimals", "step", "way"});
        const auto way = parse_mark_way(column.text("way", "nearest"));
        if (!way) refuse_form(column.at("way"));
        plan.columns.push_back(
            {column.text("name"), column.number("decimals", 0), column.number("step", 1), *way});
    }
    for (const Json& one : members.array("identities")) {
        plan.identities.push_back(Members::texts_of(one, members.at("identities")));
    }
    check_mark_plan(plan);
    return plan;
}

CanaryPlan read_canary_plan(const Json& value, const std::string& pointer) {
    const Members members(value, pointer, {"rows", "columns"});
    CanaryPlan plan;
    plan.rows = members.count("rows", plan.rows);
    for (const Json& one : members.array("columns")) {
        plan.columns.push_back(read_canary_column(one, members.at("columns")));
    }
    check_canary_plan(plan);
    return plan;
}

}  // namespace pdx::privacy
