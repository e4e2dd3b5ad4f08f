#pragma once
/// Figures of re-identification risk as JSON: integers, and shares as two of them.
#include <nlohmann/json_fwd.hpp>

#include "marketplace/app/risk_table.h"
#include "privacy/class_counts.h"
#include "privacy/risk_gate.h"
#include "privacy/risk_judge.h"

namespace pdx::app {

nlohmann::json to_json(const privacy::RiskReport& report);
/// The same with the decision and its reasons in both languages.
nlohmann::json to_json(const RiskFinding& finding);
/// Of a release, for the record of its delivery: integers, and shares in basis points rounded up.
/// l and t where `limits` has them. Shape: object measured_risk of ledger/kinds.h.
nlohmann::json fact_of(const privacy::ReleaseRisk& risk, const privacy::RiskLimits& limits);

}  // namespace pdx::app
