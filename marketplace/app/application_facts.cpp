#include "marketplace/app/application_facts.h"

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/error.h"
#include "privacy/operation.h"

namespace pdx::app {
namespace {

Error bad_operation(const std::string& field, const Text& text) {
    return invalid("application.operation",
                   {"Field '" + field + "': " + text.en, "字段“" + field + "”：" + text.zh},
                   {.pointer = field});
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

privacy::Operation require_operation(const std::string& field, const std::string& operation) {
    const auto parsed = privacy::parse_operation(operation);
    if (!parsed) {
        throw bad_operation(field, {"there is no operation '" + operation + "'.",
                                    "没有处理方式“" + operation + "”。"});
    }
    return *parsed;
}

void check_treatment(const privacy::ColumnClass& column, const std::string& operation) {
    const privacy::Operation parsed = require_operation(column.name, operation);
    const bool needs_treatment = column.sensitivity != privacy::Sensitivity::kNonPersonal;
    const bool too_lax = needs_treatment && (parsed.kind == privacy::OperationKind::kPass ||
                                             !privacy::is_permitted(column, parsed));
    if (!too_lax) return;
    throw bad_operation(
        column.name, {"its class does not allow '" + operation +
                          "'. Grant it with a stricter treatment, or refuse it.",
                      "其类别不允许“" + operation + "”，请改用更严格的处理方式，或不同意提供。"});
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
