/// The exchange from its start to its last commit, on one thread and without a socket: opens the
/// folder, passes the gate, commits the batches, records the heads, and says on its output what it
/// answered. A test runs it under strace, which makes one of its file calls fail.
///
///     storage_writer FOLDER alone|reader
///
/// With "reader" a second connection is open all the time, as an auditor's may be even before the
/// start; alone, SQLite takes every closing of the connection for the end and tidies up.
#include <sys/uio.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/error.h"
#include "ledger/head_record.h"
#include "ledger/merkle.h"
#include "ledger/rollback_gate.h"
#include "ledger/store/log_store.h"
#include "marketplace/app/alarm.h"
#include "marketplace/app/batch_runner.h"
#include "sql/migrate.h"
#include "tests/storage/support/scenario.h"

using namespace pdx;
namespace fs = std::filesystem;

namespace {

/// One call for a line, so that it is there whole or not at all. Nothing else here calls writev(2):
/// by it the trace tells an answer from what the writer writes.
void say(const nlohmann::json& line) {
    std::string text = line.dump() + "\n";
    const iovec part{text.data(), text.size()};
    if (::writev(STDOUT_FILENO, &part, 1) != static_cast<ssize_t>(text.size())) std::abort();
}

/// As cli/ledger_gate.h does it, with the one source that this folder has. Returns: the head.
ledger::TreeHead pass_gate(sql::Connection& db, const fs::path& folder) {
    const auto recorded =
        ledger::read_last_head(test::scenario_record(folder), test::kScenarioOrigin);
    const auto head = ledger::LogStore(db, test::kScenarioOrigin).head();
    PDX_CHECK(recorded && head);
    ledger::SqlTileReader tiles(db, test::kScenarioOrigin);
    const std::vector<ledger::SeenHead> seen{
        {{"The local record", "本地签发记录"}, recorded->size, recorded->root}};
    const auto rollbacks = ledger::find_rollbacks(
        head->size, [&](std::uint64_t size) { return ledger::root_at(tiles, size); }, seen);
    if (!rollbacks.empty()) throw conflict("ledger.rolled_back", rollbacks.front().text());
    return *head;
}

class Node {
public:
    Node(const fs::path& folder, bool is_read) : database_(test::open_scenario(folder)) {
        if (is_read) reader_ = database_->open();
        look();
        sql::migrate(*database_->open(), sql::embedded_schema());
        const ledger::TreeHead head = pass_gate(*database_->open(), folder);
        record_ = std::make_unique<ledger::HeadRecord>(test::scenario_record(folder),
                                                       test::kScenarioOrigin);
        app::BatchOptions options;
        options.attempts_max = 3;
        options.back_off = [](int) {};
        options.committed = [this](const ledger::TreeHead& committed) { record(committed); };
        runner_ = std::make_unique<app::BatchRunner>(
            *database_, app::Sequencer(test::scenario_signer()), clock_, ids_, options);
        record(head);
    }

    app::BatchEnd run(std::vector<app::PendingCommand>& pending) {
        std::vector<app::PendingCommand*> pointers;
        pointers.reserve(pending.size());
        for (app::PendingCommand& one : pending) pointers.push_back(&one);
        return runner_->run(pointers);
    }

    /// Says which checkpoint anybody would be served now.
    void look() {
        if (!reader_) return;
        try {
            const auto latest =
                ledger::LogStore(*reader_, test::kScenarioOrigin).latest_checkpoint();
            if (latest) say({{"checkpoint", latest->note}});
        } catch (const std::exception& failure) {
            app::raise_alarm("read.failed", failure.what());
        }
    }

private:
    /// As app/head_recorder.h does it, which has a thread.
    void record(const ledger::TreeHead& head) {
        try {
            record_->append({head.size, head.root});
        } catch (const std::exception& failure) {
            app::raise_alarm("ledger_record.failed", failure.what());
        }
    }

    test::StillClock clock_;
    RandomIdSource ids_;
    std::unique_ptr<sql::Database> database_;
    std::unique_ptr<sql::Connection> reader_;
    std::unique_ptr<ledger::HeadRecord> record_;
    std::unique_ptr<app::BatchRunner> runner_;
};

/// True when the client knows now what came of its request.
bool answer(const std::string& key, const app::PendingCommand& pending) {
    if (!pending.failure) {
        const app::Receipt& receipt = pending.outcome.receipt;
        say({{"key", key}, {"index", receipt.index}, {"proof", receipt.proof}});
        return true;
    }
    try {
        std::rethrow_exception(pending.failure);
    } catch (const Error& error) {
        const bool is_final = error.kind() != ErrorKind::kBusy;
        say({{"key", key}, {is_final ? "refused" : "unanswered", error.code()}});
        return is_final;
    }
}

/// Every request once, and once more the ones without an answer. Returns: how it ended.
std::string run_all(Node& node) {
    const auto batches = test::scenario_batches();
    std::set<std::string> answered;
    std::size_t requests = 0;
    for (int round = 0; round < 2; ++round) {
        requests = 0;
        for (const auto& batch : batches) {
            std::vector<const test::ScenarioCommand*> asked;
            std::vector<app::PendingCommand> pending;
            requests += batch.size();
            for (const test::ScenarioCommand& one : batch) {
                if (answered.count(one.key) != 0) continue;
                asked.push_back(&one);
                pending.emplace_back().command = &one.command;
            }
            if (asked.empty()) continue;
            const app::BatchEnd end = node.run(pending);
            for (std::size_t i = 0; i < asked.size(); ++i) {
                if (answer(asked[i]->key, pending[i])) answered.insert(asked[i]->key);
            }
            node.look();
            if (end == app::BatchEnd::kViolated) return "halted";
        }
    }
    return answered.size() == requests ? "done" : "unanswered";
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    std::string end;
    std::string why;
    try {
        Node node(argv[1], std::string(argv[2]) == "reader");
        end = run_all(node);
    } catch (const InvariantViolation& violation) {
        end = "violated";
        why = violation.what();
    } catch (const std::exception& failure) {
        end = "refused";
        why = failure.what();
    }
    say({{"end", end}, {"why", why}});
    return 0;
}
