#include "marketplace/app/application_service.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "marketplace/app/application_facts.h"
#include "marketplace/app/application_view.h"
#include "marketplace/app/classified_resource.h"
#include "marketplace/app/decision_access.h"
#include "marketplace/domain/admission.h"
#include "privacy/operation.h"

namespace pdx::app {
namespace {

using domain::ApplicationEvent;
using domain::ApplicationState;
using domain::RegistrationState;
using nlohmann::json;

/// Before its notice a registration is nobody's business but the holder's and the registry's.
bool is_public(RegistrationState state) {
    switch (state) {
        case RegistrationState::kDraft:
        case RegistrationState::kSubmitted:
        case RegistrationState::kReturned:
        case RegistrationState::kNotAccepted:
        case RegistrationState::kAccepted:
        case RegistrationState::kReviewFailed: return false;
        case RegistrationState::kNotice:
        case RegistrationState::kObjection:
        case RegistrationState::kCoded:
        case RegistrationState::kActive:
        case RegistrationState::kTerminated:
        case RegistrationState::kExpired:
        case RegistrationState::kCancelled:
        case RegistrationState::kRevoked: return true;
    }
    fail_check("unknown state", __FILE__, __LINE__);
}

/// What an operator gets who names no operation.
std::string default_operation_text(const privacy::ColumnClass& column) {
    const privacy::Operation operation = privacy::default_operation(column);
    const bool needs_treatment = column.sensitivity != privacy::Sensitivity::kNonPersonal;
    if (needs_treatment && operation.kind == privacy::OperationKind::kPass) {
        return privacy::operation_text(privacy::Operation::redact());
    }
    return privacy::operation_text(operation);
}

std::vector<store::ApplicationField> asked_fields(const ClassifiedResource& resource,
                                                  const std::vector<AskedField>& asked) {
    if (asked.size() > kApplicationFieldsMax) {
        const std::string max = std::to_string(kApplicationFieldsMax);
        throw invalid("application.fields",
                      {"One application asks for at most " + max + " fields.",
                       "一次申请最多 " + max + " 个字段。"},
                      {.pointer = "/fields"});
    }
    std::vector<store::ApplicationField> fields;
    for (const AskedField& field : asked) {
        std::string operation = field.operation;
        if (operation.empty()) {
            const privacy::ColumnClass* column = resource.column(field.name);
            operation = column == nullptr ? privacy::operation_text(privacy::Operation::drop())
                                          : default_operation_text(*column);
        }
        require_operation(field.name, operation);
        fields.push_back({field.name, std::move(operation), std::nullopt, {}});
    }
    return fields;
}

/// The codes of the rules that refused, each once.
json rule_codes(const domain::AdmissionReport& report) {
    std::set<std::string> codes;
    for (const domain::Reason& reason : report.refusals) codes.insert(reason.rule);
    return codes;
}

json operations_body(const store::Application& application) {
    json fields = json::array();
    for (const store::ApplicationField& field : application.fields) {
        json row{{"name", field.name}, {"operation", field.operation}};
        if (field.decision) row["decision"] = domain::to_string(*field.decision);
        fields.push_back(std::move(row));
    }
    return fields;
}

void rule_on(const ClassifiedResource& resource, store::ApplicationField& field,
             const domain::FieldRuling& ruling) {
    field.decision = ruling.decision;
    field.reason = ruling.reason;
    if (ruling.decision == domain::FieldDecision::kRefuse) return;
    if (ruling.decision == domain::FieldDecision::kGrantWithTreatment) {
        field.operation = ruling.treatment;
    }
    const privacy::ColumnClass* column = resource.column(field.name);
    PDX_CHECK(column != nullptr);
    check_treatment(*column, field.operation);
}

store::Application load(sql::Connection& db, const ApplicationId& id) {
    auto application = store::find_application(db, id);
    if (!application) throw not_found("application");
    return *std::move(application);
}

}  // namespace

Outcome ApplicationService::apply(const WriteRequest& write, const ApplyForAccess& input) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             const ClassifiedResource resource = load_classified(tx.db(), input.resource);
             if (!is_public(resource.state())) throw not_found("resource");
             store::Application application;
             application.id = tx.make_id<ApplicationTag>();
             application.resource_id = input.resource;
             application.operator_id = write.caller.party;
             application.provider_id = resource.resource.provider;
             application.purpose = input.purpose;
             application.beneficiary = input.beneficiary;
             application.term_from = input.term_from;
             application.term_to = input.term_to;
             application.rule_profile = domain::profile_name(context_.rules);
             application.created_at = tx.now();
             application.updated_at = tx.now();
             application.fields = asked_fields(resource, input.fields);
             const domain::AdmissionReport report =
                 admission_report(resource, application, context_.rules);
             const ApplicationEvent event =
                 report.admitted() ? ApplicationEvent::kPassCheck : ApplicationEvent::kFailCheck;
             application.state = domain::apply(application.state, event);
             application.report = to_json(report).dump();
             store::insert_application(tx.db(), application);
             json body = fact_of(application, event);
             body["resource_id"] = application.resource_id.text();
             body["operator_id"] = application.operator_id.text();
             body["provider_id"] = application.provider_id.text();
             body["beneficiary_class"] = domain::to_string(application.beneficiary);
             body["term_from"] = application.term_from.iso();
             body["term_to"] = application.term_to.iso();
             body["rules"] = rule_codes(report);
             // A refused application may name anything as a field; only the dictionary's are told.
             if (report.admitted()) body["fields"] = operations_body(application);
             tx.record(make_fact(report.admitted() ? "application.checked" : "application.refused",
                                 "application", application.id.text(), body,
                                 application.rule_profile));
             return to_json(application).dump();
         }});
}

