#include "sql/snapshot.h"

#include <exception>

namespace pdx::sql {

ReadSnapshot::ReadSnapshot(Connection& connection) : connection_(connection) {
    // Connection::begin() would take SQLite's write lock, and MySQL's level is READ COMMITTED.
    if (connection_.dialect() == "sqlite") {
        connection_.execute_script("BEGIN DEFERRED");
    } else {
        connection_.execute_script(
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;"
            "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
    }
}

ReadSnapshot::~ReadSnapshot() {
    try {
        connection_.execute_script("ROLLBACK");
    } catch (const std::exception&) {
        // The connection is lost, and the snapshot with it.
        return;
    }
}

}  // namespace pdx::sql
