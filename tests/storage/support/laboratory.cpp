#include "tests/storage/support/laboratory.h"

#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <utility>

#include "ledger/checkpoint.h"
#include "ledger/head_record.h"
#include "ledger/merkle.h"
#include "ledger/proof.h"
#include "ledger/store/fsck.h"
#include "ledger/store/log_store.h"
#include "marketplace/app/batch_runner.h"
#include "sql/migrate.h"
#include "tests/storage/support/scenario.h"
#include "tests/storage/support/sync_order.h"
#include "tests/support/catch.h"
#include "tests/support/places.h"

namespace pdx::test {
namespace {

namespace fs = std::filesystem;

Heard read_answers(const fs::path& out) {
    Heard heard;
    std::ifstream lines(out);
    for (std::string line; std::getline(lines, line);) {
        heard.text += line.substr(0, 100) + "\n";
        const auto said = nlohmann::json::parse(line);
        heard.is_receipt.push_back(said.contains("proof"));
        if (said.contains("proof")) {
            heard.receipts[said.at("key")] = said;
        } else if (said.contains("refused")) {
            REQUIRE(said.at("refused") == "scenario.refused");
            heard.refused.insert(said.at("key"));
        } else if (said.contains("checkpoint")) {
            heard.checkpoints.push_back(said.at("checkpoint"));
        } else if (said.contains("end")) {
            heard.end = said.at("end");
            heard.why = said.at("why");
        }
    }
    return heard;
}

/// Of the lines that the writer said, its receipts promise something; leaves the others out.
std::vector<TracedCall> with_receipts(std::vector<TracedCall> calls, const Heard& heard) {
    std::erase_if(calls, [&](const TracedCall& call) {
        return call.name == "writev" && !heard.is_receipt.at(call.number - 1);
    });
    return calls;
}

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The fault was there, and the program ended in the way that it asks for.
void check_end(const StorageCase& one, int status, const std::vector<TracedCall>& calls,
               const Heard& heard) {
    const auto injected = std::count_if(calls.begin(), calls.end(),
                                        [](const auto& call) { return call.is_injected(); });
    if (one.fault == StorageFault::kKill) {
        REQUIRE(WIFSIGNALED(status));
        REQUIRE(WTERMSIG(status) == SIGKILL);
        REQUIRE(heard.end.empty());
        return;
    }
    REQUIRE(status == 0);
    REQUIRE(injected >= 1);
    if (one.fault == StorageFault::kError || one.fault == StorageFault::kFull)
        REQUIRE(injected == 1);
    const std::set<std::string> ends{"done", "unanswered", "refused"};
    REQUIRE(ends.count(heard.end) == 1);
}

void check_answers(const Heard& before, const Heard& after) {
    for (const auto& batch : scenario_batches()) {
        for (const auto& one : batch) {
            INFO(one.key);
            REQUIRE(after.refused.count(one.key) == (one.is_refused ? 1 : 0));
            REQUIRE(after.receipts.count(one.key) == (one.is_refused ? 0 : 1));
        }
    }
    for (const auto& [key, receipt] : before.receipts) {
        INFO(key);
        REQUIRE(after.receipts.at(key) == receipt);
    }
    for (const auto& key : before.refused) REQUIRE(after.refused.count(key) == 1);
}

void check_prefix(sql::Connection& db, const ledger::Checkpoint& seen, std::uint64_t size) {
    REQUIRE(seen.size <= size);
    ledger::SqlTileReader tiles(db, kScenarioOrigin);
    REQUIRE(ledger::root_at(tiles, seen.size) == seen.root);
}

void check_rows(sql::Connection& db, const Heard& after) {
    std::vector<std::string> rows = scenario_rows(db);
    std::erase_if(rows, [](const std::string& row) { return row.starts_with("before-"); });
    std::vector<std::string> expected;
    expected.reserve(after.receipts.size());
    for (const auto& [name, receipt] : after.receipts) expected.push_back(name);
    REQUIRE(rows == expected);
}

}  // namespace

Laboratory::Laboratory(const std::string& situation)
    : program_(binary_folder() / "storage_writer"),
      mode_(situation == "alone" ? "alone" : "reader") {
    fs::create_directory(root_ / "first");
    make_log(root_ / "first");
    files_ = {data_, answers_, scenario_record(data_)};
    for (const char* end : {"", "-wal", "-shm", "-journal"}) {
        files_.push_back(scenario_database(data_).string() + end);
    }
    if (situation == "restart") kill_before_sync();
}

std::vector<TracedCall> Laboratory::count() const {
    renew();
    REQUIRE(run({}) == 0);
    const Heard heard = read_answers(answers_);
    INFO(heard.text << read_file(errors_));
    REQUIRE(heard.end == "done");
    return with_receipts(read_trace(trace_, files_), heard);
}

std::string Laboratory::try_case(const StorageCase& one) const {
    renew();
    const int status = run(one.inject);
    const auto calls = read_trace(trace_, files_);
    const Heard before = read_answers(answers_);
    INFO(before.text << read_file(errors_));
    check_end(one, status, calls, before);

    REQUIRE(run({}) == 0);
    const Heard after = read_answers(answers_);
    INFO(after.text << read_file(errors_));
    REQUIRE(after.end == "done");
    check_synced(with_receipts(calls, before), with_receipts(read_trace(trace_, files_), after));
    check_answers(before, after);
    check_log(before, after);
    return before.end.empty() ? "killed" : before.end;
}

/// Copied while it is open: what a process that was killed leaves behind, with a write-ahead log
/// that the next start must recover.
void Laboratory::make_log(const fs::path& folder) const {
    const StillClock clock;
    RandomIdSource ids;
    const auto database = open_scenario(folder);
    sql::migrate(*database->open(), sql::embedded_schema());
    ledger::HeadRecord record(scenario_record(folder), kScenarioOrigin);
    app::BatchOptions options;
    options.committed = [&record](const ledger::TreeHead& head) {
        record.append({head.size, head.root});
    };
    app::BatchRunner runner(*database, app::Sequencer(scenario_signer()), clock, ids, options);
    constexpr unsigned kBatch = 127;
    static_assert(kEntriesBefore % kBatch == 0);
    for (unsigned begin = 0; begin < kEntriesBefore; begin += kBatch) {
        std::vector<ScenarioCommand> commands;
        for (unsigned i = begin; i < begin + kBatch; ++i) {
            commands.push_back(scenario_command("before-" + std::to_string(i), i));
        }
        std::vector<app::PendingCommand> pending(commands.size());
        std::vector<app::PendingCommand*> pointers;
        for (std::size_t i = 0; i < commands.size(); ++i) {
            pending[i].command = &commands[i].command;
            pointers.push_back(&pending[i]);
        }
        REQUIRE(runner.run(pointers) == app::BatchEnd::kDone);
    }
    fs::copy(folder, base_);
    REQUIRE(fs::file_size(scenario_database(base_).string() + "-wal") > 0);
}

/// Leaves, as the state to begin with, a commit that is written and not synced.
void Laboratory::kill_before_sync() {
    unsigned last = 0;
    for (const TracedCall& call : count()) {
        if (call.name == "writev") break;
        if (call.name == "fdatasync" && call.file.ends_with("-wal")) last = call.number;
    }
    renew();
    run({"fdatasync:signal=SIGKILL:when=" + std::to_string(last)});
    unsynced_ = read_trace(trace_, files_);
    fs::remove_all(base_);
    fs::copy(data_, base_);
}

void Laboratory::renew() const {
    fs::remove_all(data_);
    fs::copy(base_, data_);
    fs::remove(trace_);
    fs::remove(errors_);
}

int Laboratory::run(const std::vector<std::string>& inject) const {
    auto command = traced(trace_, files_, inject);
    command.insert(command.end(), {program_, data_, mode_});
    return run_program({command, answers_, errors_});
}

/// What one run left unsynced is so still for the next.
void Laboratory::check_synced(const std::vector<TracedCall>& first,
                              const std::vector<TracedCall>& second) const {
    auto history = unsynced_;
    history.insert(history.end(), first.begin(), first.end());
    history.insert(history.end(), second.begin(), second.end());
    const auto unsynced = find_unsynced(history, kScenarioDatabase);
    INFO(unsynced.value_or(""));
    REQUIRE_FALSE(unsynced.has_value());
}

/// Each key once, in a log that fsck, every receipt and every checkpoint agree with.
void Laboratory::check_log(const Heard& before, const Heard& after) const {
    const auto key = scenario_signer().verifier();
    const auto db = open_scenario(data_)->open();
    ledger::Fsck fsck({key});
    while (fsck.step(*db)) {
    }
    for (const auto& fault : fsck.faults()) UNSCOPED_INFO(fault.text());
    REQUIRE(fsck.faults().empty());
    REQUIRE(fsck.size() == kEntriesBefore + after.receipts.size());

    ledger::LogStore log(*db, kScenarioOrigin);
    std::set<std::uint64_t> indexes;
    for (const auto& [name, receipt] : after.receipts) {
        const auto result = ledger::verify_receipt(receipt.at("proof").get<std::string>(), key);
        INFO(name << " " << result.reason);
        REQUIRE(result.ok());
        REQUIRE(result.index == receipt.at("index").get<std::uint64_t>());
        REQUIRE(result.index >= kEntriesBefore);
        REQUIRE(log.entry(result.index).value().bytes == result.entry);
        indexes.insert(result.index);
        check_prefix(*db, result.checkpoint, fsck.size());
    }
    REQUIRE(indexes.size() == after.receipts.size());
    for (const Heard* heard : {&before, &after}) {
        for (const std::string& note : heard->checkpoints) {
            const auto opened = ledger::open_checkpoint(note, key);
            REQUIRE(opened.status == ledger::CheckpointStatus::kVerified);
            check_prefix(*db, opened.checkpoint, fsck.size());
        }
    }
    check_rows(*db, after);
}

}  // namespace pdx::test
