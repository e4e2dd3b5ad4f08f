#include "privacy/policy.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/error.h"

namespace pdx::privacy {
namespace {

constexpr std::array<std::pair<OperationKind, std::string_view>, 10> kOperations{{
    {OperationKind::kPass, "pass"},
    {OperationKind::kRoundNumber, "round_number"},
    {OperationKind::kGeneraliseDateToMonth, "generalise_date_to_month"},
    {OperationKind::kGeneraliseDateToYear, "generalise_date_to_year"},
    {OperationKind::kGeneraliseRegion, "generalise_region"},
    {OperationKind::kGeneraliseAddress, "generalise_address_to_district"},
    {OperationKind::kKeepFirstLast, "keep_first_last"},
    {OperationKind::kPseudonym, "pseudonym"},
    {OperationKind::kRedact, "redact"},
    {OperationKind::kDrop, "drop"},
}};

/// Of a direct identifier: the 3 + 4 of a resident ID and a mobile number fit.
constexpr std::uint32_t kCharactersKeptMax = 8;
constexpr std::uint32_t kKeepMax = 1'000;
constexpr std::uint32_t kDecimalsMax = 6;

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
        case OperationKind::kPseudonym: return true;
        case OperationKind::kKeepFirstLast: {
            const std::uint32_t kept = operation.first + operation.last;
            return kept <= (kind == Kind::kPersonName ? 1 : kCharactersKeptMax);
        }
        case OperationKind::kGeneraliseAddress:
            return is_one_of(kind, {Kind::kAddress, Kind::kHomeAddress});
        case OperationKind::kGeneraliseDateToMonth:
        case OperationKind::kGeneraliseDateToYear: return is_dated(kind);
        case OperationKind::kGeneraliseRegion: return kind == Kind::kRegion;
        case OperationKind::kRoundNumber:
        case OperationKind::kPass: return false;
    }
    return false;
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

}  // namespace

std::string_view operation_code(OperationKind kind) {
    return kOperations.at(static_cast<std::size_t>(kind)).second;
}

std::optional<OperationKind> parse_operation_kind(std::string_view code) {
    for (const auto& [kind, name] : kOperations) {
        if (name == code) return kind;
    }
    return std::nullopt;
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
        const Operation& operation = rule.operation;
        if (rule.field.empty() || !is_utf8(rule.field) || !is_utf8(operation.domain)) {
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
        if (operation.first > kKeepMax || operation.last > kKeepMax || operation.step < 1 ||
            operation.step > 1'000'000'000'000 || operation.decimals > kDecimalsMax) {
            throw invalid_operation(rule, {"a parameter is out of range.", "参数超出范围。"});
        }
        // Parameters of another kind would give two texts to one policy.
        Operation plain = Operation::of(operation.kind);
        if (operation.kind == OperationKind::kKeepFirstLast) {
            plain = Operation::keep(operation.first, operation.last);
        } else if (operation.kind == OperationKind::kRoundNumber) {
            plain = Operation::round(operation.step, operation.decimals);
        } else if (operation.kind == OperationKind::kPseudonym) {
            plain = Operation::pseudonym(operation.domain);
        }
        if (plain != operation) {
            throw invalid_operation(
                rule, {"a parameter belongs to another operation.", "参数不属于该操作。"});
        }
    }
}

bool is_permitted(const ColumnClass& column, const Operation& operation) {
    switch (column.sensitivity) {
        case Sensitivity::kNonPersonal:
        case Sensitivity::kConfidential:
        case Sensitivity::kQuasiIdentifier: return true;
        case Sensitivity::kFreeText:
            return operation.kind == OperationKind::kDrop ||
                   operation.kind == OperationKind::kRedact;
        case Sensitivity::kSensitive: return operation.kind != OperationKind::kPass;
        case Sensitivity::kDirectIdentifier: return is_permitted_for_direct(column.kind, operation);
        case Sensitivity::kUnknown: return operation.kind == OperationKind::kDrop;
    }
    return false;
}

Operation default_operation(const ColumnClass& column) {
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

Operation effective_operation(const ColumnClass& column, const Operation& asked) {
    if (is_permitted(column, asked)) return asked;
    if (column.sensitivity == Sensitivity::kUnknown) {
        ErrorDetail detail;
        detail.pointer = column.name;
        throw conflict("delivery.column_unclassified",
                       {"Column " + column.name +
                            " could not be classified; nothing is delivered until it is dropped "
                            "from the policy or classified.",
                        "列 " + column.name + " 未能分类；在策略剔除该列或完成分类前不交付。"},
                       std::move(detail));
    }
    return default_operation(column);
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
            planned.operation = effective_operation(column, rule->operation);
            planned.replaced = planned.operation != rule->operation;
        }
        anything = anything || planned.operation.kind != OperationKind::kDrop;
        plan.push_back(std::move(planned));
    }
    for (const FieldRule& rule : policy.rules) {
        const bool known = std::any_of(columns.begin(), columns.end(), [&rule](const auto& column) {
            return column.name == rule.field;
        });
        if (!known) {
            ErrorDetail detail;
            detail.pointer = rule.field;
            throw conflict("delivery.field_missing",
                           {"The data has no column " + rule.field + ", which the policy names.",
                            "数据中没有策略所列的列 " + rule.field + "。"},
                           std::move(detail));
        }
    }
    if (!anything) {
        throw conflict("delivery.nothing_allowed",
                       {"The policy leaves no column to deliver.", "按策略没有可交付的列。"});
    }
    return plan;
}

}  // namespace pdx::privacy
