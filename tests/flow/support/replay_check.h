#pragma once
/// The ledger in a database, replayed and held against the rows beside it.
#include <string>

namespace pdx::test {

/// No step is illegal, none is unknown, and no row differs.
void check_replay(const std::string& database_url);

}  // namespace pdx::test
