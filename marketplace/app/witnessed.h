#pragma once
/// Checkpoints together with the cosignatures that they have: what is published, and what a receipt
/// is made under. The signed text of a checkpoint never changes; lines are only ever added to it.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/policy.h"
#include "ledger/store/log_store.h"
#include "sql/sql.h"

namespace pdx::app {

/// "Witnessed k of n": how many of the policy's witnesses have a line on this very checkpoint.
struct Witnessed {
    std::size_t k = 0;
    std::size_t n = 0;
    bool quorum = false;  ///< false, too, where there is no policy

    bool operator==(const Witnessed&) const = default;
};

/// Whose word counts for this log, and what is shown without it.
struct WitnessTerms {
    ledger::Policy policy;
    /// The keys that sign for the log. Not empty.
    std::vector<ledger::NoteVerifier> log_keys;
    /// Publish the newest checkpoint at once instead of the newest that reached the quorum.
    bool publish_unwitnessed = false;

    /// Of a checkpoint that nobody has cosigned.
    Witnessed unwitnessed() const;
};

struct WitnessedCheckpoint {
    std::uint64_t size = 0;
    std::string note;  ///< the log's lines, then those of the policy's witnesses, in its order
    Witnessed witnessed;
};

/// Adds the lines that are stored for it. A line that does not verify is left out and raises an
/// alarm: it would spoil the whole note for whoever reads it.
WitnessedCheckpoint with_cosignatures(sql::Connection& db, const std::string& origin,
                                      const WitnessTerms& terms,
                                      const ledger::StoredCheckpoint& checkpoint);

/// What `/ledger/.../checkpoint` serves: the newest that reached the quorum, or simply the newest
/// when the policy asks for none or the terms say so. Absent: nothing can be shown yet.
std::optional<WitnessedCheckpoint> published_checkpoint(sql::Connection& db,
                                                        const std::string& origin,
                                                        const WitnessTerms& terms);

/// The smallest checkpoint covering the entry that reached the quorum, with a witness at least.
std::optional<WitnessedCheckpoint> witnessed_covering(sql::Connection& db,
                                                      const std::string& origin,
                                                      const WitnessTerms& terms,
                                                      std::uint64_t index);

}  // namespace pdx::app
