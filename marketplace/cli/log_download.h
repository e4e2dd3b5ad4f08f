#pragma once
/// Downloads a ledger as the static files of tlog-tiles, over HTTP, as any reader would.
#include <cstdint>
#include <filesystem>

#include "ledger/export.h"
#include "marketplace/cli/api_client.h"

namespace pdx::cli {

/// Writes checkpoint, hash tiles and entry bundles under `folder`; files that are there already and
/// can no longer change are not fetched again. Verifies nothing: that is pdx-verify's work.
/// Returns: entries in the log. Throws: std::runtime_error naming what could not be fetched.
std::uint64_t download_log(const ApiClient& client, const std::filesystem::path& folder,
                           const ledger::Progress& progress = {});

}  // namespace pdx::cli
