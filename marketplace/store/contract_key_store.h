#pragma once
/// What the masking keys of a contract derive from, sealed; a contract that has ended has it no
/// more. What is in it is app/contract_keys's to read.
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/time.h"
#include "sql/sql.h"

namespace pdx::store {

struct ContractKey {
    ContractId contract;
    /// Absent while a contract of before the schema has none; empty once it was destroyed.
    std::optional<Bytes> sealed_seed;
    Timestamp created_at;
    std::optional<Timestamp> destroyed_at;
};

/// Throws: Error kConflict "database.duplicate" when the contract has one.
void insert_contract_key(sql::Connection& db, const ContractId& id, ByteView sealed_seed,
                         Timestamp now);
std::optional<ContractKey> find_contract_key(sql::Connection& db, const ContractId& id);

/// Ensures: the row says that the seed was destroyed at that time, and holds none, whatever was in
/// it and whether or not there was a row. False when it was so already.
bool destroy_contract_key(sql::Connection& db, const ContractId& id, Timestamp at);

/// Contracts without a seed that was ever made.
std::vector<ContractId> list_contracts_without_seed(sql::Connection& db, std::int64_t limit);
/// False when the contract has a seed, or had one.
bool set_first_seed(sql::Connection& db, const ContractId& id, ByteView sealed_seed);

std::span<const sql::Query> contract_key_queries();

}  // namespace pdx::store
