#include "marketplace/cli/log_copy.h"

#include <fstream>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "ledger/note.h"
#include "ledger/store/log_store.h"
#include "marketplace/cli/open_database.h"
#include "sql/sql.h"

namespace pdx::cli {
namespace {

/// An embedded database that is not there would be created by opening it.
std::string existing_database(const LogSource& source) {
    constexpr std::string_view kEmbedded = "sqlite:";
    std::string url = database_url(source.data, source.database);
    if (url.find("://") != std::string::npos) return url;
    const std::string path = url.starts_with(kEmbedded) ? url.substr(kEmbedded.size()) : url;
    if (!std::filesystem::is_regular_file(path)) {
        throw invalid("export.source", {"There is no database here.", "此处没有数据库。"},
                      {.pointer = path});
    }
    return url;
}

std::string origin_of(const LogSource& source, sql::Connection& connection) {
    if (!source.origin.empty()) return source.origin;
    if (!source.data.empty()) {
        std::ifstream file(source.data / "ledger.vkey");
        std::string line;
        std::getline(file, line);
        if (const auto key = ledger::NoteVerifier::parse(line)) return key->name();
    }
    auto origins = ledger::list_origins(connection);
    if (origins.size() != 1) {
        throw invalid("export.source",
                      {"The database does not hold exactly one log; name it with --origin.",
                       "数据库中不是恰好有一个日志，请用 --origin 指定。"});
    }
    return std::move(origins.front());
}

}  // namespace

std::uint64_t copy_log(const LogSource& source, const std::filesystem::path& folder,
                       const ExportSettings& settings) {
    const auto database = sql::open_database(existing_database(source));
    const auto connection = database->open();
    const std::string origin = origin_of(source, *connection);
    const auto latest = ledger::LogStore(*connection, origin).latest_checkpoint();
    if (!latest) {
        throw invalid("export.source", {"The database holds no signed log of this name: " + origin,
                                        "数据库中没有该名称的已签名日志：" + origin});
    }
    ledger::SqlTileReader tiles(*connection, origin);
    ledger::export_log(tiles, latest->size, latest->note, folder, settings.progress,
                       settings.old_partials);
    return latest->size;
}

}  // namespace pdx::cli
