#include "marketplace/app/writer.h"

#include <algorithm>
#include <future>
#include <latch>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>
#include <vector>

#include "base/check.h"
#include "base/error.h"
#include "ledger/chain.h"
#include "ledger/proof.h"
#include "ledger/store/log_store.h"
#include "marketplace/store/idempotency_store.h"
#include "tests/app/support/market.h"
#include "tests/support/catch.h"

using namespace pdx;
using app::Command;
using app::Outcome;
using app::Transaction;
using test::Market;

namespace {

constexpr sql::Query kCountCounters{"test.count", "SELECT COUNT(*) FROM serial_number"};
constexpr sql::Query kInsertCounter{
    "test.insert", "INSERT INTO serial_number (series, last_number) VALUES (?, 1)"};

app::Caller operator_of(Market& market) {
    static_cast<void>(market);
    return {PartyId::parse("01900000-0000-7000-8000-000000000001").value(), domain::Role::kOperator,
            false};
}

/// A command that leaves one row and one fact.
Command note(Market& market, const std::string& name,
             std::optional<app::IdempotencyKey> key = std::nullopt) {
    return {operator_of(market), std::move(key), [name](Transaction& tx) {
                tx.db().run(kInsertCounter, name);
                tx.record(app::make_fact("test.noted", "test", name, {{"name", name}}));
                return nlohmann::json{{"name", name}}.dump();
            }};
}

std::int64_t rows(Market& market) { return market.open()->one(kCountCounters)->integer(0); }

std::uint64_t log_size(Market& market) {
    const auto db = market.open();
    return ledger::LogStore(*db, market.context().log_origin).head()->size;
}

bool verifies(Market& market, const app::Receipt& receipt) {
    const auto key = ledger::NoteVerifier::parse(market.vkey());
    const auto result = ledger::verify_receipt(receipt.proof, *key);
    return result.ok() && result.index == receipt.index &&
           result.checkpoint.size == receipt.tree_size;
}

/// Runs the commands from as many threads at once; the failures as codes, in order.
std::vector<std::string> submit_together(Market& market, std::vector<Command> commands,
                                         std::vector<Outcome>* outcomes = nullptr) {
    std::vector<std::string> codes(commands.size());
    std::vector<Outcome> answers(commands.size());
    std::latch start(static_cast<std::ptrdiff_t>(commands.size()));
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < commands.size(); ++i) {
        threads.emplace_back([&, i] {
            start.arrive_and_wait();
            try {
                answers[i] = market.writer().submit(commands[i]);
            } catch (const Error& error) {
                codes[i] = error.code();
            } catch (const InvariantViolation&) {
                codes[i] = "bug";
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    if (outcomes != nullptr) *outcomes = std::move(answers);
    return codes;
}

/// One long command that holds the writer while others queue behind it.
class Plug {
public:
    explicit Plug(Market& market)
        : thread_([this, &market] {
              market.writer().submit(
                  {operator_of(market), std::nullopt, [this](Transaction& tx) {
                       // A batch that fails is run again.
                       if (!entered_before_) {
                           entered_before_ = true;
                           entered_.set_value();
                           gate_.get_future().wait();
                       }
                       tx.record(app::make_fact("test.noted", "test", "plug", {{"name", "plug"}}));
                       return std::string("{}");
                   }});
          }) {
        entered_.get_future().wait();
    }
    ~Plug() {
        release();
        thread_.join();
    }
    void release() {
        if (!released_) gate_.set_value();
        released_ = true;
    }

private:
    bool entered_before_ = false;  ///< the writer thread's
    std::promise<void> entered_;
    std::promise<void> gate_;
    bool released_ = false;
    std::thread thread_;
};

app::IdempotencyKey key_of(const std::string& key, const std::string& request) {
    return {key, sha256(request)};
}

}  // namespace

TEST_CASE("writer: every command gets a receipt that verifies offline", "[app][writer]") {
    Market market;
    for (int i = 0; i < 20; ++i) {
        const Outcome outcome = market.writer().submit(note(market, "n" + std::to_string(i)));
        CHECK(outcome.receipt.index == static_cast<std::uint64_t>(i));
        CHECK(verifies(market, outcome.receipt));
    }
    CHECK(rows(market) == 20);
    CHECK(log_size(market) == 20);
}

TEST_CASE("writer: a refused command in the middle of a batch leaves the others", "[app][writer]") {
    Market market;
    std::vector<Command> commands;
    for (int i = 0; i < 30; ++i) {
        Command command = note(market, "n" + std::to_string(i));
        if (i % 3 == 1) {
            const auto inner = command.run;
            command.run = [inner](Transaction& tx) {
                inner(tx);  // rows and a fact first, so that something must be undone
                throw conflict("test.refused", {"no", "否"});
                return std::string();
            };
        } else if (i % 3 == 2) {
            command.run = [](Transaction& tx) {
                tx.db().run(kInsertCounter, "bug");
                PDX_CHECK(1 == 2);
                return std::string();
            };
        }
        commands.push_back(std::move(command));
    }
    std::vector<std::string> codes;
    std::vector<Outcome> outcomes;
    {
        Plug plug(market);
        std::thread all([&] { codes = submit_together(market, commands, &outcomes); });
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        plug.release();
        all.join();
    }
    std::set<std::uint64_t> indexes;
    for (std::size_t i = 0; i < codes.size(); ++i) {
        CAPTURE(i);
        CHECK(codes[i] == (i % 3 == 0 ? "" : i % 3 == 1 ? "test.refused" : "bug"));
        if (i % 3 == 0) {
            indexes.insert(outcomes[i].receipt.index);
            CHECK(verifies(market, outcomes[i].receipt));
        }
    }
    CHECK(indexes.size() == 10);
    CHECK(*indexes.rbegin() == 10);  // dense after the plug: refused commands take no index
    CHECK(rows(market) == 10);
    CHECK(log_size(market) == 11);
    CHECK(market.writer().stats().commits < 12);  // they were batched
}

TEST_CASE("writer: a command without a fact, or with two, is a bug and leaves nothing",
          "[app][writer]") {
    Market market;
    CHECK_THROWS_AS(market.writer().submit({operator_of(market), std::nullopt,
                                            [](Transaction& tx) {
                                                tx.db().run(kInsertCounter, "x");
                                                return std::string("{}");
                                            }}),
                    InvariantViolation);
    Command twice = note(market, "twice");
    const auto inner = twice.run;
    twice.run = [inner](Transaction& tx) {
        inner(tx);
        tx.record(app::make_fact("test.noted", "test", "again", {{"a", 1}}));
        return std::string("{}");
    };
    CHECK_THROWS_AS(market.writer().submit(twice), InvariantViolation);
    CHECK(rows(market) == 0);
    CHECK(log_size(market) == 0);
    CHECK(market.writer().accepts());
}

TEST_CASE("writer: the same key fifty times at once has one effect and one answer",
          "[app][writer]") {
    Market market;
    const std::vector<Command> commands(50, note(market, "once", key_of("k", "request")));
    std::vector<Outcome> outcomes;
    const auto codes = submit_together(market, commands, &outcomes);
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        CHECK(codes[i].empty());
        CHECK(outcomes[i].answer == outcomes[0].answer);
        CHECK(outcomes[i].receipt.proof == outcomes[0].receipt.proof);
        CHECK(verifies(market, outcomes[i].receipt));
    }
    CHECK(std::count_if(outcomes.begin(), outcomes.end(),
                        [](const Outcome& o) { return !o.replayed; }) == 1);
    CHECK(rows(market) == 1);
    CHECK(log_size(market) == 1);
}

TEST_CASE("writer: a repeated key gives the same bytes after other entries and a restart",
          "[app][writer]") {
    Market market;
    const Outcome first = market.writer().submit(note(market, "a", key_of("k", "request")));
    for (int i = 0; i < 300; ++i) market.writer().submit(note(market, "n" + std::to_string(i)));
    market.restart();
    const Outcome again = market.writer().submit(note(market, "a", key_of("k", "request")));
    CHECK(again.replayed);
    CHECK(again.answer == first.answer);
    CHECK(again.receipt.proof == first.receipt.proof);
}

TEST_CASE("writer: a used key refuses another request, and a refusal stays refused",
          "[app][writer]") {
    Market market;
    market.writer().submit(note(market, "a", key_of("k", "one")));
    CHECK(submit_together(market, {note(market, "b", key_of("k", "two"))}) ==
          std::vector<std::string>{"idempotency.key_reused"});
    bool allow = false;
    Command moody = note(market, "c", key_of("m", "same"));
    const auto inner = moody.run;
    moody.run = [&allow, inner](Transaction& tx) {
        if (!allow) throw conflict("test.refused", {"no", "否"}, {.state = "s", .allowed = {"e"}});
        return inner(tx);
    };
    CHECK(submit_together(market, {moody})[0] == "test.refused");
    allow = true;
    CHECK(submit_together(market, {moody})[0] == "test.refused");
    CHECK(rows(market) == 1);
}

TEST_CASE("writer: an entity's entries are chained over batches, refusals and a restart",
          "[app][writer]") {
    app::WriterOptions options;
    auto failures = std::make_shared<std::atomic<int>>(0);
    options.batch.before_commit = [failures] {
        if (failures->load() > 0) {
            --*failures;
            throw sql::StorageFailure("scripted");
        }
    };
    Market market(options);
    const auto about = [&market](const std::string& entity, const std::string& ending) {
        return Command{
            operator_of(market), std::nullopt, [entity, ending](Transaction& tx) {
                tx.record(app::make_fact("test.noted", "test", entity, nlohmann::json::object()));
                if (ending == "refused") throw conflict("test.refused", {"no", "否"});
                PDX_CHECK(ending != "bug");
                return std::string("{}");
            }};
    };
    const std::vector<std::string> endings{"", "refused", "", "bug", ""};
    for (int round = 0; round < 3; ++round) {
        std::vector<Command> commands;
        for (int i = 0; i < 30; ++i) {
            commands.push_back(about("e" + std::to_string(i % 4),
                                     endings.at(static_cast<std::size_t>(i + round) % 5)));
        }
        {
            Plug plug(market);
            std::thread all([&] { submit_together(market, commands); });
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            if (round == 1) *failures = 1;  // the whole batch is made again
            plug.release();
            all.join();
        }
        if (round == 1) market.restart();
    }
    ledger::ChainAudit chains;
    std::map<std::string, std::vector<ledger::HistoryEntry>> histories;
    const auto db = market.open();
    ledger::LogStore log(*db, market.context().log_origin);
    for (const auto& stored : log.entries(0, 1'000)) {
        const auto& [reading, entry, fault] = stored.parsed;
        REQUIRE(reading == ledger::EntryReading::kRead);
        CHECK(!chains.add(stored.index, stored.leaf,
                          ledger::ChainAudit::key_of(entry.entity_type, entry.entity_id),
                          entry.prev));
        histories[entry.entity_id].push_back({stored.index, stored.leaf, entry});
    }
    CHECK(histories.size() == 5);  // and the plug's
    std::size_t entries = 0;
    for (const auto& [entity, history] : histories) {
        CHECK(!ledger::check_history(history));
        entries += history.size();
    }
    CHECK(entries == std::size_t{3} * (18 + 1));
    CHECK(histories.at("plug").size() == 3);
}

TEST_CASE("writer: a full queue answers busy and loses nothing that was queued", "[app][writer]") {
    app::WriterOptions options;
    options.queue_commands_max = 4;
    Market market(options);
    std::vector<std::string> codes;
    {
        Plug plug(market);
        std::vector<Command> commands;
        for (int i = 0; i < 20; ++i) commands.push_back(note(market, "n" + std::to_string(i)));
        std::thread all([&] { codes = submit_together(market, commands); });
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        plug.release();
        all.join();
    }
    const auto refused = std::count(codes.begin(), codes.end(), "writer.queue_full");
    const auto done = std::count(codes.begin(), codes.end(), "");
    CHECK(refused == 16);
    CHECK(done == 4);
    CHECK(rows(market) == 4);
}

TEST_CASE("writer: time in the ledger never goes back, whatever the clock does", "[app][writer]") {
    Market market;
    market.writer().submit(note(market, "a"));
    market.clock().set({market.clock().now().micros - 3'600'000'000});
    market.writer().submit(note(market, "b"));
    market.restart();
    market.writer().submit(note(market, "c"));
    const auto db = market.open();
    const auto entries = ledger::LogStore(*db, market.context().log_origin).entries(0, 10);
    REQUIRE(entries.size() == 3);
    CHECK(entries[0].parsed.entry.at <= entries[1].parsed.entry.at);
    CHECK(entries[1].parsed.entry.at <= entries[2].parsed.entry.at);
}

TEST_CASE("writer: a failing commit answers busy, writes nothing, and the next batch goes on",
          "[app][writer]") {
    app::WriterOptions options;
    auto failures = std::make_shared<std::atomic<int>>(0);
    options.batch.attempts_max = 3;
    options.batch.before_commit = [failures] {
        if (failures->load() > 0) {
            --*failures;
            throw sql::StorageFailure("scripted");
        }
    };
    Market market(options);
    market.writer().submit(note(market, "a"));
    *failures = 2;  // fewer than the attempts: the batch is repeated and succeeds
    const Outcome repeated = market.writer().submit(note(market, "b"));
    CHECK(repeated.receipt.index == 1);
    CHECK(verifies(market, repeated.receipt));
    *failures = 3;
    CHECK(submit_together(market, {note(market, "c")})[0] == "storage.failed");
    CHECK(rows(market) == 2);
    const Outcome after = market.writer().submit(note(market, "d"));
    CHECK(after.receipt.index == 2);
    CHECK(verifies(market, after.receipt));
}

TEST_CASE("writer: an unknown commit is said to be unknown, and the key finds the effect",
          "[app][writer]") {
    app::WriterOptions options;
    auto lose = std::make_shared<std::atomic<bool>>(false);
    options.batch.after_commit = [lose] {
        if (lose->exchange(false)) throw sql::CommitUnknown("scripted");
    };
    Market market(options);
    *lose = true;
    CHECK(submit_together(market, {note(market, "a", key_of("k", "r"))})[0] == "commit.unknown");
    const Outcome again = market.writer().submit(note(market, "a", key_of("k", "r")));
    CHECK(again.replayed);
    CHECK(verifies(market, again.receipt));
    CHECK(rows(market) == 1);
    CHECK(market.writer().submit(note(market, "b")).receipt.index == 1);
}

TEST_CASE("writer: another writer on the same log stops this one instead of forking it",
          "[app][writer]") {
    Market market;
    market.writer().submit(note(market, "a"));
    {
        constexpr sql::Query kMove{"test.move", "UPDATE log_head SET size = size + 1"};
        market.open()->run(kMove);
    }
    CHECK(submit_together(market, {note(market, "b")})[0] == "writer.stopped");
    CHECK_FALSE(market.writer().accepts());
    CHECK(submit_together(market, {note(market, "c")})[0] == "writer.stopped");
    CHECK(rows(market) == 1);
}

TEST_CASE("writer: stop finishes what is queued and refuses what comes later", "[app][writer]") {
    Market market;
    market.writer().submit(note(market, "a"));
    market.writer().stop();
    CHECK(submit_together(market, {note(market, "b")})[0] == "writer.stopped");
    CHECK(rows(market) == 1);
}
