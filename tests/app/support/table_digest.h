#pragma once
/// What the database holds, as one digest: how a test says that a refused command changed nothing.
#include <set>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "sql/sql.h"

namespace pdx::test {

/// Covers every table of the schema by itself, so that a new one is not forgotten. SQLite only.
class TableDigest {
public:
    /// `left_out`: tables that may change.
    TableDigest(sql::Connection& db, const std::set<std::string>& left_out);

    /// Of all columns of all rows of all tables.
    Digest now();
    std::size_t tables() const { return statements_.size(); }

private:
    sql::Connection& db_;
    std::vector<std::string> statements_;
};

}  // namespace pdx::test
