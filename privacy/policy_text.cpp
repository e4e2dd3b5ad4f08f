/// The text form of policies: written by hand, because its bytes are hashed.
#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/error.h"
#include "base/json_text.h"
#include "privacy/fingerprint_text.h"
#include "privacy/json_object.h"
#include "privacy/policy.h"
#include "privacy/strict_json.h"

namespace pdx::privacy {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kFormat = "pdx-policy-1";
/// A request that sets one is at most half as long.
constexpr std::size_t kTextBytesMax = std::size_t{2} << 20U;
constexpr int kDepthMax = 8;

void append_operation(std::string& out, const Operation& operation) {
    std::map<std::string_view, std::string> members;  // in the order of their names
    append_json_string(members["kind"], operation_code(operation.kind));
    for (const NumberParameter& parameter : number_parameters(operation.kind)) {
        members[parameter.name] = std::to_string(operation.*parameter.value);
    }
    if (const auto text = text_parameter(operation.kind)) {
        append_json_string(members[text->name], operation.*text->value);
    }
    out += '{';
    for (const auto& [name, value] : members) {
        if (out.back() != '{') out += ',';
        append_json_string(out, name);
        out += ':' + value;
    }
    out += '}';
}

const JsonForm kForm{
    "policy.form",
    {"The policy (docs/PRIVACY.md shows its form)", "策略（格式见 docs/PRIVACY.md）"}};

Operation read_operation(const Json& json, const std::string& pointer) {
    std::vector<std::string_view> known{"kind"};
    std::optional<OperationKind> kind;
    if (json.is_object() && json.contains("kind") && json["kind"].is_string()) {
        kind = parse_operation_kind(json["kind"].get_ref<const std::string&>());
        if (!kind) {
            refuse_json(kForm, pointer + "/kind", {"there is no such operation", "没有该操作"});
        }
        for (const NumberParameter& one : number_parameters(*kind)) known.push_back(one.name);
        if (const auto text = text_parameter(*kind)) known.push_back(text->name);
    }
    const JsonObject members(json, pointer, kForm, known);
    if (!kind) members.text("kind");  // throws: it is missing, or no text
    Operation operation = Operation::of(*kind);
    for (const NumberParameter& parameter : number_parameters(*kind)) {
        operation.*parameter.value = members.number(parameter.name, parameter.min, parameter.max);
    }
    if (const auto text = text_parameter(*kind)) {
        operation.*text->value = members.text(text->name);
    }
    if (!is_well_formed(operation)) {
        refuse_json(kForm, pointer, {"its parameters do not fit each other", "各参数互不相容"});
    }
    return operation;
}

/// Shape: [{"field":"age","operation":{...}}].
void append_rules(std::string& out, std::span<const FieldRule> rules) {
    out += '[';
    for (const FieldRule& rule : rules) {
        if (out.back() != '[') out += ',';
        out += "{\"field\":";
        append_json_string(out, rule.field);
        out += ",\"operation\":";
        append_operation(out, rule.operation);
        out += '}';
    }
    out += ']';
}

std::vector<FieldRule> read_rules(const JsonObject& whole, std::string_view member) {
    std::vector<FieldRule> rules;
    for (const JsonObject::Element& one : whole.array(member)) {
        const JsonObject rule(one.value, one.pointer, kForm, {"field", "operation"});
        rules.push_back(
            {rule.text("field"), read_operation(rule.get("operation"), rule.at("operation"))});
    }
    return rules;
}

void append_risk(std::string& out, const RiskRule& rule) {
    out += "{\"k_min\":" + std::to_string(rule.limits.k_min);
    if (rule.limits.l_min) out += ",\"l_min\":" + std::to_string(*rule.limits.l_min);
    out += ",\"small_share_max_basis_points\":" +
           std::to_string(rule.limits.small_share_max_basis_points);
    if (!rule.steps.empty()) {
        out += ",\"steps\":";
        append_rules(out, rule.steps);
    }
    out += ",\"subject\":";
    append_json_string(out, rule.subject);
    if (rule.limits.t_max_basis_points) {
        out += ",\"t_max_basis_points\":" + std::to_string(*rule.limits.t_max_basis_points);
    }
    out += '}';
}

RiskRule read_risk(const JsonObject& whole) {
    const JsonObject risk(whole.get("risk"), whole.at("risk"), kForm,
                          {"k_min", "l_min", "small_share_max_basis_points", "steps", "subject",
                           "t_max_basis_points"});
    const auto number = [&risk](std::string_view name, std::int64_t low, std::int64_t high) {
        return static_cast<std::uint32_t>(risk.number(name, low, high));
    };
    RiskRule rule;
    rule.limits.k_min = number("k_min", 1, kPersonsMax);
    rule.limits.small_share_max_basis_points =
        number("small_share_max_basis_points", 0, kAllBasisPoints);
    rule.subject = risk.text("subject");
    if (risk.has("l_min")) rule.limits.l_min = number("l_min", 1, kPersonsMax);
    if (risk.has("t_max_basis_points")) {
        rule.limits.t_max_basis_points = number("t_max_basis_points", 0, kAllBasisPoints);
    }
    if (risk.has("steps")) {
        rule.steps = read_rules(risk, "steps");
        if (rule.steps.empty()) risk.refuse("steps", {"no step is listed", "未列出任何步骤"});
    }
    return rule;
}

/// Shape: {"forms":["api"],"from":"2026-01-01","purpose":"...","resource":"...",
/// "to":"2026-12-31","versions":{"from":1}}.
void append_scope(std::string& out, const PolicyScope& scope) {
    out += "{\"forms\":[";
    for (const std::string& form : scope.forms) {
        if (out.back() != '[') out += ',';
        append_json_string(out, form);
    }
    out += "],\"from\":";
    append_json_string(out, scope.from.iso());
    out += ",\"purpose\":";
    append_json_string(out, scope.purpose);
    out += ",\"resource\":";
    append_json_string(out, scope.resource);
    out += ",\"to\":";
    append_json_string(out, scope.to.iso());
    out += ",\"versions\":{\"from\":" + std::to_string(scope.versions.from);
    if (scope.versions.to) out += ",\"to\":" + std::to_string(*scope.versions.to);
    out += "}}";
}

Date read_day(const JsonObject& object, std::string_view member) {
    const auto day = Date::parse(object.text(member));
    if (!day) object.refuse(member, {"this must be a day: 2026-03-01", "此处应为日期：2026-03-01"});
    return *day;
}

PolicyScope read_scope(const JsonObject& whole) {
    const JsonObject members(whole.get("scope"), whole.at("scope"), kForm,
                             {"forms", "from", "purpose", "resource", "to", "versions"});
    const JsonObject versions(members.get("versions"), members.at("versions"), kForm,
                              {"from", "to"});
    PolicyScope scope;
    scope.resource = members.text("resource");
    scope.purpose = members.text("purpose");
    scope.forms = members.texts("forms");
    scope.from = read_day(members, "from");
    scope.to = read_day(members, "to");
    scope.versions.from = versions.number("from", 1, kVersionsMax);
    if (versions.has("to")) scope.versions.to = versions.number("to", 1, kVersionsMax);
    return scope;
}

/// A name that can have one value only.
void require_word(const JsonObject& whole, std::string_view member, std::string_view word) {
    if (whole.text(member) == word) return;
    const std::string quoted = "\"" + std::string(word) + "\"";
    whole.refuse(member, {"this must be " + quoted, "此处应为 " + quoted});
}

}  // namespace

