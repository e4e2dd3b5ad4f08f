/// The contract of sql::Connection, the same for every driver.
#include <limits>
#include <string>
#include <thread>

#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"
#include "sql/sql.h"
#include "tests/sql/databases.h"
#include "tests/support/catch.h"

namespace pdx::sql {
namespace {

constexpr std::string_view kSchema =
    "CREATE TABLE item (item_id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(200), size BIGINT,"
    " hash VARBINARY(32), body MEDIUMBLOB, note MEDIUMTEXT);"
    "CREATE UNIQUE INDEX item_by_name ON item (name);";
constexpr Query kInsert{
    "item.insert",
    "INSERT INTO item (item_id, name, size, hash, body, note) VALUES (?, ?, ?, ?, ?, ?)"};
constexpr Query kLoad{"item.load",
                      "SELECT item_id, name, size, hash, body, note FROM item WHERE item_id = ?"};
constexpr Query kByName{"item.by_name", "SELECT item_id FROM item WHERE name = ?"};
constexpr Query kByHash{"item.by_hash", "SELECT item_id FROM item WHERE hash = ?"};
constexpr Query kList{"item.list",
                      "SELECT item_id FROM item WHERE item_id > ? ORDER BY item_id LIMIT ?"};
constexpr Query kCount{"item.count", "SELECT COUNT(*), SUM(item_id), SUM(size) FROM item"};
constexpr Query kResize{"item.resize", "UPDATE item SET size = ? WHERE item_id >= ?"};
constexpr Query kDelete{"item.delete", "DELETE FROM item WHERE item_id >= ?"};

/// A database with the table, and two connections to it.
struct Fixture {
    explicit Fixture(const test::Kind& kind)
        : database(kind.fresh()),
          one(database->open()),
          two(database->open()) {
        one->execute_script(kSchema);
    }
    void insert(Connection& connection, std::int64_t id, const std::optional<std::string>& name) {
        connection.run(kInsert, id, name, nullptr, nullptr, nullptr, nullptr);
    }
    std::int64_t count(Connection& connection) { return connection.one(kCount)->integer(0); }

    std::unique_ptr<Database> database;
    std::unique_ptr<Connection> one;
    std::unique_ptr<Connection> two;
};

std::string code_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.code();
    }
    return "nothing thrown";
}

Bytes all_byte_values(std::size_t size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i);
    return bytes;
}

