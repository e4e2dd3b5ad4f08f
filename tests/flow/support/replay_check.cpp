#include "tests/flow/support/replay_check.h"

#include "ledger/store/log_store.h"
#include "marketplace/app/replay.h"
#include "marketplace/app/replay_compare.h"
#include "sql/snapshot.h"
#include "tests/support/catch.h"

namespace pdx::test {

void check_replay(const std::string& database_url) {
    const auto database = sql::open_database(database_url);
    const auto db = database->open();
    const sql::ReadSnapshot snapshot(*db);
    const std::string log = ledger::list_origins(*db).at(0);
    ledger::SqlTileReader tiles(*db, log);
    app::Replay replay;
    app::replay_log(replay, tiles, 0, ledger::LogStore(*db, log).head().value().size);
    for (const auto& step : replay.illegal()) UNSCOPED_INFO(app::describe(step));
    CHECK(replay.illegal_count() == 0);
    CHECK(replay.uninterpreted() == 0);
    const auto comparison = app::compare_with_database(replay.state(), *db);
    for (const auto& one : comparison.differences) UNSCOPED_INFO(app::describe(one, "database"));
    CHECK(comparison.count == 0);
    CHECK(comparison.entities > 20);
}

}  // namespace pdx::test
