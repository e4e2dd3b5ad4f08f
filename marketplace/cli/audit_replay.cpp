#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "base/check.h"
#include "base/error.h"
#include "ledger/store/log_store.h"
#include "ledger/verify.h"
#include "marketplace/app/replay.h"
#include "marketplace/app/replay_compare.h"
#include "marketplace/cli/audit_options.h"
#include "marketplace/cli/commands.h"
#include "marketplace/cli/progress.h"
#include "marketplace/cli/readable_log.h"
#include "sql/snapshot.h"

namespace pdx::cli {
namespace {

using nlohmann::json;

struct ReplayOptions : AuditOptions {
    std::string other;   ///< a second log, for --with
    std::string entity;  ///< type:id
    std::int64_t at = -1;
};

app::CompareProgress shown_on(ProgressBar& bar) {
    return [&bar](std::uint64_t done, std::uint64_t total) { bar.update(done, total); };
}

std::uint64_t stored_size(sql::Connection& db, const std::string& origin) {
    const auto head = ledger::LogStore(db, origin).head();
    if (!head) throw std::runtime_error("the database holds no log named " + origin);
    return head->size;
}

/// Replays a log outside of a database. With a key its checkpoint is verified, and of a folder
/// every byte; `verified` says so.
struct ReplayedLog {
    app::Replay replay;
    std::uint64_t size = 0;
    bool verified = false;
};

ReplayedLog replay_outside(const std::string& where, const std::string& key, std::int64_t at) {
    ReplayedLog result;
    const auto source = open_log(where);
    const std::string note = source->note();
    result.size = read_checkpoint(note).size;
    if (!key.empty()) {
        const ledger::NoteVerifier verifier = read_vkey(key);
        if (where.find("://") != std::string::npos) {
            throw invalid("audit.served",
                          {"A log is verified byte by byte in a folder. Download it first: pdx "
                           "ledger export.",
                           "逐字节核验须先下载账本：pdx ledger export。"},
                          {.pointer = where});
        }
        const auto report = ledger::verify_log(where, verifier);
        if (!report.ok()) {
            throw LedgerViolation(where + " does not verify: " + report.faults.front().text());
        }
        result.verified = true;
    }
    if (at >= 0 && static_cast<std::uint64_t>(at) >= result.size) {
        throw invalid("audit.index",
                      {"The log has " + std::to_string(result.size) + " entries only.",
                       "账本只有 " + std::to_string(result.size) + " 条记录。"},
                      {.pointer = "--at"});
    }
    const auto tiles = source->tiles(result.size);
    ProgressBar bar("Replaying");
    app::replay_log(result.replay, *tiles, 0,
                    at >= 0 ? static_cast<std::uint64_t>(at) + 1 : result.size, shown_on(bar));
    return result;
}

json summary(const app::Replay& replay) {
    json illegal = json::array();
    for (const app::IllegalStep& step : replay.illegal()) illegal.push_back(app::to_json(step));
    return {{"entries", replay.applied()},
            {"uninterpreted", replay.uninterpreted()},
            {"illegal", replay.illegal_count()},
            {"illegal_steps", std::move(illegal)}};
}

void add_differences(json& report, const app::Comparison& comparison) {
    json rows = json::array();
    for (const app::Difference& one : comparison.differences) rows.push_back(app::to_json(one));
    report["entities"] = comparison.entities;
    report["differences"] = comparison.count;
    report["first_differences"] = std::move(rows);
}

/// For people: what is wrong, or that nothing is.
void tell(const app::Replay& replay, const app::Comparison* comparison, std::string_view other) {
    std::cout << replay.applied() << " entries replayed, " << replay.uninterpreted()
              << " of kinds that this program does not know\n";
    if (replay.illegal_count() > 0) {
        std::cout << "illegal steps: " << replay.illegal_count() << ", the first at\n  "
                  << app::describe(replay.illegal().front()) << "\n";
    }
    if (comparison == nullptr) return;
    std::cout << comparison->entities << " entities compared: ";
    if (comparison->equal()) {
        std::cout << "the ledger and " << other << " say the same\n";
    } else {
        std::cout << comparison->count << " differences, the first at\n  "
                  << app::describe(comparison->differences.front(), other) << "\n";
    }
}

int finish(const ReplayOptions& options, const app::Replay& replay,
           const app::Comparison& comparison, std::string_view other) {
    const bool holds = replay.illegal_count() == 0 && comparison.equal();
    if (options.json) {
        json report = summary(replay);
        add_differences(report, comparison);
        report["ok"] = holds;
        std::cout << report.dump() << "\n";
    } else {
        tell(replay, &comparison, other);
    }
    return holds ? 0 : kExitNotVerified;
}

int replay_database(const ReplayOptions& options) {
    const AuditedDatabase audited = open_audited(options);
    sql::Connection& db = *audited.connection;
    const sql::ReadSnapshot snapshot(db);
    app::Replay replay;
    {
        ledger::SqlTileReader tiles(db, audited.key.name());
        ProgressBar bar("Replaying");
        app::replay_log(replay, tiles, 0, stored_size(db, audited.key.name()), shown_on(bar));
    }
    ProgressBar bar("Comparing");
    const app::Comparison comparison =
        app::compare_with_database(replay.state(), db, {}, shown_on(bar));
    return finish(options, replay, comparison, "the database");
}

/// One line of JSON for each entity, so that the state of a large market can be piped.
void print_state(const app::ReplayedState& state) {
    for (const auto& [name, entity] : state) {
        std::cout << json{{"type", name.first},
                          {"id", name.second},
                          {"created_by", entity.created_by},
                          {"changed_by", entity.changed_by},
                          {"state", app::to_json(entity)}}
                         .dump()
                  << "\n";
    }
}

int replay_folder(const ReplayOptions& options) {
    const ReplayedLog log = replay_outside(options.log, options.key, -1);
    if (!options.other.empty()) {
        const ReplayedLog other = replay_outside(options.other, options.key, -1);
        const auto comparison = app::compare_states(log.replay.state(), other.replay.state());
        return finish(options, log.replay, comparison, options.other);
    }
    print_state(log.replay.state());
    json report = summary(log.replay);
    report["verified"] = log.verified;
    std::cerr << report.dump() << "\n";
    return log.replay.illegal_count() == 0 ? 0 : kExitNotVerified;
}

int print_as_of(const ReplayOptions& options) {
    ReplayedLog log;
    if (!options.log.empty()) {
        log = replay_outside(options.log, options.key, options.at);
    } else {
        const AuditedDatabase audited = open_audited(options);
        sql::Connection& db = *audited.connection;
        const std::uint64_t size = stored_size(db, audited.key.name());
        const std::uint64_t end =
            options.at < 0 ? size : std::min(size, static_cast<std::uint64_t>(options.at) + 1);
        ledger::SqlTileReader tiles(db, audited.key.name());
        ProgressBar bar("Replaying");
        app::replay_log(log.replay, tiles, 0, end, shown_on(bar));
    }
    if (options.entity.empty()) {
        print_state(log.replay.state());
        return 0;
    }
    const std::size_t colon = options.entity.find(':');
    const app::EntityName name{options.entity.substr(0, colon),
                               colon == std::string::npos ? "" : options.entity.substr(colon + 1)};
    const auto found = log.replay.state().find(name);
    if (found == log.replay.state().end()) {
        std::cerr << "pdx: up to there the ledger tells nothing of " << options.entity << "\n";
        return kExitFailed;
    }
    print_state({{found->first, found->second}});
    return 0;
}

}  // namespace

void add_audit_replay(CLI::App& audit, int& status) {
    auto* command = audit.add_subcommand(
        "replay", "rebuild the market from its entries alone and compare it with the database");
    auto options = std::make_shared<ReplayOptions>();
    add_audit_options(*command, *options);
    command->add_option("--log", options->log,
                        "replay a downloaded log, and print its state as lines of JSON");
    command->add_option("--with", options->other, "compare with the state of this other log")
        ->needs("--log");
    command->callback([options, &status] {
        status = options->log.empty() ? replay_database(*options) : replay_folder(*options);
    });
}

void add_audit_state(CLI::App& audit, int& status) {
    auto* command =
        audit.add_subcommand("state", "print the market as it was after one entry, as JSON lines");
    auto options = std::make_shared<ReplayOptions>();
    add_audit_options(*command, *options);
    command->add_option("--log", options->log, "a downloaded log in place of a database");
    command->add_option("--at", options->at, "index of the entry; without it the last one")
        ->check(CLI::NonNegativeNumber);
    command->add_option("--entity", options->entity, "one entity only, as order:ID");
    command->callback([options, &status] { status = print_as_of(*options); });
}

}  // namespace pdx::cli
