#include "marketplace/cli/open_database.h"

#include <stdexcept>
#include <string>

#include "sql/migrate.h"

namespace pdx::cli {
namespace {

std::string database_url(const Settings& settings) {
    return settings.database.empty() ? "sqlite:" + (settings.data / "pdx.sqlite").string()
                                     : settings.database;
}

}  // namespace

std::unique_ptr<sql::Database> open_migrated(const Settings& settings) {
    try {
        auto database = sql::open_database(database_url(settings));
        const auto connection = database->open();
        sql::migrate(*connection, sql::embedded_schema());
        return database;
    } catch (const sql::StorageFailure& error) {
        // The address of a server database may hold a password.
        if (!settings.database.empty()) throw;
        throw std::runtime_error((settings.data / "pdx.sqlite").string() + ": " + error.what());
    }
}

}  // namespace pdx::cli
