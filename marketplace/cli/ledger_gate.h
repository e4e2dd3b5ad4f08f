#pragma once
/// The anti-rollback gate of a data folder (ledger/rollback_gate.h): fetches what the local record
/// and the export remember, and refuses the start when anybody saw more than the database holds.
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "ledger/rollback_gate.h"
#include "marketplace/cli/ledger_keys.h"
#include "marketplace/cli/settings.h"
#include "sql/sql.h"

namespace pdx::cli {

/// DATA/ledger-record.
std::filesystem::path record_file(const std::filesystem::path& data);

struct GateReport {
    std::uint64_t size = 0;  ///< of the database's tree
    Digest root;
    bool record_lost = false;         ///< there is a ledger, but no local record of it
    std::vector<std::string> agreed;  ///< sources that saw a head which the database's tree holds

    /// What the operator is told when the record begins anew; nullopt when it did not.
    std::optional<Text> notice() const;
};

/// `witnesses`: what they saw, verified by whoever fetched it. Signs and writes nothing.
/// Throws: Error kConflict "ledger.rolled_back" that says which source saw what and how to recover;
/// "ledger.export_unverified" when the exported checkpoint is not by a key of this ledger; as
/// ledger::read_last_head(); LedgerViolation when the tree cannot be read.
GateReport check_rollback(const Settings& settings, sql::Connection& db, const LedgerKeys& keys,
                          std::span<const ledger::SeenHead> witnesses);

}  // namespace pdx::cli
