#pragma once
/// What a table holds, column by column, as JSON: codes for programs and words of both languages.
/// Counts and names of columns; no value.
#include <nlohmann/json_fwd.hpp>

#include "privacy/file_scan.h"

namespace pdx::app {

nlohmann::json to_json(const privacy::FileReport& report);

}  // namespace pdx::app
