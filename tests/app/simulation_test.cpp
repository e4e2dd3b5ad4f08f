/// Two writers on one database, a clock that jumps, a storage that fails in every way it can, and
/// witnesses that miss and repeat what they are sent, all driven by one seed. PDX_SIM_SEEDS says
/// how many, PDX_SIM_FIRST the first: a failing seed printed here fails again.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/error.h"
#include "ledger/checkpoint.h"
#include "ledger/merkle.h"
#include "ledger/proof.h"
#include "ledger/store/log_store.h"
#include "marketplace/app/batch_runner.h"
#include "sql/migrate.h"
#include "tests/app/support/faulty_database.h"
#include "tests/app/support/market.h"
#include "tests/support/catch.h"

using namespace pdx;
using test::Fault;

namespace {

constexpr const char* kOrigin = "sim.example/ledger";
constexpr int kStepsPerSeed = 24;
constexpr sql::Query kMark{"sim.mark",
                           "INSERT INTO serial_number (series, last_number) VALUES (?, 1)"};
constexpr sql::Query kMarks{"sim.marks",
                            "SELECT series FROM serial_number ORDER BY series LIMIT 100000"};

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// What a client knows of one thing that it wants done once.
struct Wish {
    std::string name;  ///< the row it leaves, and its Idempotency-Key
    std::string entity;
    enum class Kind { kGood, kRefused, kBug } kind = Kind::kGood;
    enum class Known { kNothing, kDone, kRefused, kUnknown } known = Known::kNothing;
    std::string proof;  ///< of the first receipt
    std::uint64_t index = 0;
};

/// Remembers what it cosigned, as c2sp.org/tlog-witness asks: it never goes back, and every newer
/// tree contains the older one.
class Witness {
public:
    void see(const ledger::Checkpoint& seen, sql::Connection& db) {
        if (seen.size < size_) return;  // late mail
        ledger::SqlTileReader tiles(db, kOrigin);
        const auto proof = ledger::consistency_proof(tiles, size_, seen.size);
        REQUIRE(ledger::verify_consistency(size_, root_, seen.size, seen.root, proof));
        size_ = seen.size;
        root_ = seen.root;
    }

private:
    std::uint64_t size_ = 0;
    Digest root_ = ledger::empty_root();
};

class World {
public:
    explicit World(std::uint64_t seed)
        : random_(seed),
          database_(sql::open_database("sqlite::memory:")),
          plain_(database_->open()),
          faulty_(*database_, plan_),
          clock_(Timestamp::parse("2026-03-02T01:00:00Z").value()),
          seed_(SigningKey::kSeedSize, 7) {
        sql::migrate(*plain_, sql::embedded_schema());
        key_ = signer().verifier().vkey();
    }

    void run() {
        for (int step = 0; step < kStepsPerSeed; ++step) {
            move_clock();
            plan_fault();
            run_batch(some_wishes());
            if (chance(20)) deliver_to_witnesses();
        }
        settle();
        check_everything();
    }

private:
    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
    bool chance(unsigned percent) { return below(100) < percent; }

    ledger::NoteSigner signer() const { return {kOrigin, SigningKey::from_seed(seed_).value()}; }

    void move_clock() {
        const auto jump = static_cast<std::int64_t>(below(2'000'000));
        clock_.advance(std::chrono::microseconds(chance(20) ? -jump * 100 : jump));
    }

    void plan_fault() {
        plan_ = {};
        if (chance(50)) return;
        plan_.fault = static_cast<Fault>(below(test::kFaults));
        plan_.statements = static_cast<int>(below(60));
    }

    /// New wishes, unanswered ones again, and some that were answered long ago.
    std::vector<Wish*> some_wishes() {
        std::vector<Wish*> batch;
        for (std::uint64_t i = 0, count = 1 + below(5); i < count; ++i) {
            if (!wishes_.empty() && chance(35)) {
                batch.push_back(wishes_[below(wishes_.size())].get());
                continue;
            }
            auto wish = std::make_unique<Wish>();
            wish->name = "wish-" + std::to_string(wishes_.size());
            wish->entity = ids_.make<PartyTag>(clock_.now()).text();
            if (!wishes_.empty() && chance(50)) wish->entity = wishes_.back()->entity;
            wish->kind = chance(15)   ? Wish::Kind::kRefused
                         : chance(10) ? Wish::Kind::kBug
                                      : Wish::Kind::kGood;
            batch.push_back(wish.get());
            wishes_.push_back(std::move(wish));
        }
        // One caller waits for its answer before it asks again.
        std::sort(batch.begin(), batch.end());
        batch.erase(std::unique(batch.begin(), batch.end()), batch.end());
        return batch;
    }

