#pragma once
/// Figures of re-identification risk as JSON: integers, and shares as two of them.
#include <nlohmann/json_fwd.hpp>

#include "marketplace/app/risk_table.h"
#include "privacy/class_counts.h"

namespace pdx::app {

nlohmann::json to_json(const privacy::RiskReport& report);
/// The same with the decision and its reasons in both languages.
nlohmann::json to_json(const RiskFinding& finding);

}  // namespace pdx::app
