#include "marketplace/store/contract_key_store.h"

#include <array>

#include "base/check.h"
#include "marketplace/store/columns.h"

namespace pdx::store {
namespace {

constexpr sql::Query kInsert{
    "contract_key.insert",
    "INSERT INTO contract_key (contract_id, sealed_seed, created_at) VALUES (?, ?, ?)"};
constexpr sql::Query kFind{"contract_key.find",
                           "SELECT contract_id, sealed_seed, created_at, destroyed_at "
                           "FROM contract_key WHERE contract_id = ?"};
constexpr sql::Query kDestroy{
    "contract_key.destroy",
    "UPDATE contract_key SET sealed_seed = X'', destroyed_at = ? WHERE contract_id = ? AND "
    "(sealed_seed IS NULL OR LENGTH(sealed_seed) > 0 OR destroyed_at IS NULL OR "
    "destroyed_at <> ?)"};
constexpr sql::Query kInsertDestroyed{
    "contract_key.insert_destroyed",
    "INSERT INTO contract_key (contract_id, sealed_seed, created_at, destroyed_at) "
    "VALUES (?, X'', ?, ?)"};
constexpr sql::Query kWithoutSeed{
    "contract_key.without_seed",
    "SELECT contract_id FROM contract_key WHERE sealed_seed IS NULL AND destroyed_at IS NULL "
    "ORDER BY contract_id LIMIT ?"};
constexpr sql::Query kSetFirst{
    "contract_key.set_first",
    "UPDATE contract_key SET sealed_seed = ? WHERE contract_id = ? AND sealed_seed IS NULL AND "
    "destroyed_at IS NULL"};
constexpr std::array kQueries{kInsert, kFind, kDestroy, kInsertDestroyed, kWithoutSeed, kSetFirst};

}  // namespace

void insert_contract_key(sql::Connection& db, const ContractId& id, ByteView sealed_seed,
                         Timestamp now) {
    PDX_CHECK(!sealed_seed.empty());
    db.run(kInsert, id, sealed_seed, now);
}

std::optional<ContractKey> find_contract_key(sql::Connection& db, const ContractId& id) {
    const auto row = db.one(kFind, id);
    if (!row) return std::nullopt;
    ContractKey key{id_at<ContractTag>(*row, 0), std::nullopt, row->time(2), std::nullopt};
    if (!row->is_null(1)) key.sealed_seed = row->blob(1);
    if (!row->is_null(3)) key.destroyed_at = row->time(3);
    return key;
}

bool destroy_contract_key(sql::Connection& db, const ContractId& id, Timestamp at) {
    if (db.run(kDestroy, at, id, at) > 0) return true;
    if (find_contract_key(db, id)) return false;
    return db.run(kInsertDestroyed, id, at, at) > 0;
}

std::vector<ContractId> list_contracts_without_seed(sql::Connection& db, std::int64_t limit) {
    std::vector<ContractId> ids;
    for (const sql::Row& row : db.all(kWithoutSeed, limit)) {
        ids.push_back(id_at<ContractTag>(row, 0));
    }
    return ids;
}

bool set_first_seed(sql::Connection& db, const ContractId& id, ByteView sealed_seed) {
    PDX_CHECK(!sealed_seed.empty());
    return db.run(kSetFirst, sealed_seed, id) > 0;
}

std::span<const sql::Query> contract_key_queries() { return kQueries; }

}  // namespace pdx::store