    app::Command command_of(const Wish& wish) {
        const app::Caller caller{PartyId::parse("01900000-0000-7000-8000-000000000001").value(),
                                 domain::Role::kExchangeAdmin, false};
        return {
            caller, app::IdempotencyKey{wish.name, sha256(wish.name)},
            [name = wish.name, entity = wish.entity, kind = wish.kind](app::Transaction& tx) {
                tx.db().run(kMark, name);
                tx.record(app::make_fact("party.registered", "party", entity, {{"role", "buyer"}}));
                if (kind == Wish::Kind::kRefused) throw conflict("sim.refused", {"no", "否"});
                PDX_CHECK(kind != Wish::Kind::kBug);
                return nlohmann::json{{"name", name}}.dump();
            }};
    }

    /// Throws Crashed when the node did not survive opening.
    app::BatchRunner& node(std::size_t number) {
        auto& runner = nodes_.at(number);
        if (!runner) {
            app::BatchOptions options;
            options.attempts_max = 3;
            options.back_off = [](int) {};
            options.alarm = [](std::string_view, std::string_view) {};
            runner = std::make_unique<app::BatchRunner>(faulty_, app::Sequencer(signer()), clock_,
                                                        ids_, options);
        }
        return *runner;
    }

    void run_batch(const std::vector<Wish*>& batch) {
        std::vector<app::Command> commands;
        for (const Wish* wish : batch) commands.push_back(command_of(*wish));
        std::vector<app::PendingCommand> pending(batch.size());
        std::vector<app::PendingCommand*> pointers;
        for (std::size_t i = 0; i < batch.size(); ++i) {
            pending[i].command = &commands[i];
            pointers.push_back(&pending[i]);
        }
        const std::size_t number = below(nodes_.size());
        try {
            const app::BatchEnd end = node(number).run(pointers);
            // Deposed by the other node: it must be opened afresh.
            if (end == app::BatchEnd::kViolated) nodes_.at(number).reset();
            for (std::size_t i = 0; i < batch.size(); ++i) hear(*batch[i], pending[i]);
        } catch (const test::Crashed&) {
            nodes_.at(number).reset();
            for (Wish* wish : batch) {
                if (wish->known == Wish::Known::kNothing) wish->known = Wish::Known::kUnknown;
            }
        } catch (const std::exception&) {
            nodes_.at(number).reset();  // the storage failed while the node was opened
        }
        plan_ = {};
    }

    void hear(Wish& wish, const app::PendingCommand& pending) {
        if (!pending.failure) {
            const auto& receipt = pending.outcome.receipt;
            REQUIRE(wish.kind == Wish::Kind::kGood);
            if (wish.known == Wish::Known::kDone) {
                REQUIRE(receipt.index == wish.index);  // the same answer again
                REQUIRE(receipt.proof == wish.proof);
            }
            wish.known = Wish::Known::kDone;
            wish.index = receipt.index;
            wish.proof = receipt.proof;
            return;
        }
        try {
            std::rethrow_exception(pending.failure);
        } catch (const Error& error) {
            if (error.code() == "sim.refused") {
                REQUIRE(wish.kind == Wish::Kind::kRefused);
                wish.known = Wish::Known::kRefused;
                return;
            }
            if (error.code() == "commit.unknown" && wish.known == Wish::Known::kNothing) {
                wish.known = Wish::Known::kUnknown;
            }
        } catch (const InvariantViolation&) {
            REQUIRE(wish.kind == Wish::Kind::kBug);
        }
    }

    void deliver_to_witnesses() {
        ledger::LogStore log(*plain_, kOrigin);
        const auto latest = log.latest_checkpoint();
        if (!latest) return;
        const auto key = ledger::NoteVerifier::parse(key_);
        const auto opened = ledger::open_checkpoint(latest->note, *key);
        REQUIRE(opened.status == ledger::CheckpointStatus::kVerified);
        mail_.push_back(opened.checkpoint);
        for (Witness& witness : witnesses_) {
            if (chance(30)) continue;                                 // lost
            witness.see(mail_[below(mail_.size())], *plain_);         // late or twice
            if (chance(70)) witness.see(opened.checkpoint, *plain_);  // fresh
        }
    }

