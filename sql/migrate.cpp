#include "sql/migrate.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"

namespace pdx::sql {
namespace {

constexpr std::string_view kCreateTable =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    " version BIGINT NOT NULL PRIMARY KEY,"
    " name VARCHAR(200) NOT NULL,"
    " checksum CHAR(64) NOT NULL,"
    " state VARCHAR(16) NOT NULL,"
    " applied_at BIGINT NOT NULL)";
constexpr Query kList{"schema_migration.list",
                      "SELECT version, name, checksum, state FROM schema_migration"
                      " ORDER BY version LIMIT 10000"};
constexpr Query kRecord{"schema_migration.record",
                        "INSERT INTO schema_migration (version, name, checksum, state, applied_at)"
                        " VALUES (?, ?, ?, ?, ?)"};
constexpr Query kComplete{"schema_migration.complete",
                          "UPDATE schema_migration SET state = 'done' WHERE version = ?"};

struct Migration {
    std::string name;    ///< without number and endings
    std::string common;  ///< text of NNNN_name.sql
    std::string own;     ///< text of NNNN_name.<dialect>.sql
    std::string checksum() const { return sha256(common + own).hex(); }
};

struct FileName {
    std::int64_t version = 0;
    std::string name;
    std::string dialect;  ///< empty: common
};

FileName parse_name(std::string_view file) {
    constexpr std::size_t kDigits = 4;
    FileName result;
    PDX_CHECK(file.size() > kDigits + 5 && file[kDigits] == '_' && file.ends_with(".sql"));
    for (const char c : file.substr(0, kDigits)) {
        PDX_CHECK(c >= '0' && c <= '9');
        result.version = result.version * 10 + (c - '0');
    }
    std::string_view name = file.substr(kDigits + 1, file.size() - kDigits - 5);
    if (const auto dot = name.find('.'); dot != std::string_view::npos) {
        result.dialect = name.substr(dot + 1);
        PDX_CHECK(result.dialect == "sqlite" || result.dialect == "mysql");
        name = name.substr(0, dot);
    }
    PDX_CHECK(!name.empty());
    result.name = name;
    return result;
}

/// Migrations 1, 2, 3, ... for this dialect. A number that only the other dialect uses is an empty
/// migration here, so that both count alike.
std::vector<Migration> arrange(std::span<const MigrationFile> files, std::string_view dialect) {
    std::map<std::int64_t, Migration> by_version;
    for (const auto& [file, text] : files) {
        const FileName name = parse_name(file);
        Migration& migration = by_version[name.version];
        PDX_CHECK(migration.name.empty() || migration.name == name.name);
        migration.name = name.name;
        std::string& part = name.dialect.empty() ? migration.common : migration.own;
        if (!name.dialect.empty() && name.dialect != dialect) continue;
        PDX_CHECK(part.empty());
        part = text;
    }
    std::vector<Migration> migrations;
    for (auto& [version, migration] : by_version) {
        PDX_CHECK(version == static_cast<std::int64_t>(migrations.size()) + 1);
        migrations.push_back(std::move(migration));
    }
    return migrations;
}

/// As the file is named: 0001_name.
std::string title_of(std::int64_t version, const std::string& name) {
    const std::string digits = std::to_string(version);
    return std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits + "_" + name;
}

Error refuse(const char* code, const std::string& en, const std::string& zh) {
    return conflict(code, {en, zh});
}

/// Number of migrations that are applied; refuses a database that does not fit.
std::size_t check_applied(const std::vector<Row>& rows, const std::vector<Migration>& migrations) {
    std::int64_t expected = 0;
    for (const Row& row : rows) {
        const std::int64_t version = row.integer(0);
        const std::string title = title_of(version, row.text(1));
        PDX_CHECK(version == ++expected);
        if (row.text(3) != "done") {
            throw refuse("schema.incomplete",
                         "Migration " + title +
                             " was started but not completed: another process is applying it, or "
                             "it was interrupted. In the latter case restore the backup made "
                             "before it.",
                         "数据库升级 " + title +
                             " 已开始但未完成：可能有其他进程正在执行，或曾被中断；"
                             "若为后者，请恢复升级前的备份。");
        }
        if (static_cast<std::size_t>(version) > migrations.size()) {
            throw refuse("schema.newer",
                         "The database holds migration " + title +
                             ", which this program does not know. Use the newer program.",
                         "数据库包含本程序不认识的升级 " + title + "，请使用更新版本的程序。");
        }
        const Migration& migration = migrations[static_cast<std::size_t>(version) - 1];
        if (row.text(1) != migration.name || row.text(2) != migration.checksum()) {
            throw refuse(
                "schema.changed",
                "Migration " + title + " was applied with another text than this program holds.",
                "数据库升级 " + title + " 的内容与本程序所带的不一致。");
        }
    }
    return rows.size();
}

void apply(Connection& connection, std::int64_t version, const Migration& migration,
           Timestamp now) {
    const bool commits_by_itself = connection.dialect() == "mysql";
    const auto record = [&](const char* state) {
        connection.run(kRecord, version, migration.name, migration.checksum(), state, now);
    };
    if (commits_by_itself) {
        record("started");
        connection.execute_script(migration.common);
        connection.execute_script(migration.own);
        PDX_CHECK(connection.run(kComplete, version) == 1);
    } else {
        connection.execute_script(migration.common);
        connection.execute_script(migration.own);
        record("done");
    }
}

/// In a transaction that asks for the write lock first: a statement that begins by reading is
/// refused at once, and not made to wait, when another process has written meanwhile.
void create_table(Connection& connection) {
    std::optional<Transaction> transaction;
    if (connection.dialect() != "mysql") transaction.emplace(connection);
    connection.execute_script(kCreateTable);
    if (transaction) transaction->commit();
}

/// One step: looks again at what is applied, inside the transaction, because another process may
/// have been faster. True when there was something to do.
bool step(Connection& connection, const std::vector<Migration>& migrations, Timestamp now) {
    std::optional<Transaction> transaction;
    if (connection.dialect() != "mysql") transaction.emplace(connection);
    const std::size_t applied = check_applied(connection.all(kList), migrations);
    if (applied == migrations.size()) return false;
    apply(connection, static_cast<std::int64_t>(applied) + 1, migrations[applied], now);
    if (transaction) transaction->commit();
    return true;
}

}  // namespace

void migrate(Connection& connection, std::span<const MigrationFile> files, Timestamp now) {
    const std::vector<Migration> migrations = arrange(files, connection.dialect());
    create_table(connection);
    while (step(connection, migrations, now)) {
    }
}

}  // namespace pdx::sql
