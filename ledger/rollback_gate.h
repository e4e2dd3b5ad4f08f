#pragma once
/// May this database go on signing? A database that was restored from an older copy would sign a
/// second history for sizes that are public already, which nobody could tell from a forgery. So
/// before the first signature its tree is compared with everything that remembers an earlier head:
/// the local record, the exported checkpoint, the witnesses. Pure; who remembers what is fetched
/// elsewhere.
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"

namespace pdx::ledger {

/// A head of this log that somebody saw signed. Requires: whoever fills this in has verified the
/// signature, or got it over a channel that it trusts.
struct SeenHead {
    Text source;  ///< who saw it, for people
    std::uint64_t size = 0;
    /// Absent when only the size was told, as a witness that answers 409 does.
    std::optional<Digest> root;
};

enum class RollbackKind {
    kAhead,   ///< more entries were seen than the database holds: it went back
    kForked,  ///< another tree of that size was seen: there are two histories
};

/// One reason not to sign.
struct Rollback {
    RollbackKind kind = RollbackKind::kAhead;
    SeenHead seen;
    std::uint64_t size = 0;      ///< entries in the database
    std::optional<Digest> root;  ///< the database's at seen.size, with kForked

    /// What is wrong, in one sentence; no advice.
    Text text() const;
};

/// The root of the database's tree when it had `size` entries.
/// Requires: size is not above the head's.
using RootAt = std::function<Digest(std::uint64_t size)>;

/// Compares each seen head with the database's: an empty list means that it may sign.
/// Throws: what root_at() throws.
std::vector<Rollback> find_rollbacks(std::uint64_t size, const RootAt& root_at,
                                     std::span<const SeenHead> seen);

/// What an operator does about these. Requires: not empty (checked).
Text recovery_advice(std::span<const Rollback> rollbacks);

}  // namespace pdx::ledger
