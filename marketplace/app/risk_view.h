#pragma once
/// Figures of re-identification risk as JSON: integers, and shares as two of them.
#include <nlohmann/json_fwd.hpp>

#include "privacy/class_counts.h"

namespace pdx::app {

nlohmann::json to_json(const privacy::RiskReport& report);

}  // namespace pdx::app
