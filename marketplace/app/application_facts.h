#pragma once
/// What the application and the contract service share: the admission check over stored rows, and
/// how a fact tells of an application.
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "marketplace/app/classified_resource.h"
#include "marketplace/domain/admission.h"
#include "marketplace/domain/deadlines.h"
#include "marketplace/store/application_store.h"
#include "privacy/policy.h"

namespace pdx::app {

/// Of the fields that are not refused by the source.
domain::AdmissionReport admission_report(const ClassifiedResource& resource,
                                         const store::Application& application,
                                         const domain::RuleProfile& rules);

/// Why it is no operation: there is none of the name, or it is written otherwise, and how.
Text why_no_operation(const std::string& operation);

/// Throws: kInvalid `application.operation` naming the field, when there is no such operation.
privacy::Operation require_operation(const std::string& field, const std::string& operation);

/// The treatment may be stricter than what the class of the column demands, never laxer. Any other
/// column than a plain one needs a treatment (admission.h), so passing as it is is not for it.
/// Throws: kInvalid `application.operation` naming the field, its class and what that allows.
void check_treatment(const privacy::ColumnClass& column, const std::string& operation,
                     privacy::SensitivityProfile profile = privacy::kProfileInForce);

/// What the source department said. Requires: it has said something to every field.
std::vector<domain::FieldRuling> rulings_of(const store::Application& application);

/// Id, event, state and version. A fact of another noun nests it under "application".
nlohmann::json fact_of(const store::Application& application, domain::ApplicationEvent event);

}  // namespace pdx::app
