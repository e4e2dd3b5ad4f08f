#include "marketplace/app/application_view.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace pdx::app {
namespace {

using nlohmann::json;

json or_null(const std::string& text) { return text.empty() ? json() : json(text); }

json reason_json(const domain::Reason& reason) {
    return {{"rule", reason.rule},
            {"source", reason.source},
            {"en", reason.text.en},
            {"zh", reason.text.zh}};
}

json reasons_json(const std::vector<domain::Reason>& reasons) {
    json list = json::array();
    for (const domain::Reason& reason : reasons) list.push_back(reason_json(reason));
    return list;
}

json field_json(const store::ApplicationField& field) {
    return {{"name", field.name},
            {"operation", field.operation},
            {"decision", field.decision ? json(domain::to_string(*field.decision)) : json()},
            {"reason", or_null(field.reason)}};
}

}  // namespace

json to_json(const domain::AdmissionReport& report) {
    json fields = json::array();
    for (const domain::FieldFinding& finding : report.fields) {
        json row{{"field", finding.field}, {"outcome", domain::to_string(finding.outcome)}};
        if (finding.reason) row["reason"] = reason_json(*finding.reason);
        fields.push_back(std::move(row));
    }
    return {{"profile", report.profile},
            {"admitted", report.admitted()},
            {"reasons", reasons_json(report.refusals)},
            {"conditions", reasons_json(report.conditions)},
            {"fields", std::move(fields)}};
}

json to_summary(const store::Application& application) {
    return {{"application_id", application.id.text()},
            {"resource_id", application.resource_id.text()},
            {"operator_id", application.operator_id.text()},
            {"provider_id", application.provider_id.text()},
            {"purpose", application.purpose},
            {"beneficiary_class", domain::to_string(application.beneficiary)},
            {"term_from", application.term_from.iso()},
            {"term_to", application.term_to.iso()},
            {"state", domain::to_string(application.state)},
            {"rule_profile", application.rule_profile},
            {"created_at", application.created_at.rfc3339()},
            {"updated_at", application.updated_at.rfc3339()},
            {"version", application.version}};
}

json to_json(const store::Application& application) {
    json result = to_summary(application);
    result["report"] = json::parse(application.report);
    result["fields"] = json::array();
    for (const store::ApplicationField& field : application.fields) {
        result["fields"].push_back(field_json(field));
    }
    return result;
}

}  // namespace pdx::app