std::string policy_text(const Policy& policy) {
    check_policy(policy);
    std::vector<FieldRule> rules = policy.rules;
    std::sort(rules.begin(), rules.end(),
              [](const FieldRule& a, const FieldRule& b) { return a.field < b.field; });
    std::string out = "{";
    if (policy.canaries) {
        out += "\"canaries\":";
        append_canary_plan(out, *policy.canaries);
        out += ',';
    }
    out += "\"contract\":";
    append_json_string(out, policy.contract_id);
    if (policy.cryptography == Cryptography::kCommercial) {
        out += ",\"cryptography\":";
        append_json_string(out, cryptography_code(policy.cryptography));
    }
    out += ",\"fields\":";
    append_rules(out, rules);
    out += ",\"format\":";
    append_json_string(out, kFormat);
    if (policy.marks) {
        out += ",\"marks\":";
        append_mark_plan(out, *policy.marks);
    }
    out += ",\"policy\":";
    append_json_string(out, policy.id);
    if (policy.risk) {
        out += ",\"risk\":";
        append_risk(out, *policy.risk);
    }
    if (policy.scope) {
        out += ",\"scope\":";
        append_scope(out, *policy.scope);
    }
    if (policy.profile) {
        out += ",\"sensitivity_profile\":";
        append_json_string(out, profile_code(*policy.profile));
    }
    out += ",\"version\":" + std::to_string(policy.version) + '}';
    return out;
}

Digest policy_hash(const Policy& policy) { return sha256(policy_text(policy)); }

Policy read_policy(std::string_view text) {
    const Json json = text.size() > kTextBytesMax ? Json() : parse_strict_json(text, kDepthMax);
    if (json.is_null()) {
        const std::size_t line = text.size() > kTextBytesMax ? 0 : line_of_json_fault(text);
        const std::string at = std::to_string(line);
        refuse_json(kForm, "",
                    line > 0
                        ? Text{"line " + at + " is no JSON", "第 " + at + " 行不是有效的 JSON"}
                        : Text{"it is null, too long, nested too deep, has a member twice or too "
                               "large a number",
                               "为空、过长、嵌套过深、成员重复或数值过大"});
    }
    const JsonObject whole(json, "", kForm,
                           {"canaries", "contract", "cryptography", "fields", "format", "marks",
                            "policy", "risk", "scope", "sensitivity_profile", "version"});
    require_word(whole, "format", kFormat);
    Policy policy;
    policy.id = whole.text("policy");
    policy.version = whole.number("version", 1, INT64_MAX);
    policy.contract_id = whole.text("contract");
    policy.rules = read_rules(whole, "fields");
    if (whole.has("cryptography")) {
        require_word(whole, "cryptography", cryptography_code(Cryptography::kCommercial));
        policy.cryptography = Cryptography::kCommercial;
    }
    if (whole.has("risk")) policy.risk = read_risk(whole);
    if (whole.has("marks")) policy.marks = read_mark_plan(whole.get("marks"), whole.at("marks"));
    if (whole.has("canaries")) {
        policy.canaries = read_canary_plan(whole.get("canaries"), whole.at("canaries"));
    }
    if (whole.has("scope")) policy.scope = read_scope(whole);
    if (whole.has("sensitivity_profile")) {
        policy.profile = parse_profile(whole.text("sensitivity_profile"));
        if (!policy.profile) {
            whole.refuse("sensitivity_profile", {"there is no such profile", "没有该敏感信息口径"});
        }
    }
    check_policy(policy);
    return policy;
}

std::optional<Policy> parse_policy(std::string_view text) {
    try {
        return read_policy(text);
    } catch (const Error&) {
        return std::nullopt;
    }
}

}  // namespace pdx::privacy
