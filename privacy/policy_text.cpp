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
#include "privacy/policy.h"
#include "privacy/strict_json.h"

namespace pdx::privacy {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kFormat = "pdx-policy-1";
constexpr std::string_view kCommercial = "commercial";
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

bool has_exactly(const Json& json, std::initializer_list<std::string_view> names) {
    return json.is_object() && json.size() == names.size() &&
           std::all_of(names.begin(), names.end(),
                       [&json](std::string_view name) { return json.contains(name); });
}

std::optional<std::int64_t> integer(const Json& json, std::string_view name, std::int64_t low,
                                    std::int64_t high) {
    const Json& value = json.at(std::string(name));
    if (!value.is_number_integer()) return std::nullopt;
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return std::nullopt;
    const auto number = value.get<std::int64_t>();
    return number >= low && number <= high ? std::optional(number) : std::nullopt;
}

std::optional<Operation> read_operation(const Json& json) {
    if (!json.is_object() || !json.contains("kind") || !json["kind"].is_string()) {
        return std::nullopt;
    }
    const auto kind = parse_operation_kind(json["kind"].get_ref<const std::string&>());
    if (!kind) return std::nullopt;
    Operation operation = Operation::of(*kind);
    std::size_t members = 1;
    for (const NumberParameter& parameter : number_parameters(*kind)) {
        if (!json.contains(parameter.name)) return std::nullopt;
        const auto value = integer(json, parameter.name, parameter.min, parameter.max);
        if (!value) return std::nullopt;
        operation.*parameter.value = *value;
        ++members;
    }
    if (const auto text = text_parameter(*kind)) {
        if (!json.contains(text->name) || !json[text->name].is_string()) return std::nullopt;
        operation.*text->value = json[text->name].get<std::string>();
        ++members;
    }
    if (json.size() != members || !is_well_formed(operation)) return std::nullopt;
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

std::optional<std::vector<FieldRule>> read_rules(const Json& json) {
    if (!json.is_array()) return std::nullopt;
    std::vector<FieldRule> rules;
    for (const Json& rule : json) {
        if (!has_exactly(rule, {"field", "operation"}) || !rule["field"].is_string()) {
            return std::nullopt;
        }
        auto operation = read_operation(rule["operation"]);
        auto field = rule["field"].get<std::string>();
        if (!operation || field.empty()) return std::nullopt;
        rules.push_back({std::move(field), std::move(*operation)});
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

std::optional<RiskRule> read_risk(const Json& json) {
    RiskRule rule;
    std::size_t members = 3;
    const auto number = [&json](std::string_view name, std::int64_t low, std::int64_t high) {
        const auto value = json.contains(name) ? integer(json, name, low, high) : std::nullopt;
        return value ? std::optional(static_cast<std::uint32_t>(*value)) : std::nullopt;
    };
    const auto k_min = number("k_min", 1, kPersonsMax);
    const auto share = number("small_share_max_basis_points", 0, kAllBasisPoints);
    if (!k_min || !share || !json.contains("subject") || !json["subject"].is_string()) {
        return std::nullopt;
    }
    rule.limits.k_min = *k_min;
    rule.limits.small_share_max_basis_points = *share;
    rule.subject = json["subject"].get<std::string>();
    if (json.contains("l_min")) {
        rule.limits.l_min = number("l_min", 1, kPersonsMax);
        if (!rule.limits.l_min) return std::nullopt;
        ++members;
    }
    if (json.contains("t_max_basis_points")) {
        rule.limits.t_max_basis_points = number("t_max_basis_points", 0, kAllBasisPoints);
        if (!rule.limits.t_max_basis_points) return std::nullopt;
        ++members;
    }
    if (json.contains("steps")) {
        auto steps = read_rules(json["steps"]);
        if (!steps || steps->empty()) return std::nullopt;
        rule.steps = *std::move(steps);
        ++members;
    }
    if (json.size() != members) return std::nullopt;
    return rule;
}

/// False when the form or a value is wrong.
bool read_fingerprint(const Json& json, Policy& policy) {
    try {
        if (json.contains("marks")) policy.marks = read_mark_plan(json["marks"], "/marks");
        if (json.contains("canaries")) {
            policy.canaries = read_canary_plan(json["canaries"], "/canaries");
        }
    } catch (const Error&) {
        return false;
    }
    return true;
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
        append_json_string(out, kCommercial);
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
    out += ",\"version\":" + std::to_string(policy.version) + '}';
    return out;
}

Digest policy_hash(const Policy& policy) { return sha256(policy_text(policy)); }

std::optional<Policy> parse_policy(std::string_view text) {
    if (text.size() > kTextBytesMax) return std::nullopt;
    Json json = parse_strict_json(text, kDepthMax);
    Policy policy;
    if (json.is_object() && json.contains("cryptography")) {
        if (json["cryptography"] != kCommercial) return std::nullopt;
        policy.cryptography = Cryptography::kCommercial;
        json.erase("cryptography");
    }
    if (json.is_object() && json.contains("risk")) {
        policy.risk = read_risk(json["risk"]);
        if (!policy.risk) return std::nullopt;
        json.erase("risk");
    }
    if (json.is_object()) {
        if (!read_fingerprint(json, policy)) return std::nullopt;
        json.erase("marks");
        json.erase("canaries");
    }
    if (!has_exactly(json, {"contract", "fields", "format", "policy", "version"}) ||
        json["format"] != kFormat || !json["contract"].is_string() || !json["policy"].is_string()) {
        return std::nullopt;
    }
    const auto version = integer(json, "version", 1, INT64_MAX);
    if (!version) return std::nullopt;
    policy.id = json["policy"].get<std::string>();
    policy.version = *version;
    policy.contract_id = json["contract"].get<std::string>();
    auto rules = read_rules(json["fields"]);
    if (!rules) return std::nullopt;
    policy.rules = *std::move(rules);
    try {
        check_policy(policy);
    } catch (const Error&) {
        return std::nullopt;
    }
    return policy;
}

}  // namespace pdx::privacy
