#pragma once
/// What is written while the storage fails: one log, a few batches of commands, the files that they
/// go to. The program that writes and the test that looks afterwards both know it.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "ledger/note.h"
#include "ledger/signer.h"
#include "marketplace/app/batch_runner.h"
#include "sql/sql.h"

namespace pdx::test {

inline constexpr const char* kScenarioOrigin = "storage.example/ledger";
/// Two below a full tile, so that the batches cross its edge.
inline constexpr std::uint64_t kEntriesBefore = 254;

ledger::NoteSigner scenario_signer();

std::filesystem::path scenario_database(const std::filesystem::path& folder);
std::filesystem::path scenario_record(const std::filesystem::path& folder);

/// SQLite as the exchange opens it, but that its log goes back into the database every few batches
/// and not only after four megabytes.
std::unique_ptr<sql::Database> open_scenario(const std::filesystem::path& folder);

/// Always the same time: the same run makes the same calls.
class StillClock final : public Clock {
public:
    Timestamp now() const override { return {1'772'413'200'000'000}; }
};

struct ScenarioCommand {
    std::string key;  ///< of the request, and of the row that it leaves
    bool is_refused = false;
    app::Command command;
};

/// The batches; one of their commands is refused after it has written.
std::vector<std::vector<ScenarioCommand>> scenario_batches();
/// The same kind of command, for the log as it is before. `number` is the entity's.
ScenarioCommand scenario_command(const std::string& key, unsigned number);

/// Which of the rows are there, by key, ascending.
std::vector<std::string> scenario_rows(sql::Connection& db);

}  // namespace pdx::test
