#include <filesystem>

#include "base/error.h"
#include "marketplace/cli/audit_options.h"
#include "marketplace/cli/commands.h"
#include "marketplace/cli/open_database.h"
#include "marketplace/cli/readable_log.h"

namespace pdx::cli {

void add_audit_options(CLI::App& command, AuditOptions& options) {
    command.add_option("--data", options.data, "data folder of the exchange")
        ->capture_default_str();
    command.add_option("--db", options.database, "database, as for serve; with --key")
        ->envname("PDX_DATABASE");
    command.add_option("--key", options.key,
                       "the log's verifier key, or @FILE; without it DATA/ledger.vkey");
    command.add_flag("--json", options.json, "print JSON");
}

AuditedDatabase open_audited(const AuditOptions& options) {
    const std::filesystem::path data(options.data);
    const std::filesystem::path file = embedded_database(data);
    // SQLite would make an empty database of a name that is not there.
    if (options.database.empty() && !std::filesystem::is_regular_file(file)) {
        throw invalid("audit.database",
                      {"There is no exchange's database here. Name a data folder with --data, or "
                       "a database with --db.",
                       "此处没有平台数据库，请用 --data 指定数据目录或用 --db 指定数据库。"},
                      {.pointer = file.string()});
    }
    const std::string key =
        options.key.empty() ? "@" + (data / "ledger.vkey").string() : options.key;
    auto database =
        sql::open_database(options.database.empty() ? "sqlite:" + file.string() : options.database);
    auto connection = database->open();
    return {read_vkey(key), std::move(database), std::move(connection)};
}

void add_audit_commands(CLI::App& app, int& status) {
    auto* audit = app.add_subcommand("audit", "check the ledger, and the market against it");
    audit->require_subcommand(1);
    add_audit_replay(*audit, status);
    add_audit_state(*audit, status);
    add_audit_fsck(*audit, status);
    add_audit_watch(*audit, status);
    add_audit_diff(*audit, status);
}

}  // namespace pdx::cli
