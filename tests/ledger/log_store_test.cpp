#include "ledger/store/log_store.h"

#include <fstream>
#include <iterator>
#include <string>

#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"
#include "ledger/proof.h"
#include "sql/migrate.h"
#include "tests/ledger/support/log_fixture.h"
#include "tests/ledger/support/must.h"
#include "tests/support/catch.h"
#include "tests/support/store_batch.h"

using namespace pdx;
using namespace pdx::ledger;

namespace {

struct Fixture {
    std::unique_ptr<sql::Database> database = sql::open_database("sqlite::memory:");
    std::unique_ptr<sql::Connection> connection = database->open();
    LogStore store{*connection, std::string(test::kOrigin)};
    TreeHead head;
    Appender appender;

    Fixture() {
        sql::migrate(*connection, sql::embedded_schema());
        store.create();
        head = test::must(store.head());
    }

    void append(std::uint64_t count) {
        const std::vector<Entry> all = test::chained_entries(appender.size() + count);
        append({all.end() - static_cast<std::ptrdiff_t>(count), all.end()});
    }
    void append(std::vector<Entry> entries) {
        const NoteSigner signer = test::sample_signer();
        test::store_batch(store, appender, std::move(entries), &signer);
        head = test::must(store.head());
    }
};

}  // namespace

TEST_CASE("log store: the last entry of an entity is found", "[ledger][log_store]") {
    Fixture fixture;
    REQUIRE(fixture.store.last_of_entity("order", "o1") == std::nullopt);
    fixture.append(12);
    for (std::uint64_t entity = 0; entity < 5; ++entity) {
        const std::uint64_t index = entity < 2 ? 10 + entity : 5 + entity;
        const auto last = fixture.store.last_of_entity("order", "o" + std::to_string(entity));
        REQUIRE(last == PreviousEntry{index, fixture.store.entry(index)->leaf});
    }
    REQUIRE(fixture.store.last_of_entity("contract", "o1") == std::nullopt);
    REQUIRE(fixture.store.last_of_entity("order", "o") == std::nullopt);
}

TEST_CASE("log store: every statement can be prepared", "[ledger][log_store]") {
    Fixture fixture;
    for (const sql::Query& query : queries()) {
        INFO(query.name);
        REQUIRE_NOTHROW(fixture.connection->prepare(query));
    }
}

TEST_CASE("log store: the head moves by compare-and-swap only", "[ledger][log_store]") {
    Fixture fixture;
    LogStore& store = fixture.store;
    REQUIRE(store.head() == TreeHead{0, empty_root(), 1});
    REQUIRE_THROWS_AS(store.create(), Error);
    REQUIRE_FALSE(LogStore(*fixture.connection, "other").head().has_value());
    const TreeHead first = *store.head();
    const TreeHead second{5, sha256("5"), 1};
    store.advance(first, second);
    REQUIRE(store.head() == second);
    REQUIRE_THROWS_AS(store.advance(first, second), LedgerViolation);
    REQUIRE_THROWS_AS(store.advance({5, second.root, 2}, {6, sha256("6"), 2}), LedgerViolation);
    REQUIRE_THROWS_AS(store.advance(second, {4, sha256("4"), 1}), LedgerViolation);
    REQUIRE_THROWS_AS(store.advance(second, {5, sha256("x"), 1}), LedgerViolation);
    REQUIRE(store.head() == second);
    store.advance(second, {5, second.root, 2});
    REQUIRE(store.head()->epoch == 2);
}

TEST_CASE("log store: a log grown in batches is read back, proven and verified offline",
          "[ledger][log_store]") {
    Fixture fixture;
    std::uint64_t size = 0;
    for (const std::uint64_t count : {1U, 3U, 252U, 1U, 300U, 43U}) {
        fixture.append(count);
        size += count;
    }
    REQUIRE(fixture.store.head()->size == size);
    SqlTileReader reader(*fixture.connection, std::string(test::kOrigin));
    REQUIRE(root_at(reader, size) == fixture.head.root);
    REQUIRE(Appender(reader, size, fixture.head.root).size() == size);

    const auto checkpoint = fixture.store.latest_checkpoint();
    REQUIRE(checkpoint->size == size);
    for (std::uint64_t index = 0; index < size; index += 37) {
        const auto entry = fixture.store.entry(index);
        REQUIRE(entry->index == index);
        REQUIRE(entry->leaf == leaf_hash(entry->bytes));
        const std::string receipt = format_receipt(
            entry->bytes, index, inclusion_proof(reader, index, size), checkpoint->note);
        REQUIRE(verify_receipt(receipt, test::sample_signer().verifier()).ok());
    }
    for (const std::uint64_t old_size : {1U, 4U, 256U, 257U, 557U}) {
        const auto older = fixture.store.checkpoint_at(old_size);
        REQUIRE(older.has_value());
        REQUIRE(root_at(reader, old_size) == older->root);
        REQUIRE(verify_consistency(old_size, older->root, size, checkpoint->root,
                                   consistency_proof(reader, old_size, size)));
    }
    REQUIRE_FALSE(fixture.store.checkpoint_at(2).has_value());
    REQUIRE(fixture.store.checkpoint_covering(0)->size == 1);
    REQUIRE(fixture.store.checkpoint_covering(1)->size == 4);
    REQUIRE(fixture.store.checkpoint_covering(256)->size == 257);
    REQUIRE_FALSE(fixture.store.checkpoint_covering(size).has_value());
}

