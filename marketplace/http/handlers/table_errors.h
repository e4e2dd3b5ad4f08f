#pragma once
/// A table that is sent as it is: its media types, its format, its refusals.
#include <string_view>
#include <vector>

#include "marketplace/http/message.h"
#include "marketplace/http/router.h"
#include "privacy/table_format.h"

namespace pdx::http {

/// JSON lines by the media type of the request (application/x-ndjson, application/jsonl), else CSV.
privacy::TableFormat table_format_of(const Request& request);
/// What an upload may be.
std::vector<std::string_view> table_types();

/// What privacy's readers of encodings, CSV and JSON lines refuse, and `more`.
std::vector<ErrorRow> table_errors(std::vector<ErrorRow> more);

}  // namespace pdx::http
