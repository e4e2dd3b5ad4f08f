#include "tests/app/support/table_digest.h"

#include "base/crypto.h"

namespace pdx::test {
namespace {

constexpr sql::Query kTables{
    "test.tables", "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name LIMIT 1000"};
constexpr sql::Query kTableColumns{"test.table_columns",
                                   "SELECT name FROM pragma_table_info(?) ORDER BY cid LIMIT 1000"};

/// The only text that is put together into SQL anywhere: names that the schema itself gave.
std::string statement_for(sql::Connection& db, const std::string& table) {
    std::string columns;
    for (const sql::Row& row : db.all(kTableColumns, table)) {
        if (!columns.empty()) columns += " || ',' || ";
        columns += "quote(\"" + row.text(0) + "\")";
    }
    return "SELECT " + columns + " FROM \"" + table + "\" ORDER BY 1 LIMIT 1000000";
}

}  // namespace

TableDigest::TableDigest(sql::Connection& db, const std::set<std::string>& left_out) : db_(db) {
    for (const sql::Row& row : db.all(kTables)) {
        const std::string& table = row.text(0);
        if (!left_out.contains(table)) statements_.push_back(statement_for(db, table));
    }
}

Digest TableDigest::now() {
    Sha256 hash;
    for (const std::string& statement : statements_) {
        hash.update(as_bytes(statement));
        for (const sql::Row& row : db_.all(sql::Query{"test.rows", statement})) {
            hash.update(as_bytes(row.text(0))).update(as_bytes("\n"));
        }
    }
    return hash.finish();
}

}  // namespace pdx::test