TEST_CASE("driver: values come back as they went in", "[sql][driver]") {
    for (const auto& kind : test::database_kinds()) {
        Fixture f(kind);
        INFO(kind.name);
        CHECK(f.one->dialect() == kind.name);
        CHECK(f.database->dialect() == kind.name);
        const Digest digest = sha256("x");
        const std::string chinese = "无锡市数据局 \xF0\xA0\xAE\xB7 '\"`\\%_ \t\r\n";  // U+20BB7
        f.one->run(kInsert, std::numeric_limits<std::int64_t>::min(), chinese,
                   std::numeric_limits<std::int64_t>::max(), digest, all_byte_values(256), "");
        f.one->run(kInsert, 0, "", 0, Bytes{}, Bytes{}, std::string(70'000, 'n'));
        f.one->run(kInsert, 1, nullptr, nullptr, nullptr, nullptr, nullptr);
        f.one->run(kInsert, 2, "blob", -1, Bytes{0}, all_byte_values(65'535),
                   std::string("a\0b", 3));

        const auto low = f.two->one(kLoad, std::numeric_limits<std::int64_t>::min());
        REQUIRE(low);
        CHECK(low->integer(0) == std::numeric_limits<std::int64_t>::min());
        CHECK(low->text(1) == chinese);
        CHECK(low->integer(2) == std::numeric_limits<std::int64_t>::max());
        CHECK(low->digest(3) == digest);
        CHECK(low->blob(4) == all_byte_values(256));
        CHECK(low->text(5).empty());

        const auto empty = f.two->one(kLoad, 0);
        REQUIRE(empty);
        CHECK_FALSE(empty->is_null(1));
        CHECK(empty->text(1).empty());
        CHECK(empty->integer(2) == 0);
        CHECK_FALSE(empty->is_null(3));
        CHECK(empty->blob(3).empty());
        CHECK(empty->blob(4).empty());
        CHECK(empty->text(5) == std::string(70'000, 'n'));

        const auto nulls = f.two->one(kLoad, 1);
        REQUIRE(nulls);
        for (std::size_t i = 1; i < 6; ++i) CHECK(nulls->is_null(i));

        const auto blob = f.two->one(kLoad, 2);
        REQUIRE(blob);
        CHECK(blob->blob(3) == Bytes{0});
        CHECK(blob->blob(4) == all_byte_values(65'535));
        CHECK(blob->text(5) == std::string("a\0b", 3));
        CHECK_FALSE(f.two->one(kLoad, 3));
    }
}

TEST_CASE("driver: a value of three million bytes passes", "[sql][driver]") {
    for (const auto& kind : test::database_kinds()) {
        Fixture f(kind);
        INFO(kind.name);
        const Bytes big = all_byte_values(3'000'000);
        f.one->run(kInsert, 1, nullptr, nullptr, nullptr, big, nullptr);
        f.one->run(kInsert, 2, nullptr, nullptr, nullptr, Bytes{7}, nullptr);
        CHECK(f.two->one(kLoad, 1)->blob(4) == big);
        CHECK(f.two->one(kLoad, 2)->blob(4) == Bytes{7});
    }
}

TEST_CASE("driver: reading another type than the stored one is a bug", "[sql][driver]") {
    for (const auto& kind : test::database_kinds()) {
        Fixture f(kind);
        INFO(kind.name);
        f.one->run(kInsert, 1, "1", nullptr, Bytes{1}, nullptr, nullptr);
        const auto row = f.one->one(kLoad, 1);
        CHECK_THROWS_AS(row->text(0), InvariantViolation);
        CHECK_THROWS_AS(row->integer(1), InvariantViolation);
        CHECK_THROWS_AS(row->blob(1), InvariantViolation);
        CHECK_THROWS_AS(row->integer(2), InvariantViolation);
        CHECK_THROWS_AS(row->text(3), InvariantViolation);
        CHECK_THROWS_AS(row->digest(3), InvariantViolation);
        CHECK_THROWS_AS(row->integer(6), InvariantViolation);
        CHECK_THROWS_AS(row->is_null(6), InvariantViolation);
    }
}

TEST_CASE("driver: texts are compared byte by byte", "[sql][driver]") {
    for (const auto& kind : test::database_kinds()) {
        Fixture f(kind);
        INFO(kind.name);
        f.insert(*f.one, 1, "key");
        f.insert(*f.one, 2, "Key");
        f.insert(*f.one, 3, "key ");
        f.insert(*f.one, 4, "k\xC3\xA9y");
        f.insert(*f.one, 5, std::nullopt);
        f.insert(*f.one, 6, std::nullopt);  // NULLs are not equal to each other
        CHECK(f.one->one(kByName, "key")->integer(0) == 1);
        CHECK(f.one->one(kByName, "Key")->integer(0) == 2);
        CHECK(f.one->one(kByName, "key ")->integer(0) == 3);
        CHECK_FALSE(f.one->one(kByName, "KEY"));
    }
}

TEST_CASE("driver: digests are found by value, whatever bytes they hold", "[sql][driver]") {
    for (const auto& kind : test::database_kinds()) {
        Fixture f(kind);
        INFO(kind.name);
        for (int i = 0; i < 64; ++i) {
            f.one->run(kInsert, i, nullptr, nullptr, sha256(std::to_string(i)), nullptr, nullptr);
        }
        for (int i = 0; i < 64; ++i) {
            const auto row = f.two->one(kByHash, sha256(std::to_string(i)));
            REQUIRE(row);
            CHECK(row->integer(0) == i);
        }
    }
}

TEST_CASE("driver: sums are integers and an empty sum is null", "[sql][driver]") {
    for (const auto& kind : test::database_kinds()) {
        Fixture f(kind);
        INFO(kind.name);
        const auto none = f.one->one(kCount);
        CHECK(none->integer(0) == 0);
        CHECK(none->is_null(1));
        f.one->run(kInsert, 1, nullptr, 9'007'199'254'740'993, nullptr, nullptr, nullptr);
        f.one->run(kInsert, 2, nullptr, -1, nullptr, nullptr, nullptr);
        const auto some = f.one->one(kCount);
        CHECK(some->integer(0) == 2);
        CHECK(some->integer(1) == 3);
        CHECK(some->integer(2) == 9'007'199'254'740'992);
    }
}

TEST_CASE("driver: an update counts the rows that it matched", "[sql][driver]") {
    for (const auto& kind : test::database_kinds()) {
        Fixture f(kind);
        INFO(kind.name);
        for (int i = 1; i <= 3; ++i) f.insert(*f.one, i, std::nullopt);
        CHECK(f.one->run(kResize, 7, 2) == 2);
        CHECK(f.one->run(kResize, 7, 2) == 2);  // nothing changes, two rows match
        CHECK(f.one->run(kResize, 7, 9) == 0);
        CHECK(f.one->run(kDelete, 3) == 1);
        CHECK(f.one->run(kDelete, 3) == 0);
    }
}

TEST_CASE("driver: a list takes its limit as a value", "[sql][driver]") {
    for (const auto& kind : test::database_kinds()) {
        Fixture f(kind);
        INFO(kind.name);
        for (int i = 1; i <= 5; ++i) f.insert(*f.one, i, std::nullopt);
        const auto page = f.one->all(kList, 1, 3);
        REQUIRE(page.size() == 3);
        CHECK(page[0].integer(0) == 2);
        CHECK(page[2].integer(0) == 4);
        CHECK(f.one->all(kList, 1, 0).empty());
        CHECK(f.one->all(kList, 5, 3).empty());
        CHECK_THROWS_AS(f.one->one(kList, 0, 2), InvariantViolation);
    }
}

TEST_CASE("driver: a wrong number of values is a bug", "[sql][driver]") {
    for (const auto& kind : test::database_kinds()) {
        Fixture f(kind);
        INFO(kind.name);
        CHECK_THROWS_AS(f.one->all(kList, 1), InvariantViolation);
        CHECK_THROWS_AS(f.one->all(kList, 1, 2, 3), InvariantViolation);
        CHECK(f.one->all(kList, 1, 2).empty());
        CHECK_THROWS_AS(f.one->all(kList, 1), InvariantViolation);  // not the value bound before
    }
}

TEST_CASE("driver: a statement that cannot be read is refused by prepare", "[sql][driver]") {
    for (const auto& kind : test::database_kinds()) {
        Fixture f(kind);
        INFO(kind.name);
        f.one->prepare(kList);
        CHECK_THROWS_AS(f.one->prepare({"bad.table", "SELECT x FROM nowhere"}), StorageFailure);
        CHECK_THROWS_AS(f.one->prepare({"bad.text", "SELEKT 1"}), StorageFailure);
        // In double quotes stands a name, not a text.
        CHECK_THROWS(f.one->prepare({"bad.quotes", "SELECT item_id FROM item WHERE name = \"x\""}));
        f.one->prepare({"good.concat", "SELECT item_id FROM item WHERE name = 'a' || ?"});
    }
}

TEST_CASE("driver: only committed rows are seen by others", "[sql][driver]") {
    for (const auto& kind : test::database_kinds()) {
        Fixture f(kind);
        INFO(kind.name);
        f.one->begin();
        f.insert(*f.one, 1, "one");
        CHECK(f.count(*f.one) == 1);
        CHECK(f.count(*f.two) == 0);  // and reading beside the writer does not wait
        f.one->commit();
        CHECK(f.count(*f.two) == 1);

        f.one->begin();
        f.insert(*f.one, 2, "two");
        f.one->rollback();
        CHECK(f.count(*f.one) == 1);
        f.insert(*f.one, 3, "three");  // outside of a transaction: committed at once
        CHECK(f.count(*f.two) == 2);
    }
}

TEST_CASE("driver: a refused savepoint takes back only its own work", "[sql][driver]") {
    for (const auto& kind : test::database_kinds()) {
        Fixture f(kind);
        INFO(kind.name);
        f.one->begin();
        f.one->savepoint();
        f.insert(*f.one, 1, "one");
        f.one->release_savepoint();
        f.one->savepoint();
        f.insert(*f.one, 2, "two");
        f.one->rollback_to_savepoint();
        f.one->savepoint();
        f.insert(*f.one, 3, "three");
        f.one->release_savepoint();
        f.one->commit();
        const auto rows = f.two->all(kList, 0, 10);
        REQUIRE(rows.size() == 2);
        CHECK(rows[0].integer(0) == 1);
        CHECK(rows[1].integer(0) == 3);
    }
}

TEST_CASE("driver: a duplicate inside a savepoint leaves the transaction usable", "[sql][driver]") {
    for (const auto& kind : test::database_kinds()) {
        Fixture f(kind);
        INFO(kind.name);
        f.insert(*f.one, 1, "one");
        CHECK(code_of([&] { f.insert(*f.one, 1, "other"); }) == "database.duplicate");
        f.one->begin();
        f.insert(*f.one, 2, "two");
        f.one->savepoint();
        f.insert(*f.one, 3, "three");
        CHECK(code_of([&] { f.insert(*f.one, 4, "one"); }) == "database.duplicate");
        CHECK(f.count(*f.one) == 3);
        f.one->rollback_to_savepoint();
        f.insert(*f.one, 5, "five");
        f.one->commit();
        const auto rows = f.two->all(kList, 0, 10);
        REQUIRE(rows.size() == 3);
        CHECK(rows[1].integer(0) == 2);
        CHECK(rows[2].integer(0) == 5);
    }
}

TEST_CASE("driver: the failure for a duplicate does not tell the value", "[sql][driver]") {
    for (const auto& kind : test::database_kinds()) {
        Fixture f(kind);
        INFO(kind.name);
        f.insert(*f.one, 1, "320200199001011234");
        try {
            f.insert(*f.one, 2, "320200199001011234");
            FAIL("accepted");
        } catch (const Error& error) {
            CHECK(error.kind() == ErrorKind::kConflict);
            CHECK(error.context().find("item.insert") != std::string::npos);
            CHECK(error.context().find("3202") == std::string::npos);
            CHECK(std::string(error.what()).find("3202") == std::string::npos);
        }
    }
}

TEST_CASE("driver: transactions begin and end in order", "[sql][driver]") {
    for (const auto& kind : test::database_kinds()) {
        Fixture f(kind);
        INFO(kind.name);
        CHECK_THROWS_AS(f.one->commit(), InvariantViolation);
        CHECK_THROWS_AS(f.one->savepoint(), InvariantViolation);
        f.one->rollback();  // nothing to do is fine: the way out of any failure
        f.one->begin();
        CHECK_THROWS_AS(f.one->begin(), InvariantViolation);
        CHECK_THROWS_AS(f.one->make_durable(), InvariantViolation);
        CHECK_THROWS_AS(f.one->release_savepoint(), InvariantViolation);
        CHECK_THROWS_AS(f.one->rollback_to_savepoint(), InvariantViolation);
        f.one->savepoint();
        CHECK_THROWS_AS(f.one->savepoint(), InvariantViolation);
        CHECK_THROWS_AS(f.one->commit(), InvariantViolation);
        f.one->rollback();
        f.one->begin();
        f.one->commit();
        f.one->make_durable();
    }
}

TEST_CASE("driver: a Transaction that is not committed rolls back", "[sql][driver]") {
    for (const auto& kind : test::database_kinds()) {
        Fixture f(kind);
        INFO(kind.name);
        {
            const Transaction transaction(*f.one);
            f.insert(*f.one, 1, "one");
        }
        CHECK(f.count(*f.one) == 0);
        Transaction transaction(*f.one);
        f.insert(*f.one, 2, "two");
        transaction.commit();
        CHECK(f.count(*f.two) == 1);
    }
}

TEST_CASE("driver: a locked row makes the second writer busy, not wrong", "[sql][driver][slow]") {
    for (const auto& kind : test::database_kinds()) {
        Fixture f(kind);
        INFO(kind.name);
        f.insert(*f.one, 1, "one");
        f.one->begin();
        f.one->run(kResize, 1, 1);
        CHECK(code_of([&] {
                  const Transaction transaction(*f.two);
                  f.two->run(kResize, 2, 1);
              }) == "database.busy");
        f.one->commit();
        CHECK(f.two->run(kResize, 2, 1) == 1);
    }
}

TEST_CASE("driver: connections of several threads write side by side", "[sql][driver]") {
    constexpr int kThreads = 4;
    constexpr int kRows = 50;
    for (const auto& kind : test::database_kinds()) {
        Fixture f(kind);
        INFO(kind.name);
        std::vector<std::thread> threads;
        for (int t = 0; t < kThreads; ++t) {
            threads.emplace_back([&, t] {
                const auto connection = f.database->open();
                for (int i = 0; i < kRows; ++i) {
                    f.insert(*connection, t * kRows + i + 1, "n" + std::to_string(t * kRows + i));
                }
            });
        }
        for (auto& thread : threads) thread.join();
        CHECK(f.count(*f.one) == kThreads * kRows);
    }
}

TEST_CASE("value: a length beyond 63 bits is refused", "[sql][driver]") {
    CHECK(std::get<std::int64_t>(to_parameter(std::uint64_t{5})) == 5);
    CHECK_THROWS_AS(to_parameter(std::numeric_limits<std::uint64_t>::max()), InvariantViolation);
}

}  // namespace
}  // namespace pdx::sql
