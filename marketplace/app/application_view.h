#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "marketplace/domain/admission.h"
#include "marketplace/store/application_store.h"

namespace pdx::app {

/// The admission report as it is kept and shown: reasons with rule, source and both languages.
nlohmann::json to_json(const domain::AdmissionReport& report);

nlohmann::json to_json(const store::Application& application);
/// For lists: without fields and report.
nlohmann::json to_summary(const store::Application& application);

}  // namespace pdx::app
