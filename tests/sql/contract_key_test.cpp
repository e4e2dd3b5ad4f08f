/// The seeds of contract keys in SQL, on each database: what is stored comes back, what is
/// destroyed does not, and contracts of before the migration wait for a seed.
#include "marketplace/store/contract_key_store.h"

#include <algorithm>
#include <string>

#include "marketplace/store/contract_store.h"
#include "sql/migrate.h"
#include "tests/sql/databases.h"
#include "tests/support/catch.h"

using namespace pdx;
using domain::ContractState;

namespace {

constexpr Timestamp kSeedTime{1'772'323'200'000'000};

struct KeyStore {
    std::unique_ptr<sql::Database> database;
    std::unique_ptr<sql::Connection> db;
    RandomIdSource ids;

    explicit KeyStore(const test::Kind& kind) : database(kind.fresh()), db(database->open()) {}
    void migrate_all() { sql::migrate(*db, sql::embedded_schema(), kSeedTime); }
    ContractId id() { return ids.make<ContractTag>(kSeedTime); }
    std::optional<store::ContractKey> find(const ContractId& contract) {
        return store::find_contract_key(*db, contract);
    }

    ContractId insert_contract(ContractState state, Date term_to) {
        store::Contract contract;
        contract.id = id();
        contract.application_id = ids.make<ApplicationTag>(kSeedTime);
        contract.term_from = {2026, 3, 1};
        contract.term_to = term_to;
        contract.text = "{}";
        contract.policy_text = "{}";
        contract.state = state;
        contract.created_at = kSeedTime;
        contract.updated_at = kSeedTime;
        store::insert_contract(*db, contract);
        return contract.id;
    }
};

const Bytes& seed() {
    static const Bytes kSeed(72, 0xe5);
    return kSeed;
}

}  // namespace

TEST_CASE("contract key store: what is stored comes back, and what is destroyed does not",
          "[sql][contract]") {
    for (const auto& kind : test::database_kinds()) {
        INFO(kind.name);
        KeyStore at(kind);
        at.migrate_all();
        const ContractId id = at.id();
        const ContractId other = at.id();
        CHECK_FALSE(at.find(id).has_value());
        store::insert_contract_key(*at.db, id, seed(), kSeedTime);
        store::insert_contract_key(*at.db, other, Bytes(72, 1), kSeedTime);
        auto key = at.find(id).value();
        CHECK(key.contract == id);
        CHECK(key.sealed_seed == seed());
        CHECK(key.created_at == kSeedTime);
        CHECK_FALSE(key.destroyed_at.has_value());
        CHECK_THROWS_AS(store::insert_contract_key(*at.db, id, seed(), kSeedTime), Error);
        CHECK_THROWS_AS(store::insert_contract_key(*at.db, at.id(), {}, kSeedTime),
                        InvariantViolation);

        const Timestamp end{kSeedTime.micros + 5};
        CHECK(store::destroy_contract_key(*at.db, id, end));
        key = at.find(id).value();
        CHECK(key.sealed_seed == Bytes());
        CHECK(key.created_at == kSeedTime);
        CHECK(key.destroyed_at == end);
        CHECK_FALSE(store::destroy_contract_key(*at.db, id, end));
        CHECK_FALSE(store::set_first_seed(*at.db, id, seed()));
        CHECK(at.find(id).value().sealed_seed == Bytes());
        CHECK(at.find(other).value().sealed_seed == Bytes(72, 1));
    }
}

TEST_CASE("contract key store: destroyed is destroyed, whatever the row says", "[sql][contract]") {
    constexpr sql::Query kSeedAgain{
        "test.seed_again", "UPDATE contract_key SET sealed_seed = ? WHERE contract_id = ?"};
    constexpr sql::Query kNotDestroyed{
        "test.not_destroyed", "UPDATE contract_key SET destroyed_at = NULL WHERE contract_id = ?"};
    constexpr sql::Query kNull{"test.null_seed",
                               "UPDATE contract_key SET sealed_seed = NULL WHERE contract_id = ?"};
    constexpr sql::Query kGone{"test.no_row", "DELETE FROM contract_key WHERE contract_id = ?"};
    const Timestamp end{kSeedTime.micros + 5};
    for (const auto& kind : test::database_kinds()) {
        INFO(kind.name);
        KeyStore at(kind);
        at.migrate_all();
        const ContractId id = at.id();
        store::insert_contract_key(*at.db, id, seed(), kSeedTime);
        store::destroy_contract_key(*at.db, id, Timestamp{end.micros + 1});
        const auto check_destroyed_again = [&] {
            CHECK(store::destroy_contract_key(*at.db, id, end));
            CHECK(at.find(id).value().sealed_seed == Bytes());
            CHECK(at.find(id).value().destroyed_at == end);
            CHECK_FALSE(store::destroy_contract_key(*at.db, id, end));
        };
        check_destroyed_again();  // another time
        at.db->run(kSeedAgain, seed(), id);
        check_destroyed_again();
        at.db->run(kNotDestroyed, id);
        check_destroyed_again();
        at.db->run(kNull, id);
        check_destroyed_again();
        at.db->run(kGone, id);
        check_destroyed_again();
    }
}

TEST_CASE("contract key store: contracts of before the migration that live wait for a seed",
          "[sql][contract]") {
    const auto& schema = sql::embedded_schema();
    const auto migration = std::find_if(schema.begin(), schema.end(), [](const auto& file) {
        return file.first == "0010_contract_key.sql";
    });
    REQUIRE(migration != schema.end());
    for (const auto& kind : test::database_kinds()) {
        INFO(kind.name);
        KeyStore at(kind);
        sql::migrate(*at.db, {schema.begin(), migration}, kSeedTime);
        std::vector<ContractId> living;
        for (const auto& row : domain::names_of(ContractState{})) {
            const ContractId id = at.insert_contract(row.value, {2027, 2, 28});
            if (!domain::is_terminal(row.value)) living.push_back(id);
        }
        at.migrate_all();
        std::sort(living.begin(), living.end());
        CHECK(living.size() == 5);
        CHECK(store::list_contracts_without_seed(*at.db, 100) == living);
        CHECK(store::list_contracts_without_seed(*at.db, 2).size() == 2);
        const auto waiting = at.find(living[0]).value();
        CHECK_FALSE(waiting.sealed_seed.has_value());
        CHECK_FALSE(waiting.destroyed_at.has_value());
        CHECK(store::set_first_seed(*at.db, living[0], seed()));
        CHECK_FALSE(store::set_first_seed(*at.db, living[0], Bytes(72, 1)));
        CHECK(at.find(living[0]).value().sealed_seed == seed());
        CHECK(store::destroy_contract_key(*at.db, living[1], kSeedTime));
        CHECK_FALSE(store::set_first_seed(*at.db, living[1], seed()));
        living.erase(living.begin(), living.begin() + 2);
        CHECK(store::list_contracts_without_seed(*at.db, 100) == living);
    }
}

TEST_CASE("contract store: those in force or suspended past their term are found, in pages",
          "[sql][contract]") {
    for (const auto& kind : test::database_kinds()) {
        INFO(kind.name);
        KeyStore at(kind);
        at.migrate_all();
        std::vector<ContractId> past;
        for (const auto& row : domain::names_of(ContractState{})) {
            const ContractId id = at.insert_contract(row.value, {2027, 2, 28});
            const bool runs =
                row.value == ContractState::kInForce || row.value == ContractState::kSuspended;
            if (runs) past.push_back(id);
            at.insert_contract(row.value, {2027, 3, 1});
        }
        std::sort(past.begin(), past.end());
        const auto found = [&](Date today, const std::string& after, std::int64_t limit) {
            return store::list_contracts_past_term(*at.db, today, after, limit);
        };
        CHECK(found({2027, 2, 28}, "", 10).empty());
        CHECK(found({2027, 3, 1}, "", 10) == past);
        CHECK(found({2027, 3, 1}, "", 1) == std::vector{past[0]});
        CHECK(found({2027, 3, 1}, past[0].text(), 10) == std::vector{past[1]});
        CHECK(found({2027, 3, 2}, "", 10).size() == 4);
    }
}
