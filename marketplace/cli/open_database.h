#pragma once
/// The database of an exchange, open and at this program's schema.
#include <filesystem>
#include <memory>
#include <string>

#include "marketplace/cli/settings.h"
#include "sql/sql.h"

namespace pdx::cli {

/// Of the exchange whose folder this is, when it names no other.
std::filesystem::path embedded_database(const std::filesystem::path& data);
/// The one that is named, or the embedded one of the folder. Shape: as sql::open_database().
std::string database_url(const std::filesystem::path& data, const std::string& named);

/// Throws: as sql::open_database() and sql::migrate(), with the file's name for the embedded one.
std::unique_ptr<sql::Database> open_migrated(const Settings& settings);

}  // namespace pdx::cli
