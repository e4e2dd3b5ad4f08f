#include "ledger/store/fsck.h"

#include <array>
#include <set>
#include <string>

#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"
#include "sql/migrate.h"
#include "tests/ledger/support/log_fixture.h"
#include "tests/ledger/support/must.h"
#include "tests/support/catch.h"
#include "tests/support/store_batch.h"

using namespace pdx;
using namespace pdx::ledger;

namespace {

/// A log in a database of its own, appended to as the writer does it.
struct CheckedLog {
    std::unique_ptr<sql::Database> database = sql::open_database("sqlite::memory:");
    std::unique_ptr<sql::Connection> db = database->open();
    LogStore store{*db, std::string(test::kOrigin)};
    TreeHead head;
    Appender appender;

    explicit CheckedLog(std::initializer_list<std::uint64_t> batches = {}) {
        sql::migrate(*db, sql::embedded_schema());
        store.create();
        head = test::must(store.head());
        for (const std::uint64_t count : batches) add(count);
    }

    void add(std::uint64_t count) {
        std::vector<Entry> entries;
        for (std::uint64_t i = 0; i < count; ++i) {
            entries.push_back(test::sample_entry(appender.size() + i));
        }
        const NoteSigner signer = test::sample_signer();
        pdx::test::store_batch(store, appender, std::move(entries), &signer);
        head = test::must(store.head());
    }
};

Fsck new_pass() { return Fsck({test::sample_signer().verifier()}); }

std::vector<FsckFault> faults_of(sql::Connection& db) {
    Fsck fsck = new_pass();
    while (fsck.step(db)) {
    }
    return fsck.faults();
}

/// SQL that the test makes from the names in the schema.
sql::Query sql_of(const std::string& text) { return {"test.sql", text}; }

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

std::vector<std::string> names_in(sql::Connection& db, const std::string& text) {
    std::vector<std::string> values;
    for (const sql::Row& row : db.all(sql_of(text))) values.push_back(row.text(0));
    return values;
}

/// The value of one cell with one bit of one byte changed; integers are counted up.
sql::Value flipped(const sql::Row& row, const std::string& type, std::size_t where) {
    const auto place = [where](std::size_t size) { return where * (size - 1) / 2; };
    if (type == "integer") return row.integer(0) + 1;
    if (type == "text") {
        std::string text = row.text(0);
        char& byte = text.at(place(text.size()));
        byte = static_cast<char>(byte ^ 1);
        return text;
    }
    Bytes bytes = row.blob(0);
    std::uint8_t& byte = bytes.at(place(bytes.size()));
    byte = static_cast<std::uint8_t>(byte ^ 0x20U);
    return bytes;
}

/// Flips bytes of every column in rows of one table, and adds the columns' names.
void flip_everything(CheckedLog& log, const std::string& table, std::set<std::string>& columns) {
    sql::Connection& db = *log.db;
    const std::int64_t rows = db.one(sql_of("SELECT COUNT(*) FROM " + table))->integer(0);
    REQUIRE(rows > 0);
    for (const std::string& column :
         names_in(db, "SELECT name FROM pragma_table_info('" + table + "')")) {
        // The epoch says who writes, and nothing that was signed depends on it.
        if (table + "." + column == "log_head.epoch") continue;
        columns.insert(table + "." + column);
        const std::string keys = joined(
            names_in(db, "SELECT name FROM pragma_table_info('" + table + "') WHERE pk > 0"));
        for (std::int64_t row = 0; row<rows; row += rows> 10 ? 37 : 1) {
            // One of many checkpoints can go without a trace: nothing says where batches ended.
            if (table + "." + column == "log_checkpoint.log" && row + 1 < rows) continue;
            const std::string where_row = " WHERE (" + keys + ") = (SELECT " + keys + " FROM " +
                                          table + " ORDER BY " + keys + " LIMIT 1 OFFSET " +
                                          std::to_string(row) + ")";
            const std::string at = " FROM " + table + where_row;
            const std::string type = db.one(sql_of("SELECT typeof(" + column + ")" + at))->text(0);
            const auto cell = db.one(sql_of("SELECT " + column + at));
            REQUIRE(cell.has_value());
            for (const std::size_t where : {0U, 1U, 2U}) {
                const sql::Transaction undone(db);
                const sql::Value value = flipped(*cell, type, where);
                const std::array parameters{
                    std::visit([](const auto& held) { return sql::to_parameter(held); }, value)};
                INFO(table << "." << column << " of row " << row << ", place " << where);
                const std::string change =
                    "UPDATE " + table + " SET " + column + " = ?" + where_row;
                std::int64_t changed = 0;
                try {
                    changed = db.execute(sql_of(change), parameters);
                } catch (const Error&) {
                    continue;  // another row has this key
                }
                REQUIRE(changed == 1);
                const auto faults = faults_of(db);
                REQUIRE_FALSE(faults.empty());
                INFO(faults.front().text());
                CHECK_FALSE(faults.front().place.empty());
                if (table + "." + column == "log_entry.bytes") {
                    CHECK(faults.front().entry == static_cast<std::uint64_t>(row));
                }
                if (type == "integer") break;
            }
        }
    }
}

}  // namespace

TEST_CASE("fsck: an honest log of any size has no fault", "[ledger][fsck]") {
    for (const auto& batches : std::vector<std::vector<std::uint64_t>>{
             {}, {1}, {255}, {256}, {1, 255, 1}, {300, 400, 1, 1, 511}}) {
        CheckedLog log;
        for (const std::uint64_t count : batches) log.add(count);
        Fsck fsck = new_pass();
        while (fsck.step(*log.db)) {
        }
        INFO(log.head.size);
        CHECK(fsck.faults().empty());
        CHECK(fsck.size() == log.head.size);
        CHECK(fsck.entries() == log.head.size);
        CHECK(fsck.checkpoints() == batches.size());
        CHECK_FALSE(fsck.step(*log.db));
    }
}

