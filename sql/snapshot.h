#pragma once
/// A view of the database as it was at one instant, for readers that compare many rows while the
/// writer goes on. Writes nothing and holds no lock that the writer would wait for.
#include "sql/sql.h"

namespace pdx::sql {

/// Every statement on the connection sees the same committed state until the object goes.
/// Requires: no transaction is open on the connection; nothing else than reads is done on it.
class ReadSnapshot {
public:
    explicit ReadSnapshot(Connection& connection);
    ~ReadSnapshot();
    ReadSnapshot(const ReadSnapshot&) = delete;
    ReadSnapshot& operator=(const ReadSnapshot&) = delete;

private:
    Connection& connection_;
};

}  // namespace pdx::sql