Outcome ApplicationService::decide_source(const WriteRequest& write, const ApplicationId& id,
                                          const std::vector<domain::FieldRuling>& rulings) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             store::Application application = load(tx.db(), id);
             if (application.provider_id != write.caller.party) throw not_found("application");
             application.state = domain::apply(application.state, ApplicationEvent::kDecideSource);
             std::vector<std::string> requested;
             requested.reserve(application.fields.size());
             for (const auto& field : application.fields) requested.push_back(field.name);
             domain::check_rulings(requested, rulings);
             const ClassifiedResource resource = load_classified(tx.db(), application.resource_id);
             for (store::ApplicationField& field : application.fields) {
                 const auto ruling =
                     std::find_if(rulings.begin(), rulings.end(),
                                  [&](const auto& r) { return r.field == field.name; });
                 PDX_CHECK(ruling != rulings.end());
                 rule_on(resource, field, *ruling);
             }
             store::update_application(tx.db(), application, tx.now());
             json body = fact_of(application, ApplicationEvent::kDecideSource);
             body["fields"] = operations_body(application);
             tx.record(make_fact("application.source_decided", "application", id.text(), body,
                                 domain::profile_name(context_.rules)));
             return to_json(application).dump();
         }});
}

Outcome ApplicationService::refuse(const WriteRequest& write, const ApplicationId& id,
                                   const std::string& reason) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             store::Application application = load(tx.db(), id);
             application.state = domain::apply(application.state, ApplicationEvent::kRefuse);
             store::update_application(tx.db(), application, tx.now());
             tx.record(context_.vault.make_fact("application.refused", "application", id.text(),
                                                fact_of(application, ApplicationEvent::kRefuse),
                                                domain::profile_name(context_.rules),
                                                {{"decision_reason", reason}}));
             return to_json(application).dump();
         }});
}

store::Application ApplicationService::find(const Caller& caller, const ApplicationId& id) {
    auto lease = context_.reads.borrow();
    store::Application application = load(*lease, id);
    if (!may_read(caller, application)) throw not_found("application");
    return application;
}

std::vector<store::Application> ApplicationService::list(const Caller& caller,
                                                         const std::string& after,
                                                         std::int64_t limit) {
    auto lease = context_.reads.borrow();
    if (supervises(caller)) return store::list_applications(*lease, after, limit);
    if (domain::permitted(caller.role, domain::Permission::kDecideSource)) {
        return store::list_applications_of_provider(*lease, caller.party, after, limit);
    }
    return store::list_applications_of_operator(*lease, caller.party, after, limit);
}

}  // namespace pdx::app
