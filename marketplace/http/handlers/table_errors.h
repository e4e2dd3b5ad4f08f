#pragma once
/// The refusals of a table that is sent as it is.
#include <vector>

#include "marketplace/http/router.h"

namespace pdx::http {

/// What privacy's readers of encodings and CSV refuse, and `more`.
std::vector<ErrorRow> table_errors(std::vector<ErrorRow> more);

}  // namespace pdx::http
