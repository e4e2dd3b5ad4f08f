#pragma once
/// Where a log is served. C2SP advises that the origin is the log's URL without the scheme, so the
/// last segment of the origin names the log's folder on the exchange that keeps it.
/// Source: c2sp.org/tlog-tiles.
#include <optional>
#include <string>
#include <string_view>

namespace pdx::ledger {

/// "main" of "pdx.example/ledger/main". Absent when the last segment cannot stand in a URL as it
/// is: it is empty, "." or "..", or holds other characters than RFC 3986 leaves unreserved.
std::optional<std::string_view> log_name(std::string_view origin);

/// Shape: "/ledger/main/", the folder that all files of the log lie in.
/// Requires: log_name(origin) (checked).
std::string log_folder(std::string_view origin);

}  // namespace pdx::ledger
