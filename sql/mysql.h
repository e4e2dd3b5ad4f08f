#pragma once
/// The driver for MariaDB and MySQL, single or in a Galera cluster, over MySQL Connector/C++ 1.1.
/// Transactions are READ COMMITTED: a statement then sees what is committed when it starts, as the
/// one writer does on SQLite, where REPEATABLE READ would let SELECT and UPDATE see two states; and
/// it takes no gap locks, so there is less to deadlock on.
#include <memory>

#include "sql/mysql_address.h"
#include "sql/sql.h"

namespace pdx::sql {

/// The first open() creates the database when the server has none of this name and the user may.
/// A connection that was lost outside of a transaction opens itself again on the next call.
/// Throws: from open(), besides what sql.h names: Error kInvalid "database.collation" when an
/// existing database compares text other than byte by byte.
std::unique_ptr<Database> open_mysql(MysqlAddress address);

}  // namespace pdx::sql
