#pragma once
/// What a table holds, column by column, as JSON: codes for programs and words of both languages.
/// Counts and names of columns; no value.
#include <nlohmann/json_fwd.hpp>

#include "privacy/file_scan.h"
#include "privacy/sensitivity_profile.h"

namespace pdx::app {

/// Which columns are sensitive personal information depends on the profile.
nlohmann::json to_json(const privacy::FileReport& report,
                       privacy::SensitivityProfile profile = privacy::kProfileInForce);

}  // namespace pdx::app
