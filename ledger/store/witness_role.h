#pragma once
/// A witness at work: decides, stores durably, and only then answers. Two requests at once, in one
/// process or in several on one database, cannot roll it back.
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "ledger/cosignature.h"
#include "ledger/store/witness_store.h"
#include "ledger/witness.h"
#include "sql/sql.h"

namespace pdx::ledger {

/// Thread: any.
class WitnessRole {
public:
    /// Requires: the database is migrated; it and the clock outlive this. Every log key's name is
    /// the origin that it stands under (checked).
    WitnessRole(sql::Database& database, CosignatureSigner signer, WitnessedLogs logs,
                const Clock& clock);

    const NoteVerifier& verifier() const { return signer_.verifier(); }
    /// add-checkpoint. Throws: what the storage throws; nothing was answered then, and the caller
    /// may come again.
    WitnessAnswer add_checkpoint(std::string_view body);
    /// The latest cosigned checkpoint, with the log's lines and ours, by witness_log_id().
    std::optional<std::string> checkpoint(std::string_view log_id);

private:
    WitnessAnswer decide(const WitnessCandidate& candidate);
    sql::Connection& connection();

    sql::Database& database_;
    CosignatureSigner signer_;
    WitnessedLogs logs_;
    const Clock& clock_;
    std::mutex mutex_;
    std::unique_ptr<sql::Connection> connection_;
};

}  // namespace pdx::ledger
