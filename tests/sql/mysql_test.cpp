/// What only the MySQL driver does: addresses, lost servers, unknown commits.
#include "sql/mysql.h"

#include <chrono>
#include <thread>

#include "base/error.h"
#include "sql/sql.h"
#include "tests/support/catch.h"
#include "tests/support/mariadb.h"
#include "tests/support/tool.h"

namespace pdx::sql {
namespace {

constexpr Query kInsert{"t.insert", "INSERT INTO t (i) VALUES (?)"};
constexpr Query kCount{"t.count", "SELECT COUNT(*) FROM t"};
constexpr Query kSelfId{"self.id", "SELECT CONNECTION_ID()"};
constexpr std::string_view kSchema = "CREATE TABLE t (i BIGINT NOT NULL PRIMARY KEY)";

std::string code_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.code();
    }
    return "nothing thrown";
}

TEST_CASE("address: every part of a mysql address is read", "[sql][address]") {
    const auto full = MysqlAddress::parse(
        "mysql://me:p%40ss%3a%2F@db-1.example.org:3307/pdx_1?socket=/run/my%20sql/s");
    REQUIRE(full);
    CHECK(full->user == "me");
    CHECK(full->password == "p@ss:/");
    CHECK(full->host == "db-1.example.org");
    CHECK(full->port == 3307);
    CHECK(full->database == "pdx_1");
    CHECK(full->socket == "/run/my sql/s");
    const auto least = MysqlAddress::parse("mysql://me@[::1]/pdx");
    REQUIRE(least);
    CHECK(least->host == "::1");
    CHECK(least->port == 3306);
    CHECK(least->password.empty());
    CHECK(least->socket.empty());
    CHECK(MysqlAddress::parse("mysql://me:a:b@h/pdx")->password == "a:b");
}

TEST_CASE("mysql: a user with a password comes in over TCP and has the database made",
          "[sql][mysql]") {
    if (test::is_left_out("mariadb")) return;
    const auto connection = open_database(test::MariaDb::shared().tcp_url("pdx_tcp"))->open();
    connection->execute_script(kSchema);
    CHECK(connection->run(kInsert, 1) == 1);
    CHECK(connection->one({"c", "SELECT @@collation_database"})->text(0) == "utf8mb4_nopad_bin");
    CHECK(connection->one({"c", "SELECT @@tx_isolation"})->text(0) == "READ-COMMITTED");
    CHECK(connection->one({"c", "SELECT @@character_set_client"})->text(0) == "utf8mb4");
}

TEST_CASE("mysql: the password is in no failure", "[sql][mysql]") {
    if (test::is_left_out("mariadb")) return;
    std::string url = test::MariaDb::shared().tcp_url("pdx_tcp");
    url.replace(url.find("%40ret"), 6, "%40RET");
    std::string said;
    try {
        open_database(url)->open();
        FAIL("accepted");
    } catch (const std::exception& error) {
        said = error.what();
    }
    CHECK(said.find("1045") != std::string::npos);
    CHECK(said.find("RET") == std::string::npos);
    try {
        open_database("mysql://me:geheim@@h/pdx");
        FAIL("accepted");
    } catch (const Error& error) {
        CHECK(std::string(error.what()).find("geheim") == std::string::npos);
    }
}

TEST_CASE("mysql: a database that folds case is refused", "[sql][mysql]") {
    if (test::is_left_out("mariadb")) return;
    auto& server = test::MariaDb::shared();
    open_database(server.url("pdx_any"))
        ->open()
        ->execute_script(
            "CREATE DATABASE pdx_folds CHARACTER SET utf8mb4"
            " COLLATE utf8mb4_general_ci");
    CHECK(code_of([&] { open_database(server.url("pdx_folds"))->open(); }) == "database.collation");
}

TEST_CASE("mysql: nobody at home is busy, not a crash", "[sql][mysql]") {
    CHECK(code_of([] { open_database("mysql://a@h/pdx?socket=/nonexistent/socket")->open(); }) ==
          "database.busy");
}

