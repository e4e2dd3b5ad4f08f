#pragma once
/// The database of an exchange, open and at this program's schema.
#include <memory>

#include "marketplace/cli/settings.h"
#include "sql/sql.h"

namespace pdx::cli {

/// Throws: as sql::open_database() and sql::migrate(), with the file's name for the embedded one.
std::unique_ptr<sql::Database> open_migrated(const Settings& settings);

}  // namespace pdx::cli
