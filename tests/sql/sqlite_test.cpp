/// What only the SQLite driver does.
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/check.h"
#include "base/error.h"
#include "sql/snapshot.h"
#include "sql/sql.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace pdx::sql {
namespace {

constexpr Query kJournal{"pragma.journal", "PRAGMA journal_mode"};
constexpr Query kSynchronous{"pragma.synchronous", "PRAGMA synchronous"};

unsigned mode_of(const std::string& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

TEST_CASE("sqlite: the file is durable and readable by its owner only", "[sql][sqlite]") {
    const test::TempFolder folder;
    const std::string path = folder.file("market.db");
    const auto connection = open_database("sqlite:" + path)->open();
    connection->execute_script("CREATE TABLE t (i BIGINT NOT NULL PRIMARY KEY)");
    CHECK(connection->one(kJournal)->text(0) == "wal");
    CHECK(connection->one(kSynchronous)->integer(0) == 2);
    for (const std::string& file : {path, path + "-wal", path + "-shm"}) {
        INFO(file);
        CHECK(mode_of(file) == 0600U);
    }
}

TEST_CASE("sqlite: data stays after the last connection is gone", "[sql][sqlite]") {
    const test::TempFolder folder;
    const std::string path = folder.file("market.db");
    open_database(path)->open()->execute_script(
        "CREATE TABLE t (i BIGINT NOT NULL PRIMARY KEY); INSERT INTO t (i) VALUES (7)");
    const auto connection = open_database("sqlite:" + path)->open();
    CHECK(connection->one({"t.load", "SELECT i FROM t"})->integer(0) == 7);
}

TEST_CASE("sqlite: what is made durable is in the database file, whoever else has it open",
          "[sql][sqlite]") {
    constexpr Query kLoad{"t.load", "SELECT i FROM t ORDER BY i LIMIT 10"};
    const test::TempFolder folder;
    const std::string path = folder.file("market.db");
    const auto rows_of_file = [&] {
        const std::string copy = folder.file("copy.db");
        std::filesystem::copy_file(path, copy, std::filesystem::copy_options::overwrite_existing);
        return open_database(copy)->open()->all(kLoad).size();
    };
    const auto database = open_database(path);
    const auto other = database->open();
    const auto connection = database->open();
    connection->execute_script("CREATE TABLE t (i BIGINT NOT NULL PRIMARY KEY)");
    connection->make_durable();
    connection->execute_script("INSERT INTO t (i) VALUES (7)");
    CHECK(other->all(kLoad).size() == 1);
    CHECK(rows_of_file() == 0);
    connection->make_durable();
    CHECK(rows_of_file() == 1);
    connection->make_durable();  // nothing is left to do
    CHECK(rows_of_file() == 1);
}

/// The database file and its WAL.
std::string bytes_of(const std::string& path) {
    std::string all;
    for (const std::string& name : {path, path + "-wal"}) {
        std::ifstream file(name, std::ios::binary);
        all.append(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return all;
}

TEST_CASE("sqlite: what is deleted and scrubbed is in no file any more", "[sql][sqlite]") {
    const test::TempFolder folder;
    const std::string path = folder.file("market.db");
    const auto database = open_database("sqlite:" + path);
    const auto connection = database->open();
    connection->execute_script("CREATE TABLE t (i BIGINT NOT NULL PRIMARY KEY, b BLOB)");
    // Short values lie in the page of their row, long ones on pages of their own.
    const auto marker = [](std::int64_t i) {
        Bytes value(i % 2 == 0 ? 40 : 20'000, static_cast<std::uint8_t>('a' + i % 20));
        const std::string name = "marker-" + std::to_string(100 + i);
        std::copy(name.begin(), name.end(), value.end() - 10);
        return value;
    };
    const auto is_stored = [&](std::int64_t i) {
        return bytes_of(path).find("marker-" + std::to_string(100 + i)) != std::string::npos;
    };
    constexpr std::int64_t kRows = 40;
    for (std::int64_t i = 0; i < kRows; ++i) {
        connection->run({"t.insert", "INSERT INTO t (i, b) VALUES (?, ?)"}, i, marker(i));
    }
    CHECK(connection->scrub());
    for (std::int64_t i = 0; i < kRows; ++i) REQUIRE(is_stored(i));
    for (std::int64_t i = 0; i < kRows; i += 3) {
        connection->run({"t.erase", "UPDATE t SET b = NULL WHERE i = ?"}, i);
    }
    {
        // The copy that is there still holds what an older reader may ask for.
        const auto reader = database->open();
        const ReadSnapshot snapshot(*reader);
        CHECK(reader->all({"t.first", "SELECT i FROM t WHERE b IS NULL LIMIT 1"}).size() == 1);
        connection->run({"t.last", "UPDATE t SET b = NULL WHERE i = 3 OR i = 39"});
        CHECK_FALSE(connection->scrub());
    }
    CHECK(connection->scrub());
    CHECK(std::filesystem::file_size(path + "-wal") == 0);
    for (std::int64_t i = 0; i < kRows; ++i) {
        INFO(i);
        CHECK(is_stored(i) == (i % 3 != 0));
    }
    connection->begin();
    CHECK_THROWS_AS(connection->scrub(), InvariantViolation);
    connection->rollback();
}

TEST_CASE("sqlite: a folder or a file of another kind is not opened", "[sql][sqlite]") {
    const test::TempFolder folder;
    CHECK_THROWS_AS(open_database(folder.file("missing/market.db"))->open(), StorageFailure);
    const std::string path = folder.file("text");
    std::ofstream(path) << std::string(5'000, 'x');
    CHECK_THROWS_AS(open_database(path)->open(), StorageFailure);
}

TEST_CASE("sqlite: a private database goes with its Database object", "[sql][sqlite]") {
    std::string file;
    {
        const auto database = open_database("sqlite::memory:");
        const auto one = database->open();
        const auto two = database->open();
        one->execute_script("CREATE TABLE t (i BIGINT NOT NULL PRIMARY KEY)");
        two->prepare({"t.load", "SELECT i FROM t"});
        file = one->one({"pragma.file", "SELECT file FROM pragma_database_list"})->text(0);
        CHECK(std::filesystem::exists(file));
        const auto other = open_database("sqlite::memory:")->open();
        CHECK_THROWS(other->prepare({"t.load", "SELECT i FROM t"}));
    }
    CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("sqlite: a full disk ends the transaction and nothing slips in behind", "[sql][sqlite]") {
    const auto database = open_database("sqlite::memory:");
    const auto connection = database->open();
    connection->execute_script(
        "CREATE TABLE t (i BIGINT NOT NULL PRIMARY KEY, b MEDIUMBLOB);"
        "PRAGMA max_page_count = 20");
    constexpr Query kInsert{"t.insert", "INSERT INTO t (i, b) VALUES (?, ?)"};
    connection->begin();
    connection->run(kInsert, 1, Bytes{});
    connection->savepoint();
    CHECK_THROWS_AS(connection->run(kInsert, 2, Bytes(200'000)), StorageFailure);
    // Whether SQLite rolled back the statement or the whole transaction, no row may be left alone.
    bool usable = true;
    try {
        connection->rollback_to_savepoint();
        connection->run(kInsert, 3, Bytes{});
        connection->commit();
    } catch (const StorageFailure&) {
        usable = false;
        connection->rollback();
    }
    CHECK(connection->one({"t.count", "SELECT COUNT(*) FROM t"})->integer(0) == (usable ? 2 : 0));
}

TEST_CASE("sqlite: a transaction that the database ended takes no more statements",
          "[sql][sqlite]") {
    const auto connection = open_database("sqlite::memory:")->open();
    connection->execute_script("CREATE TABLE t (i BIGINT NOT NULL PRIMARY KEY)");
    connection->begin();
    connection->savepoint();
    connection->execute_script("ROLLBACK");  // stands for the disk error that does the same
    constexpr Query kInsert{"t.insert", "INSERT INTO t (i) VALUES (1)"};
    CHECK_THROWS_AS(connection->run(kInsert), StorageFailure);
    CHECK_THROWS_AS(connection->rollback_to_savepoint(), StorageFailure);
    connection->rollback();
    CHECK(connection->run(kInsert) == 1);
}

TEST_CASE("address: what cannot be read is refused", "[sql][address]") {
    for (const std::string url : {"",
                                  "sqlite:",
                                  "postgres://a@b/c",
                                  "mysql:",
                                  "mysql://",
                                  "mysql://a",
                                  "mysql://a@b",
                                  "mysql://a@b/",
                                  "mysql://@b/c",
                                  "mysql://a@/c",
                                  "mysql://a@b:0/c",
                                  "mysql://a@b:65536/c",
                                  "mysql://a@b:+1/c",
                                  "mysql://a@b:/c",
                                  "mysql://a@b/c?",
                                  "mysql://a@b/c?socket=",
                                  "mysql://a@b/c?socket=x",
                                  "mysql://a@b/c?tls=1",
                                  "mysql://a@b/c-d",
                                  "mysql://a@b/c`d",
                                  "mysql://a@b/c/d",
                                  "mysql://a:p@w@b/c",
                                  "mysql://a:%4@b/c",
                                  "mysql://a:%zz@b/c",
                                  "mysql://a:%00@b/c",
                                  "mysql://a@[::1/c",
                                  "mysql://a@b_c/d",
                                  "mysql://a@b/c?socket=/x&y=1",
                                  "mysql:a@b/c"}) {
        INFO(url);
        try {
            open_database(url);
            FAIL("accepted");
        } catch (const Error& error) {
            CHECK(error.kind() == ErrorKind::kInvalid);
            CHECK(error.code() == "database.url");
        }
    }
    CHECK_THROWS_AS(open_database(std::string_view("a\0b", 3)), Error);
}

}  // namespace
}  // namespace pdx::sql
