#pragma once
/// Forward-only schema migrations. Files are named NNNN_name.sql, or NNNN_name.sqlite.sql and
/// NNNN_name.mysql.sql for what one database needs alone; a number may have a common file and a
/// file of the dialect, applied in this order as one migration. What was applied is recorded with
/// its checksum in schema_migration; an applied file never changes.
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "sql/sql.h"

namespace pdx::sql {

/// File name and text.
using MigrationFile = std::pair<std::string_view, std::string>;

/// The files of sql/schema/, compiled in; sorted by name.
const std::vector<MigrationFile>& embedded_schema();

/// Brings the database to the newest version; does nothing when it is there already.
/// Ensures: each migration is applied in one transaction. MySQL commits with every CREATE, so there
/// the record is written first, as started, and completed afterwards: one that was interrupted is
/// found and named. All checks come before the first change.
/// Throws: Error kConflict "schema.newer" (the database was made by a newer program),
/// "schema.changed" (an applied file has another text now), "schema.incomplete" (a migration was
/// interrupted or is being applied by another process right now); InvariantViolation for a list of
/// files that makes no sequence 1, 2, 3, ...
/// Thread: safe beside other processes that do the same; one applies, the others wait or refuse.
void migrate(Connection& connection, std::span<const MigrationFile> files,
             Timestamp now = SystemClock().now());

}  // namespace pdx::sql
