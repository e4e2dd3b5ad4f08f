#pragma once
/// The SQLite driver: write-ahead log, synchronous=FULL, one file. The embedded default.
#include <memory>
#include <string>

#include "sql/sql.h"

namespace pdx::sql {

/// `path`: a file, created with mode 0600 when it is missing, or ":memory:" for a private file in
/// the temporary folder that all connections of this Database share and that goes with the last of
/// them. It behaves like a real one, readers beside a writer included; only the fsync is left out.
std::unique_ptr<Database> open_sqlite(std::string path);

}  // namespace pdx::sql