TEST_CASE("mysql: the loser of a deadlock must roll back before anything else", "[sql][mysql]") {
    if (test::is_left_out("mariadb")) return;
    const auto database = open_database(test::MariaDb::shared().new_url());
    const auto one = database->open();
    const auto two = database->open();
    one->execute_script(
        "CREATE TABLE t (i BIGINT NOT NULL PRIMARY KEY, v BIGINT);"
        "INSERT INTO t (i, v) VALUES (1, 0), (2, 0)");
    constexpr Query kTouch{"t.touch", "UPDATE t SET v = v + 1 WHERE i = ?"};
    constexpr Query kAdd{"t.add", "INSERT INTO t (i, v) VALUES (?, 0)"};
    one->begin();
    two->begin();
    one->run(kTouch, 1);
    // The second transaction is the heavier one, so the first is chosen as the victim.
    two->run(kTouch, 2);
    for (int i = 10; i < 30; ++i) two->run(kAdd, i);
    one->savepoint();
    std::string refused;
    std::thread waiter([&] { refused = code_of([&] { one->run(kTouch, 2); }); });
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    const std::string other = code_of([&] { two->run(kTouch, 1); });
    if (other == "nothing thrown") two->commit();
    waiter.join();
    Connection& loser = refused == "database.busy" ? *one : *two;
    CHECK((refused == "database.busy" || other == "database.busy"));
    CHECK(code_of([&] { loser.run(kAdd, 99); }) == "database.busy");
    if (&loser == one.get()) {
        CHECK(code_of([&] { one->rollback_to_savepoint(); }) == "database.busy");
    }
    loser.rollback();
    CHECK(loser.run(kAdd, 100) == 1);
    CHECK_FALSE(loser.one({"t.load", "SELECT v FROM t WHERE i = ?"}, 99));
}

TEST_CASE("mysql: a connection that was killed comes back outside of a transaction",
          "[sql][mysql]") {
    if (test::is_left_out("mariadb")) return;
    const auto database = open_database(test::MariaDb::shared().new_url());
    const auto connection = database->open();
    const auto killer = database->open();
    connection->execute_script(kSchema);
    const auto kill = [&] {
        const auto id = connection->one(kSelfId)->integer(0);
        killer->execute_script("KILL " + std::to_string(id));
    };
    connection->run(kInsert, 1);
    kill();
    CHECK(code_of([&] { connection->run(kInsert, 2); }) == "database.busy");
    CHECK(connection->run(kInsert, 3) == 1);

    connection->begin();
    connection->run(kInsert, 4);
    kill();
    CHECK(code_of([&] { connection->run(kInsert, 5); }) == "database.busy");
    // Not outside of the transaction that is gone:
    CHECK(code_of([&] { connection->run(kInsert, 6); }) == "database.busy");
    CHECK(code_of([&] { connection->commit(); }) == "database.busy");
    connection->rollback();
    CHECK(connection->one(kCount)->integer(0) == 2);

    connection->begin();
    connection->run(kInsert, 7);
    kill();
    CHECK_THROWS_AS(connection->commit(), CommitUnknown);
    connection->rollback();
    CHECK(connection->one(kCount)->integer(0) == 2);
}

TEST_CASE("mysql: what was committed survives the death of the server", "[sql][mysql][slow]") {
    if (test::is_left_out("mariadb")) return;
    test::MariaDb server;
    const auto connection = open_database(server.url("pdx"))->open();
    connection->execute_script(kSchema);
    for (int i = 0; i < 20; ++i) {
        connection->begin();
        connection->run(kInsert, i);
        connection->commit();
    }
    connection->begin();
    connection->run(kInsert, 100);
    server.kill();
    CHECK_THROWS_AS(connection->commit(), CommitUnknown);
    CHECK(code_of([&] { connection->one(kCount); }) == "database.busy");
    server.restart();
    CHECK(connection->one(kCount)->integer(0) == 20);
}

}  // namespace
}  // namespace pdx::sql
