#include "sql/migrate.h"

#include <array>
#include <barrier>
#include <set>
#include <thread>

#include "base/check.h"
#include "base/error.h"
#include "sql/script.h"
#include "tests/sql/databases.h"
#include "tests/support/catch.h"

namespace pdx::sql {
namespace {

constexpr Query kCountVersions{"schema_migration.count",
                               "SELECT COUNT(*) FROM schema_migration WHERE state = 'done'"};

std::string code_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.code() + ": " + error.text().en;
    }
    return "nothing thrown";
}

std::vector<MigrationFile> two_files() {
    return {{"0001_first.sql",
             "CREATE TABLE a (i BIGINT NOT NULL PRIMARY KEY); -- one; two\n"
             "INSERT INTO a (i) VALUES (1);"},
            {"0002_second.sql",
             "CREATE TABLE b (s VARCHAR(20) NOT NULL PRIMARY KEY);\n"
             "INSERT INTO b (s) VALUES ('x;''y');"}};
}

TEST_CASE("script: a semicolon cuts only outside of quotes and comments", "[sql][script]") {
    using List = std::vector<std::string>;
    CHECK(split_script("").empty());
    CHECK(split_script(" ;; -- x\n /* ; */ ;").empty());
    CHECK(split_script("a;b") == List{"a", "b"});
    CHECK(split_script(" a 'x;''y' ; b \"c;d\" ; `e;f` ") ==
          List{"a 'x;''y'", "b \"c;d\"", "`e;f`"});
    CHECK(split_script("a -- it's; fine\n, b; c /* ';' */ d") == List{"a  \n, b", "c   d"});
    CHECK(split_script("a '--' '/*' b; c") == List{"a '--' '/*' b", "c"});
    CHECK(split_script("a '\\'; b") == List{"a '\\'", "b"});
    CHECK(split_script("a -- end") == List{"a"});
    CHECK_THROWS_AS(split_script("a 'b"), InvariantViolation);
    CHECK_THROWS_AS(split_script("a /* b"), InvariantViolation);
    CHECK_THROWS_AS(split_script("a # b"), InvariantViolation);
}

TEST_CASE("migrate: applies what is missing, once", "[sql][migrate]") {
    for (const auto& kind : test::database_kinds()) {
        INFO(kind.name);
        const auto database = kind.fresh();
        const auto connection = database->open();
        auto files = two_files();
        migrate(*connection, std::span(files).first(1), Timestamp{1'000'000});
        CHECK(connection->one(kCountVersions)->integer(0) == 1);
        migrate(*connection, files, Timestamp{2'000'000});
        migrate(*connection, files, Timestamp{3'000'000});
        CHECK(connection->one({"b.load", "SELECT s FROM b"})->text(0) == "x;'y");
        const auto rows = connection->all(
            {"list", "SELECT version, name, applied_at FROM schema_migration ORDER BY version"});
        REQUIRE(rows.size() == 2);
        CHECK(rows[0].text(1) == "first");
        CHECK(rows[0].integer(2) == 1'000'000);
        CHECK(rows[1].integer(2) == 2'000'000);
    }
}

TEST_CASE("migrate: a file of one dialect is applied there only", "[sql][migrate]") {
    const std::vector<MigrationFile> files{
        {"0001_first.mysql.sql", "CREATE TABLE only_mysql (i BIGINT NOT NULL PRIMARY KEY)"},
        {"0001_first.sql", "CREATE TABLE a (i BIGINT NOT NULL PRIMARY KEY)"},
        {"0001_first.sqlite.sql", "CREATE TABLE only_sqlite (i BIGINT NOT NULL PRIMARY KEY)"},
        {"0002_second.sqlite.sql", "CREATE INDEX x ON only_sqlite (i)"},
        {"0003_third.sql", "CREATE TABLE c (i BIGINT NOT NULL PRIMARY KEY)"}};
    for (const auto& kind : test::database_kinds()) {
        INFO(kind.name);
        const auto database = kind.fresh();
        const auto connection = database->open();
        migrate(*connection, files);
        CHECK(connection->one(kCountVersions)->integer(0) == 3);
        const std::string own = "SELECT i FROM only_" + kind.name;
        connection->prepare({"own", own});
        const std::string other =
            std::string("SELECT i FROM only_") + (kind.name == "sqlite" ? "mysql" : "sqlite");
        CHECK_THROWS(connection->prepare({"other", other}));
        migrate(*connection, files);
    }
}

