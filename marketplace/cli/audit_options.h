#pragma once
/// What the commands of `pdx audit` share: whose log they look at, and how it is opened.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "ledger/note.h"
#include "sql/sql.h"

namespace pdx::cli {

struct AuditOptions {
    std::string data = "data";  ///< data folder of an exchange
    std::string database;       ///< URL; empty: the embedded database in `data`
    std::string key;            ///< the log's verifier key; empty: that of the data folder
    std::string log;            ///< a downloaded log or an address, in place of a database
    bool json = false;
};

/// --data, --db, --key, --json.
void add_audit_options(CLI::App& command, AuditOptions& options);

/// A database that is looked at: nothing is migrated, nothing locked.
struct AuditedDatabase {
    ledger::NoteVerifier key;
    std::unique_ptr<sql::Database> database;
    std::unique_ptr<sql::Connection> connection;
};
/// Throws: Error kInvalid "audit.database" when there is none, "key.vkey".
AuditedDatabase open_audited(const AuditOptions& options);

void add_audit_replay(CLI::App& audit, int& status);
void add_audit_state(CLI::App& audit, int& status);
void add_audit_fsck(CLI::App& audit, int& status);
void add_audit_watch(CLI::App& audit, int& status);
void add_audit_diff(CLI::App& audit, int& status);

}  // namespace pdx::cli
