#pragma once
/// The keys under which a contract's deliveries are masked: root -> owner -> contract -> field
/// domain, each from the one above by HKDF. The contract's level takes in 32 random bytes that lie
/// sealed in the database and are destroyed when the contract ends; without them nobody, the
/// exchange with its master key included, makes a token of the contract again. The lowest level is
/// privacy/compiled_operation's.
#include <optional>

#include "base/bytes.h"
#include "base/secret.h"
#include "marketplace/store/contract_store.h"
#include "sql/sql.h"

namespace pdx::app {

/// Thread: any.
class ContractKeys {
public:
    /// Requires: a master key of 32 bytes (checked).
    explicit ContractKeys(ByteView master_key);

    /// Another each time. For store/contract_key_store.h; no other contract's opens.
    Bytes make_sealed_seed(const ContractId& contract) const;

    /// The key of the contract.
    /// Throws: kConflict `contract.key_destroyed`; InvariantViolation when there is no seed or what
    /// is stored does not open.
    Secret key_of(sql::Connection& db, const store::Contract& contract) const;
    /// The same; nullopt once it was destroyed, and for a contract that has ended.
    std::optional<Secret> find_key(sql::Connection& db, const store::Contract& contract) const;

private:
    Secret wrap_;
    Secret root_;
};

}  // namespace pdx::app