TEST_CASE("migrate: refuses a database that does not fit and leaves it alone", "[sql][migrate]") {
    for (const auto& kind : test::database_kinds()) {
        INFO(kind.name);
        const auto database = kind.fresh();
        const auto connection = database->open();
        auto files = two_files();
        migrate(*connection, files);
        const auto newer = code_of([&] { migrate(*connection, std::span(files).first(1)); });
        CHECK(newer.starts_with("schema.newer"));
        CHECK(newer.find("0002_second") != std::string::npos);

        files.emplace_back("0003_third.sql", "CREATE TABLE c (i BIGINT NOT NULL PRIMARY KEY)");
        auto changed = files;
        changed[0].second += " ";
        const auto said = code_of([&] { migrate(*connection, changed); });
        CHECK(said.starts_with("schema.changed"));
        CHECK(said.find("0001_first") != std::string::npos);
        auto renamed = files;
        renamed[1].first = "0002_other.sql";
        CHECK(code_of([&] { migrate(*connection, renamed); }).starts_with("schema.changed"));
        CHECK(connection->one(kCountVersions)->integer(0) == 2);
        CHECK_THROWS(connection->prepare({"c", "SELECT i FROM c"}));
        migrate(*connection, files);
        connection->prepare({"c", "SELECT i FROM c"});
    }
}

TEST_CASE("migrate: a list of files that is no sequence is a bug", "[sql][migrate]") {
    const auto connection = open_database("sqlite::memory:")->open();
    const std::string text = "CREATE TABLE a (i BIGINT NOT NULL PRIMARY KEY)";
    const std::vector<std::vector<MigrationFile>> lists{
        {{"0002_b.sql", text}},
        {{"0001_a.sql", text}, {"0003_c.sql", text}},
        {{"0001_a.sql", text}, {"0001_b.sql", text}},
        {{"001_a.sql", text}},
        {{"0001_a.postgres.sql", text}},
        {{"0001_.sql", text}},
        {{"0001_a.txt", text}},
        {{"00x1_a.sql", text}}};
    for (const auto& list : lists) {
        INFO(list.front().first);
        CHECK_THROWS_AS(migrate(*connection, list), InvariantViolation);
    }
    CHECK_THROWS(connection->prepare({"a", "SELECT i FROM a"}));
    CHECK_THROWS(connection->prepare(kCountVersions));
}

TEST_CASE("migrate: one that fails half way is undone, or found and named", "[sql][migrate]") {
    for (const auto& kind : test::database_kinds()) {
        INFO(kind.name);
        const auto database = kind.fresh();
        const auto connection = database->open();
        auto files = two_files();
        files[1].second = "CREATE TABLE b (s VARCHAR(20) NOT NULL PRIMARY KEY); CREATE NONSENSE";
        CHECK_THROWS_AS(migrate(*connection, files), StorageFailure);
        CHECK(connection->one(kCountVersions)->integer(0) == 1);
        const auto again = code_of([&] { migrate(*connection, two_files()); });
        if (kind.name == "sqlite") {
            CHECK(again == "nothing thrown");
        } else {
            CHECK(again.starts_with("schema.incomplete"));
            CHECK(again.find("0002_second") != std::string::npos);
        }
    }
}

TEST_CASE("migrate: several processes at once leave one schema", "[sql][migrate]") {
    constexpr int kRounds = 20;
    constexpr int kProcesses = 8;
    const auto files = two_files();
    for (int round = 0; round < kRounds; ++round) {
        const auto database = open_database("sqlite::memory:");
        std::array<std::string, kProcesses> codes;
        std::barrier ready(kProcesses);
        std::vector<std::thread> threads;
        for (std::string& code : codes) {
            threads.emplace_back([&] {
                ready.arrive_and_wait();
                code = code_of([&] { migrate(*database->open(), files); });
            });
        }
        for (auto& thread : threads) thread.join();
        for (const std::string& code : codes) CHECK(code == "nothing thrown");
        CHECK(database->open()->one(kCountVersions)->integer(0) == 2);
    }
}

TEST_CASE("schema: every table of the product has a primary key and no foreign key",
          "[sql][schema]") {
    for (const auto& kind : test::database_kinds()) {
        INFO(kind.name);
        const auto database = kind.fresh();
        const auto connection = database->open();
        migrate(*connection, embedded_schema());
        if (kind.name == "sqlite") {
            const auto tables = connection->all(
                {"tables",
                 "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE"
                 " 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_%' AND name NOT IN"
                 " (SELECT name FROM pragma_table_list WHERE type = 'shadow')"});
            for (const Row& table : tables) {
                INFO(table.text(0));
                CHECK(connection
                          ->one({"key", "SELECT COUNT(*) FROM pragma_table_info(?) WHERE pk > 0"},
                                table.text(0))
                          ->integer(0) > 0);
                CHECK(connection
                          ->one({"foreign", "SELECT COUNT(*) FROM pragma_foreign_key_list(?)"},
                                table.text(0))
                          ->integer(0) == 0);
            }
        } else {
            const auto rows = connection->all(
                {"tables",
                 "SELECT table_name FROM information_schema.tables t WHERE table_schema ="
                 " DATABASE() AND (engine <> 'InnoDB' OR NOT EXISTS (SELECT 1 FROM"
                 " information_schema.table_constraints c WHERE c.table_schema ="
                 " t.table_schema AND c.table_name = t.table_name AND"
                 " c.constraint_type = 'PRIMARY KEY'))"});
            for (const Row& row : rows) FAIL_CHECK(row.text(0));
        }
    }
}

}  // namespace
}  // namespace pdx::sql
