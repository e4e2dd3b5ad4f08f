#include "marketplace/cli/open_database.h"

#include <stdexcept>
#include <string>

#include "sql/migrate.h"

namespace pdx::cli {

std::filesystem::path embedded_database(const std::filesystem::path& data) {
    return data / "pdx.sqlite";
}

std::string database_url(const std::filesystem::path& data, const std::string& named) {
    return named.empty() ? "sqlite:" + embedded_database(data).string() : named;
}

std::unique_ptr<sql::Database> open_migrated(const Settings& settings) {
    try {
        auto database = sql::open_database(database_url(settings.data, settings.database));
        const auto connection = database->open();
        sql::migrate(*connection, sql::embedded_schema());
        return database;
    } catch (const sql::StorageFailure& error) {
        // The address of a server database may hold a password.
        if (!settings.database.empty()) throw;
        throw std::runtime_error(embedded_database(settings.data).string() + ": " + error.what());
    }
}

}  // namespace pdx::cli
