#include "marketplace/app/application_facts.h"

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "privacy/kind_words.h"
#include "privacy/operation.h"

namespace pdx::app {
namespace {

Error bad_operation(const std::string& field, const Text& text) {
    return invalid("application.operation",
                   {"Field '" + field + "': " + text.en, "字段“" + field + "”：" + text.zh},
                   {.pointer = field});
}

bool is_allowed(const privacy::ColumnClass& column, const privacy::Operation& operation,
                privacy::SensitivityProfile profile) {
    const bool needs_treatment = column.sensitivity != privacy::Sensitivity::kNonPersonal;
    if (needs_treatment && operation.kind == privacy::OperationKind::kPass) return false;
    return privacy::is_permitted(column, operation, profile);
}

/// Each by an example, from the least to the most strict.
std::string allowed_operations(const privacy::ColumnClass& column,
                               privacy::SensitivityProfile profile) {
    std::string list;
    for (const privacy::OperationKind kind : privacy::operation_kinds()) {
        const privacy::Operation example = privacy::example_of(kind);
        if (!is_allowed(column, example, profile)) continue;
        list += (list.empty() ? "" : ", ") + privacy::operation_text(example);
    }
    return list;
}

}  // namespace

domain::AdmissionReport admission_report(const ClassifiedResource& resource,
                                         const store::Application& application,
                                         const domain::RuleProfile& rules) {
    domain::AccessRequest request;
    request.purpose = application.purpose;
    request.beneficiary = application.beneficiary;
    request.term_from = application.term_from;
    request.term_to = application.term_to;
    for (const store::ApplicationField& field : application.fields) {
        if (field.decision == domain::FieldDecision::kRefuse) continue;
        request.fields.push_back(field.name);
    }
    return domain::check_admission(resource.facts(), request, domain::profile_name(rules),
                                   rules.contract_years_max);
}

Text why_no_operation(const std::string& operation) {
    const auto kind = privacy::parse_operation_kind(operation.substr(0, operation.find('(')));
    if (!kind) {
        return {"there is no operation '" + operation + "'.", "没有处理方式“" + operation + "”。"};
    }
    const std::string example = privacy::operation_text(privacy::example_of(*kind));
    if (privacy::number_parameters(*kind).empty()) {
        return {"'" + operation +
                    "' has something in brackets that does not belong there; write '" + example +
                    "'.",
                "“" + operation + "”括号中的内容不适用，应写作“" + example + "”。"};
    }
    return {"'" + operation + "' needs its numbers, within their limits: for example '" + example +
                "'.",
            "“" + operation + "”须带上取值范围内的参数，例如“" + example + "”。"};
}

privacy::Operation require_operation(const std::string& field, const std::string& operation) {
    const auto parsed = privacy::parse_operation(operation);
    if (!parsed) throw bad_operation(field, why_no_operation(operation));
    return *parsed;
}

void check_treatment(const privacy::ColumnClass& column, const std::string& operation,
                     privacy::SensitivityProfile profile) {
    if (is_allowed(column, require_operation(column.name, operation), profile)) return;
    const std::string allowed = allowed_operations(column, profile);
    throw bad_operation(
        column.name,
        {"its class '" + std::string(privacy::sensitivity_code(column.sensitivity)) +
             "' does not allow '" + operation +
             "'. Grant it with one of these, or refuse it: " + allowed + ".",
         "其类别“" + privacy::sensitivity_words(column.sensitivity).zh + "”不允许“" + operation +
             "”，请改用下列处理方式之一，或不同意提供：" + allowed + "。"});
}

std::vector<domain::FieldRuling> rulings_of(const store::Application& application) {
    std::vector<domain::FieldRuling> rulings;
    for (const store::ApplicationField& field : application.fields) {
        PDX_CHECK(field.decision.has_value());
        rulings.push_back({field.name, *field.decision, field.operation, field.reason});
    }
    return rulings;
}

nlohmann::json fact_of(const store::Application& application, domain::ApplicationEvent event) {
    return {{"application_id", application.id.text()},
            {"event", domain::to_string(event)},
            {"state", domain::to_string(application.state)},
            {"version", application.version}};
}

}  // namespace pdx::app
