#include "privacy/policy.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "privacy/number_token.h"

namespace pdx::privacy {
namespace {

/// Of a direct identifier: the 3 + 4 of a resident ID and a mobile number fit.
constexpr std::int64_t kCharactersKeptMax = 8;

Error invalid_operation(const FieldRule& rule, const Text& reason) {
    ErrorDetail detail;
    detail.pointer = rule.field;
    return invalid(
        "policy.operation",
        {"Field " + rule.field + ": " + reason.en, "字段 " + rule.field + "：" + reason.zh},
        std::move(detail));
}

bool is_one_of(Kind kind, std::initializer_list<Kind> kinds) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool is_dated(Kind kind) { return is_one_of(kind, {Kind::kDate, Kind::kBirthDate}); }

bool is_permitted_for_direct(Kind kind, const Operation& operation) {
    switch (operation.kind) {
        case OperationKind::kDrop:
        case OperationKind::kRedact:
        case OperationKind::kRowNumber:
        case OperationKind::kPseudonym: return true;
        case OperationKind::kKeepFirstLast: {
            const std::int64_t kept = operation.first + operation.last;
            return kept <= (kind == Kind::kPersonName ? 1 : kCharactersKeptMax);
        }
        case OperationKind::kToken: return has_number_token(kind);
        case OperationKind::kGeneraliseAddress:
            return is_one_of(kind, {Kind::kAddress, Kind::kHomeAddress});
        case OperationKind::kShiftDate:
        case OperationKind::kGeneraliseDateToMonth:
        case OperationKind::kGeneraliseDateToYear: return is_dated(kind);
        case OperationKind::kGeneraliseRegion: return kind == Kind::kRegion;
        case OperationKind::kGeneraliseDiagnosis:
        case OperationKind::kMaskText:
        case OperationKind::kAgeBand:
        case OperationKind::kBoundNumber:
        case OperationKind::kRoundNumber:
        case OperationKind::kPass: return false;
    }
    return false;
}

/// What leaves a value, or nearly all of it, as it is.
bool is_permitted_for_sensitive(const Operation& operation) {
    constexpr std::int64_t kRoundedMin = 10;  // one digit at least is given up
    constexpr std::int64_t kYearsMin = 5;
    switch (operation.kind) {
        case OperationKind::kPass:
        case OperationKind::kBoundNumber:  // all values between the bounds
        case OperationKind::kMaskText: return false;
        case OperationKind::kRoundNumber: return operation.step >= kRoundedMin;
        case OperationKind::kAgeBand: return operation.step >= kYearsMin;
        case OperationKind::kKeepFirstLast: return operation.first <= 1 && operation.last == 0;
        default: return true;
    }
}

/// The source's number joins two copies of a table, whatever the order of their rows.
bool is_permitted_for_serial(const Operation& operation) {
    return operation.kind == OperationKind::kDrop || operation.kind == OperationKind::kRedact ||
           operation.kind == OperationKind::kRowNumber ||
           operation.kind == OperationKind::kPseudonym;
}

Operation default_for_direct(Kind kind) {
    switch (kind) {
        case Kind::kPersonName: return Operation::keep(1, 0);
        case Kind::kEmail: return Operation::redact();
        case Kind::kAddress:
        case Kind::kHomeAddress: return Operation::of(OperationKind::kGeneraliseAddress);
        case Kind::kDate:
        case Kind::kBirthDate: return Operation::of(OperationKind::kGeneraliseDateToYear);
        case Kind::kSoleTraderCode:
        case Kind::kUscc: return Operation::pseudonym("uscc");
        default: return Operation::pseudonym(std::string(kind_code(kind)));
    }
}

Operation default_for_quasi(Kind kind) {
    switch (kind) {
        case Kind::kDate: return Operation::of(OperationKind::kGeneraliseDateToMonth);
        case Kind::kBirthDate: return Operation::of(OperationKind::kGeneraliseDateToYear);
        case Kind::kRegion: return Operation::of(OperationKind::kGeneraliseRegion);
        case Kind::kAddress: return Operation::of(OperationKind::kGeneraliseAddress);
        case Kind::kCoordinate: return Operation::round(1, 2);
        case Kind::kAge: return Operation::round(5);
        case Kind::kObjectName:
        case Kind::kOrganisationName:
        case Kind::kMaskedId: return Operation::drop();
        default: return Operation::pass();
    }
}

void require_column(const std::vector<ColumnClass>& columns, const std::string& name) {
    const bool known = std::any_of(columns.begin(), columns.end(),
                                   [&name](const auto& column) { return column.name == name; });
    if (known) return;
    ErrorDetail detail;
    detail.pointer = name;
    throw conflict("delivery.field_missing",
                   {"The data has no column " + name + ", which the policy names.",
                    "数据中没有策略所列的列 " + name + "。"},
                   std::move(detail));
}

/// The rule of the field, or the end.
std::vector<FieldRule>::iterator rule_of(std::vector<FieldRule>& rules, const std::string& field) {
    return std::find_if(rules.begin(), rules.end(),
                        [&field](const FieldRule& rule) { return rule.field == field; });
}

void check_steps(const Policy& policy) {
    const std::vector<FieldRule>& steps = policy.risk->steps;
    if (steps.size() > kGeneralisationStepsMax) {
        throw invalid("policy.step",
                      {"There are more than 8 generalisation steps.", "泛化步骤超过 8 步。"});
    }
    std::vector<FieldRule> rules = policy.rules;
    for (const FieldRule& step : steps) {
        const auto rule = rule_of(rules, step.field);
        if (rule == rules.end() || !is_well_formed(step.operation) ||
            !is_coarser(rule->operation, step.operation)) {
            throw invalid("policy.step",
                          {"A generalisation step names no listed field, or generalises no more "
                           "than what comes before it.",
                           "泛化步骤所指字段未列出，或其泛化程度不高于之前的处理。"},
                          {.pointer = step.field});
        }
        rule->operation = step.operation;
    }
}

void check_risk(const Policy& policy) {
    const RiskLimits& limits = policy.risk->limits;
    const bool in_range = limits.k_min >= 1 && limits.k_min <= kPersonsMax &&
                          limits.small_share_max_basis_points <= kAllBasisPoints &&
                          limits.l_min.value_or(1) >= 1 &&
                          limits.l_min.value_or(1) <= kPersonsMax &&
                          limits.t_max_basis_points.value_or(0) <= kAllBasisPoints;
    if (!in_range || !is_utf8(policy.risk->subject)) {
        throw invalid("policy.risk",
                      {"A limit of the risk is out of range.", "风险限值超出范围。"});
    }
    check_steps(policy);
}

}  // namespace

std::string_view cryptography_code(Cryptography cryptography) {
    return cryptography == Cryptography::kCommercial ? "commercial" : "international";
}

void check_policy(const Policy& policy) {
    if (policy.id.empty() || policy.contract_id.empty() || policy.version < 1) {
        throw invalid("policy.id_missing", {"A policy names itself, its version and its contract.",
                                            "策略必须有编号、版本和所属合同。"});
    }
    if (policy.rules.empty()) {
        throw invalid("policy.empty",
                      {"A policy lists at least one field.", "策略至少列出一个字段。"});
    }
    std::set<std::string_view> seen;
    for (const FieldRule& rule : policy.rules) {
        if (rule.field.empty() || !is_utf8(rule.field)) {
            throw invalid_operation(rule,
                                    {"the name is empty or not UTF-8.", "名称为空或不是 UTF-8。"});
        }
        if (!seen.insert(rule.field).second) {
            ErrorDetail detail;
            detail.pointer = rule.field;
            throw invalid(
                "policy.field_duplicate",
                {"Field " + rule.field + " is listed twice.", "字段 " + rule.field + " 重复。"},
                std::move(detail));
        }
        if (!is_well_formed(rule.operation)) {
            throw invalid_operation(rule,
                                    {"a parameter is out of range or belongs to another operation.",
                                     "参数超出范围或不属于该操作。"});
        }
    }
    if (policy.risk) check_risk(policy);
    if (policy.marks) check_mark_plan(*policy.marks);
    if (policy.canaries) check_canary_plan(*policy.canaries);
    if (policy.scope) check_scope(*policy.scope);
}

Policy after_steps(const Policy& policy, std::size_t steps) {
    Policy coarser = policy;
    if (!coarser.risk) return coarser;
    PDX_CHECK(steps <= policy.risk->steps.size());
    for (std::size_t i = 0; i < steps; ++i) {
        const FieldRule& step = policy.risk->steps[i];
        rule_of(coarser.rules, step.field)->operation = step.operation;
    }
    coarser.risk->steps.clear();
    return coarser;
}

bool is_risk_refusal(std::string_view code) {
    return code == "delivery.risk" || code == "delivery.joint_risk";
}

bool is_permitted(const ColumnClass& column, const Operation& operation,
                  std::optional<SensitivityProfile> profile) {
    if (operation.kind == OperationKind::kToken && !has_number_token(column.kind)) return false;
    if (column.kind == Kind::kSerialNumber && !is_permitted_for_serial(operation)) return false;
    const bool is_listed = profile && sensitive_category(*profile, column.kind).has_value();
    if (is_listed && !is_permitted_for_sensitive(operation)) return false;
    switch (column.sensitivity) {
        case Sensitivity::kNonPersonal:
        case Sensitivity::kConfidential:
        case Sensitivity::kQuasiIdentifier: return true;
        case Sensitivity::kFreeText:
            return operation.kind == OperationKind::kDrop ||
                   operation.kind == OperationKind::kRowNumber ||
                   operation.kind == OperationKind::kMaskText ||
                   operation.kind == OperationKind::kRedact;
        case Sensitivity::kSensitive: return is_permitted_for_sensitive(operation);
        case Sensitivity::kDirectIdentifier: return is_permitted_for_direct(column.kind, operation);
        case Sensitivity::kUnknown: return operation.kind == OperationKind::kDrop;
    }
    return false;
}

Operation default_operation(const ColumnClass& column) {
    const bool is_serial = column.kind == Kind::kSerialNumber;
    if (is_serial && is_permitted(column, Operation::of(OperationKind::kRowNumber))) {
        return Operation::of(OperationKind::kRowNumber);
    }
    switch (column.sensitivity) {
        case Sensitivity::kNonPersonal:
        case Sensitivity::kConfidential: return Operation::pass();
        case Sensitivity::kQuasiIdentifier: return default_for_quasi(column.kind);
        case Sensitivity::kDirectIdentifier: return default_for_direct(column.kind);
        case Sensitivity::kFreeText:
        case Sensitivity::kSensitive:
        case Sensitivity::kUnknown: return Operation::drop();
    }
    return Operation::drop();
}

Operation effective_operation(const ColumnClass& column, const Operation& asked,
                              std::optional<SensitivityProfile> profile) {
    if (is_permitted(column, asked, profile)) return asked;
    if (column.sensitivity == Sensitivity::kUnknown) {
        ErrorDetail detail;
        detail.pointer = column.name;
        throw conflict(
            "delivery.column_unclassified",
            {"Column " + column.name +
                 " has no class, or waits for a person's review; nothing is delivered "
                 "until it is dropped from the policy or a person has decided.",
             "列 " + column.name + " 未分类或待人工复核；在策略剔除该列或人工确认前不交付。"},
            std::move(detail));
    }
    const Operation mildest = default_operation(column);
    return is_permitted(column, mildest, profile) ? mildest : Operation::drop();
}

std::vector<PlannedColumn> plan_columns(const Policy& policy,
                                        const std::vector<ColumnClass>& columns) {
    check_policy(policy);
    std::vector<PlannedColumn> plan;
    bool anything = false;
    for (const ColumnClass& column : columns) {
        const auto rule =
            std::find_if(policy.rules.begin(), policy.rules.end(),
                         [&column](const FieldRule& r) { return r.field == column.name; });
        PlannedColumn planned;
        planned.column = column;
        if (rule != policy.rules.end()) {
            planned.listed = true;
            planned.operation = effective_operation(column, rule->operation, policy.profile);
            planned.replaced = planned.operation != rule->operation;
        }
        anything = anything || planned.operation.kind != OperationKind::kDrop;
        plan.push_back(std::move(planned));
    }
    for (const FieldRule& rule : policy.rules) {
        require_column(columns, rule.field);
        if (!rule.operation.subject.empty()) require_column(columns, rule.operation.subject);
    }
    if (policy.risk && !policy.risk->subject.empty()) require_column(columns, policy.risk->subject);
    if (!anything) {
        throw conflict("delivery.nothing_allowed",
                       {"The policy leaves no column to deliver.", "按策略没有可交付的列。"});
    }
    return plan;
}

}  // namespace pdx::privacy