    /// The storage has recovered; every client asks again until it knows.
    void settle() {
        for (const auto& wish : wishes_) {
            for (int tries = 0;
                 wish->known == Wish::Known::kUnknown || wish->known == Wish::Known::kNothing;
                 ++tries) {
                REQUIRE(tries < 6);  // each node may have to notice that it was deposed
                run_batch({wish.get()});
                if (wish->kind == Wish::Kind::kBug) break;
            }
        }
        deliver_to_witnesses();
    }

    void check_everything() {
        ledger::LogStore log(*plain_, kOrigin);
        const auto head = log.head();
        if (!head) return;
        std::vector<ledger::StoredEntry> entries;
        while (true) {
            auto page = log.entries(entries.size(), ledger::kEntryPageMax);
            if (page.empty()) break;
            for (auto& entry : page) entries.push_back(std::move(entry));
        }
        REQUIRE(entries.size() == head->size);
        check_tree(log, *head, entries);
        check_wishes(entries);
    }

    void check_tree(ledger::LogStore& log, const ledger::TreeHead& head,
                    const std::vector<ledger::StoredEntry>& entries) {
        ledger::SqlTileReader tiles(*plain_, kOrigin);
        ledger::Appender naive;
        const auto key = ledger::NoteVerifier::parse(key_);
        Timestamp last;
        std::uint64_t checkpoints = 0;
        for (std::uint64_t i = 0; i < entries.size(); ++i) {
            REQUIRE(entries[i].index == i);  // dense
            REQUIRE(entries[i].parsed.entry.at >= last);
            last = entries[i].parsed.entry.at;
            naive.append(ledger::leaf_hash(entries[i].bytes));
            const Digest root = naive.seal().root;
            REQUIRE(ledger::root_at(tiles, i + 1) == root);
            const auto stored = log.checkpoint_at(i + 1);
            if (!stored) continue;
            ++checkpoints;
            const auto opened = ledger::open_checkpoint(stored->note, *key);
            REQUIRE(opened.status == ledger::CheckpointStatus::kVerified);
            REQUIRE(opened.checkpoint.root == root);  // one root per size, and every one a prefix
            REQUIRE(opened.checkpoint.size == i + 1);
        }
        if (head.size > 0) {
            REQUIRE(ledger::root_at(tiles, head.size) == head.root);
            REQUIRE(log.checkpoint_at(head.size).has_value());
            REQUIRE(checkpoints > 0);
        }
    }

    /// Exactly once: one row and one leaf for each good wish, none for the others.
    void check_wishes(const std::vector<ledger::StoredEntry>& entries) {
        std::vector<std::string> good;
        const auto key = ledger::NoteVerifier::parse(key_);
        std::map<std::uint64_t, std::string> taken;
        for (const auto& wish : wishes_) {
            INFO(wish->name);
            if (wish->kind != Wish::Kind::kGood) {
                REQUIRE(wish->known != Wish::Known::kDone);
                continue;
            }
            REQUIRE(wish->known == Wish::Known::kDone);
            good.push_back(wish->name);
            const auto result = ledger::verify_receipt(wish->proof, *key);
            REQUIRE(result.ok());
            REQUIRE(result.index == wish->index);
            REQUIRE(wish->index < entries.size());
            REQUIRE(result.entry == entries[wish->index].bytes);
            REQUIRE(taken.emplace(wish->index, wish->name).second);
        }
        std::sort(good.begin(), good.end());
        std::vector<std::string> rows;
        for (const sql::Row& row : plain_->all(kMarks)) rows.push_back(row.text(0));
        REQUIRE(rows == good);
        REQUIRE(entries.size() == good.size());
    }

    std::mt19937_64 random_;
    test::FaultPlan plan_;
    std::unique_ptr<sql::Database> database_;
    std::unique_ptr<sql::Connection> plain_;
    test::FaultyDatabase faulty_;
    test::ManualClock clock_;
    RandomIdSource ids_;
    Bytes seed_;
    std::string key_;
    std::array<std::unique_ptr<app::BatchRunner>, 2> nodes_;
    std::array<Witness, 3> witnesses_;
    std::vector<ledger::Checkpoint> mail_;
    std::vector<std::unique_ptr<Wish>> wishes_;
};

}  // namespace

TEST_CASE("simulation: whatever fails, every acknowledged write stands once and no tree forks",
          "[app][simulation]") {
    const std::uint64_t first = setting("PDX_SIM_FIRST", std::random_device{}());
    const std::uint64_t count = setting("PDX_SIM_SEEDS", 1000);
    std::cout << "simulation: " << count << " seeds from " << first << "\n";
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        INFO("PDX_SIM_FIRST=" << seed << " PDX_SIM_SEEDS=1");
        World(seed).run();
    }
}
