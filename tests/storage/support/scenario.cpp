#include "tests/storage/support/scenario.h"

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/crypto.h"
#include "base/error.h"

namespace pdx::test {
namespace {

constexpr sql::Query kMark{"scenario.mark",
                           "INSERT INTO serial_number (series, last_number) VALUES (?, 1)"};
constexpr sql::Query kMarks{"scenario.marks",
                            "SELECT series FROM serial_number ORDER BY series LIMIT 1000"};

/// Every third entity has been written to before.
std::string entity(unsigned number) {
    std::string digits = std::to_string(number - number % 3 / 2);
    digits.insert(0, 12 - digits.size(), '0');
    return "01900000-0000-7000-8000-" + digits;
}

class ScenarioDatabase final : public sql::Database {
public:
    explicit ScenarioDatabase(std::unique_ptr<sql::Database> inner) : inner_(std::move(inner)) {}
    std::unique_ptr<sql::Connection> open() override {
        auto connection = inner_->open();
        connection->execute_script("PRAGMA wal_autocheckpoint=60");  // pages
        return connection;
    }
    std::string_view dialect() const override { return inner_->dialect(); }

private:
    std::unique_ptr<sql::Database> inner_;
};

}  // namespace

ledger::NoteSigner scenario_signer() {
    return {kScenarioOrigin, SigningKey::from_seed(Bytes(SigningKey::kSeedSize, 7)).value()};
}

std::filesystem::path scenario_database(const std::filesystem::path& folder) {
    return folder / "pdx.sqlite";
}

std::filesystem::path scenario_record(const std::filesystem::path& folder) {
    return folder / "ledger-record";
}

std::unique_ptr<sql::Database> open_scenario(const std::filesystem::path& folder) {
    return std::make_unique<ScenarioDatabase>(
        sql::open_database("sqlite:" + scenario_database(folder).string()));
}

ScenarioCommand scenario_command(const std::string& key, unsigned number) {
    const app::Caller caller{PartyId::parse("01900000-0000-7000-8000-000000000001").value(),
                             domain::Role::kExchangeAdmin, false};
    return {
        key, false,
        app::Command{
            caller, app::IdempotencyKey{key, sha256(key)},
            [key, entity = entity(number)](app::Transaction& tx) {
                tx.db().run(kMark, key);
                tx.record(app::make_fact("party.registered", "party", entity, {{"role", "buyer"}}));
                return nlohmann::json{{"name", key}}.dump();
            }}};
}

std::vector<std::vector<ScenarioCommand>> scenario_batches() {
    constexpr std::array<unsigned, 3> kCommands{3, 1, 4};
    std::vector<std::vector<ScenarioCommand>> batches;
    unsigned number = 1000;
    for (const unsigned count : kCommands) {
        auto& batch = batches.emplace_back();
        for (unsigned i = 0; i < count; ++i, ++number) {
            batch.push_back(scenario_command("key-" + std::to_string(number), number));
        }
    }
    ScenarioCommand refused = scenario_command("refused", number);
    refused.is_refused = true;
    refused.command.run = [run = std::move(refused.command.run)](app::Transaction& tx) {
        run(tx);
        throw conflict("scenario.refused", {"no", "否"});
        return std::string();
    };
    batches.front().insert(batches.front().begin() + 1, std::move(refused));
    return batches;
}

std::vector<std::string> scenario_rows(sql::Connection& db) {
    std::vector<std::string> rows;
    for (const sql::Row& row : db.all(kMarks)) rows.push_back(row.text(0));
    return rows;
}

}  // namespace pdx::test
