#pragma once
/// Copies a log out of a database as the static files of c2sp.org/tlog-tiles, without a server. A
/// running exchange is not disturbed: nothing is written, nothing migrated.
#include <cstdint>
#include <filesystem>
#include <string>

#include "marketplace/cli/log_download.h"

namespace pdx::cli {

struct LogSource {
    std::filesystem::path data = {};  ///< data folder of an exchange; empty: `database` says it all
    std::string database = {};        ///< URL; empty: the embedded database in `data`
    std::string origin = {};          ///< empty: the folder's, or the only log of the database
};

/// Brings `folder` to what is stored, see ledger::export_log().
/// Returns: entries in the log. Throws: what export_log() throws; kInvalid "export.source" when
/// there is no such database or the log in it is not named; Error of the driver.
std::uint64_t copy_log(const LogSource& source, const std::filesystem::path& folder,
                       const ExportSettings& settings = {});

}  // namespace pdx::cli