TEST_CASE("log store: tiles and bundles of older sizes are cut from wider ones",
          "[ledger][log_store]") {
    Fixture fixture;
    fixture.append(300);
    auto log = test::make_log(std::uint64_t{300});
    SqlTileReader reader(*fixture.connection, std::string(test::kOrigin));
    for (int round = 0; round < 2; ++round) {
        for (const unsigned width : {1U, 44U, 255U, 256U}) {
            REQUIRE(reader.read_tile(0, 0, width) == log.tiles.read_tile(0, 0, width));
            REQUIRE(reader.read_bundle(0, width) == log.tiles.read_bundle(0, width));
            REQUIRE(reader.read_tile(0, 1, width).has_value() == (width <= 44));
            REQUIRE(reader.read_bundle(1, width).has_value() == (width <= 44));
        }
    }
    REQUIRE_FALSE(reader.read_tile(0, 2, 1).has_value());
    REQUIRE_FALSE(reader.read_tile(2, 0, 1).has_value());
    REQUIRE_FALSE(reader.read_bundle(0, 0).has_value());
    REQUIRE_FALSE(SqlTileReader(*fixture.connection, "other").read_tile(0, 0, 1).has_value());
    // A partial tile that grows is not served from a memory of the narrower one.
    fixture.append(100);
    REQUIRE(reader.read_tile(0, 1, 144).has_value());
}

TEST_CASE("log store: entries are found by entity, kind and actor, page by page",
          "[ledger][log_store]") {
    Fixture fixture;
    // Spans that are listed in the middle of a batch and at its end, and a last one that is not.
    for (const std::uint64_t count : {4'000U, 200U, 3'992U, 358U}) fixture.append(count);
    LogStore& store = fixture.store;
    const auto all_indexes = [&](const EntryFilter& filter) {
        std::vector<std::uint64_t> indexes;
        std::uint64_t begin = 0;
        while (true) {
            const auto page = store.find(filter, begin, 700);
            REQUIRE(page.size() <= 700);
            if (page.empty()) return indexes;
            for (const StoredEntry& entry : page) indexes.push_back(entry.index);
            begin = page.back().index + 1;
        }
    };
    const auto expect = [&](const EntryFilter& filter, auto matches) {
        std::vector<std::uint64_t> expected;
        for (std::uint64_t i = 0; i < 8'550; ++i) {
            if (matches(test::sample_entry(i))) expected.push_back(i);
        }
        REQUIRE_FALSE(expected.empty());
        REQUIRE(all_indexes(filter) == expected);
    };
    expect({}, [](const Entry&) { return true; });
    expect({.entity_type = "order", .entity_id = "o3"},
           [](const Entry& entry) { return entry.entity_id == "o3"; });
    expect({.kind = "order.paid"}, [](const Entry& entry) { return entry.kind == "order.paid"; });
    expect({.actor = "p1"}, [](const Entry& entry) { return entry.actor == "p1"; });
    REQUIRE(store.entries(8'548, 10).size() == 2);
    REQUIRE(store.entries(0, -1).empty());
    const auto latest = store.latest(8'550, 3);
    REQUIRE(latest.size() == 3);
    REQUIRE(latest.front().index == 8'549);
    REQUIRE(latest.back().index == 8'547);
    REQUIRE_FALSE(store.entry(8'550).has_value());
    REQUIRE(parse_entry(as_text(store.entry(9)->bytes)).entry == test::chained_entries(10)[9]);
}

TEST_CASE("log store: what is stored is not silently replaced", "[ledger][log_store]") {
    Fixture fixture;
    fixture.append(5);
    LogStore& store = fixture.store;
    REQUIRE_THROWS_AS(store.put_checkpoint({5, sha256("other"), "note"}), Error);
    Entry entry = test::sample_entry(0);
    const auto put = [&](std::uint64_t index) {
        const Bytes bytes = encode_entry(entry);
        const SequencedEntry one{entry, bytes, leaf_hash(bytes)};
        store.put_entries(index, {&one, 1});
    };
    REQUIRE_THROWS_AS(put(0), Error);
    entry.log = "other";
    REQUIRE_THROWS_AS(put(5), InvariantViolation);
    const TileWrite grown{0, 0, 6, 4, Bytes(6 * Digest::kSize, 1)};
    REQUIRE_THROWS_AS(store.put_tiles(std::span(&grown, 1)), LedgerViolation);
    const TileWrite fresh{0, 0, 5, 0, Bytes(5 * Digest::kSize, 1)};
    REQUIRE_THROWS_AS(store.put_tiles(std::span(&fresh, 1)), Error);
}

TEST_CASE("log store: a rolled-back batch leaves the log as it was", "[ledger][log_store]") {
    Fixture fixture;
    fixture.append(260);
    const TreeHead head = fixture.head;
    fixture.connection->begin();
    fixture.append(40);
    fixture.connection->rollback();
    REQUIRE(fixture.store.head() == head);
    SqlTileReader reader(*fixture.connection, std::string(test::kOrigin));
    fixture.head = head;
    fixture.appender = Appender(reader, head.size, head.root);
    fixture.append(10);
    REQUIRE(fixture.store.head()->root == test::make_log(std::uint64_t{270}).checkpoint.root);
}
