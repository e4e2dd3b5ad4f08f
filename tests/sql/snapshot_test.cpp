#include "sql/snapshot.h"

#include "tests/sql/databases.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace pdx::sql {
namespace {

constexpr Query kCount{"test.count", "SELECT COUNT(*) FROM seen LIMIT 1"};
constexpr Query kInsert{"test.insert", "INSERT INTO seen (id) VALUES (?)"};

void see_one_state(Database& database) {
    const auto reader = database.open();
    const auto writer = database.open();
    const auto count = [&] { return reader->one(kCount)->integer(0); };
    writer->execute_script("CREATE TABLE seen (id BIGINT NOT NULL PRIMARY KEY)");
    writer->run(kInsert, 1);
    {
        const ReadSnapshot snapshot(*reader);
        CHECK(count() == 1);
        // The writer does not wait for the reader, and the reader does not see it.
        {
            Transaction transaction(*writer);
            writer->run(kInsert, 2);
            transaction.commit();
        }
        CHECK(count() == 1);
    }
    CHECK(count() == 2);
    reader->run(kInsert, 3);  // nothing is left open
    CHECK(count() == 3);
}

}  // namespace

TEST_CASE("snapshot: reads see one state while a writer goes on", "[sql][snapshot]") {
    const test::TempFolder folder("pdx-snapshot");
    see_one_state(*open_database("sqlite:" + folder.file("one.sqlite")));
    for (const auto& kind : test::database_kinds()) {
        if (kind.name == "sqlite") continue;  // a database in memory has one lock for all
        INFO(kind.name);
        see_one_state(*kind.fresh());
    }
}

}  // namespace pdx::sql