TEST_CASE("fsck: a writer may go on while a pass runs", "[ledger][fsck]") {
    CheckedLog log({100, 250});
    Fsck fsck = new_pass();
    std::uint64_t steps = 0;
    while (fsck.step(*log.db)) {
        log.add(37);
        ++steps;
    }
    for (const FsckFault& fault : fsck.faults()) UNSCOPED_INFO(fault.text());
    CHECK(fsck.faults().empty());
    CHECK(fsck.size() == 350);
    CHECK(steps > 3);
    CHECK(faults_of(*log.db).empty());
}

TEST_CASE("fsck: a flipped byte of any stored value is found and named", "[ledger][fsck]") {
    std::set<std::string> columns;
    CheckedLog log({5, 251, 44});
    for (const char* table :
         {"log_head", "log_tile", "log_entry", "log_entity", "log_checkpoint"}) {
        flip_everything(log, table, columns);
    }
    CheckedLog longer({5, kSpan - 5, 44});
    flip_everything(longer, "log_posting", columns);
    CHECK(columns.contains("log_entry.bytes"));
    CHECK(columns.contains("log_posting.offsets"));
    CHECK(columns.contains("log_tile.hashes"));
    CHECK(columns.contains("log_head.root"));
    CHECK(columns.contains("log_checkpoint.note"));
    CHECK(faults_of(*log.db).empty());
    CHECK(faults_of(*longer.db).empty());
}

TEST_CASE("fsck: what is absent, left over or rolled back is named", "[ledger][fsck]") {
    struct Case {
        std::string change;
        std::string check;
        std::string place;
    };
    const std::vector<Case> cases{
        {"DELETE FROM log_entry WHERE log_index = 17", "missing", "entry 17"},
        {"DELETE FROM log_entry WHERE log_index = 4115", "missing", "entry 4115"},
        {"DELETE FROM log_tile WHERE tile_level = 0 AND tile_index = 0", "missing", "tile/0/000"},
        {"DELETE FROM log_checkpoint WHERE size = 4116", "head", "head"},
        {"DELETE FROM log_head", "head", "head"},
        {"UPDATE log_head SET size = 256, root = (SELECT root FROM log_checkpoint WHERE size = "
         "256)",
         "surplus", "entry 256"},
        {"UPDATE log_checkpoint SET note = (SELECT note FROM log_checkpoint c WHERE c.size = 5) "
         "WHERE size = 256",
         "column", "checkpoint 256"},
        {"UPDATE log_tile SET hashes = x'00' WHERE tile_level = 0 AND tile_index = 0", "tile",
         "tile/0/000"},
        {"UPDATE log_head SET root = x'00'", "row", "head"},
        {"UPDATE log_entry SET bytes = 5 WHERE log_index = 3", "row", "entries from 0"},
        {"INSERT INTO log_tile SELECT log, 0, 17, 256, zeroblob(8192) FROM log_head", "surplus",
         "tile/0/017"},
        {"INSERT INTO log_tile SELECT log, 2, 0, 1, zeroblob(32) FROM log_head", "surplus",
         "tile/2/000"},
        {"INSERT INTO log_tile SELECT log, 70, 0, 1, zeroblob(32) FROM log_head", "surplus",
         "tile/70/000"},
        {"DELETE FROM log_entity WHERE log_index = 7", "index", "entry 7"},
        {"INSERT INTO log_entity VALUES (1, x'456f003131', 7)", "surplus", "index"},
        {"INSERT INTO log_entity VALUES (1, x'456f003131', 4500)", "surplus", "index"},
        {"DELETE FROM log_posting WHERE term = CAST('korder.paid' AS BLOB)", "index", "entry 0"},
        {"UPDATE log_posting SET offsets = x'0001' WHERE term = CAST('Ap1' AS BLOB)", "index",
         "entry 1"},
        {"INSERT INTO log_posting VALUES (1, 0, x'6b7a', x'0000')", "surplus", "index"},
        {"INSERT INTO log_posting VALUES (1, 1, x'6b7a', x'0000')", "surplus", "index"},
    };
    CheckedLog log({5, 251, 44, kSpan - 280});
    for (const Case& one : cases) {
        const sql::Transaction undone(*log.db);
        INFO(one.change);
        REQUIRE(log.db->run(sql_of(one.change)) > 0);
        const auto faults = faults_of(*log.db);
        REQUIRE_FALSE(faults.empty());
        INFO(faults.front().text());
        CHECK(faults.front().check == one.check);
        CHECK(faults.front().place == one.place);
    }
}

TEST_CASE("fsck: another key's signature does not pass, and an older key's does",
          "[ledger][fsck]") {
    CheckedLog log({5});
    const NoteSigner near_miss(std::string(test::kOrigin),
                               test::must(SigningKey::from_seed(Bytes(32, 8))));
    Fsck refused({near_miss.verifier()});
    while (refused.step(*log.db)) {
    }
    REQUIRE(refused.faults().size() == 1);
    CHECK(refused.faults().front().check == "checkpoint");
    Fsck rotated({near_miss.verifier(), test::sample_signer().verifier()});
    while (rotated.step(*log.db)) {
    }
    CHECK(rotated.faults().empty());
}

TEST_CASE("fsck: it stops after twenty faults", "[ledger][fsck]") {
    CheckedLog log({300});
    log.db->run(sql_of("UPDATE log_entry SET bytes = CAST('{}' AS BLOB)"));
    CHECK(faults_of(*log.db).size() == Fsck::kFaultsMax);
}
