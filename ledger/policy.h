#pragma once
/// Whom one believes about a log, as a file (c2sp.org/tlog-policy): the log's keys, the witnesses,
/// and the quorum, the rule for when enough of them have seen a checkpoint. Used by verifiers and
/// by the exchange alike; knows nothing of how witnesses are asked.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ledger/checkpoint.h"
#include "ledger/note.h"

namespace pdx::ledger {

/// Of logs, witnesses and groups each; the format asks for 32 at least. A checkpoint with all the
/// witnesses' lines must still be a note.
inline constexpr std::size_t kPolicyItemsMax = 64;
/// Unit: bytes.
inline constexpr std::size_t kPolicyBytesMax = std::size_t{256} * 1024;

struct PolicyLog {
    NoteVerifier key;  ///< its name is the origin
    std::string url;   ///< empty: none
};

struct PolicyWitness {
    std::string name;  ///< in this file only; the key has its own
    NoteVerifier key;
    std::string url;  ///< submission prefix; empty: none
};

/// A witness or a group, by its place in the policy's list.
struct PolicyMember {
    enum class Kind { kWitness, kGroup };
    Kind kind = Kind::kWitness;
    std::size_t index = 0;
};

struct PolicyGroup {
    std::string name;
    std::size_t threshold = 1;          ///< 1 to members.size()
    std::vector<PolicyMember> members;  ///< defined before the group
};

struct Policy {
    std::vector<PolicyLog> logs;
    std::vector<PolicyWitness> witnesses;
    std::vector<PolicyGroup> groups;
    std::optional<PolicyMember> quorum;  ///< nullopt: `quorum none`

    /// Whether these witnesses (a flag for each, in order) are enough.
    /// Requires: one flag per witness (checked).
    bool reached(const std::vector<bool>& witnessed) const;
};

/// Why a text is no policy.
struct PolicyFault {
    std::size_t line = 0;  ///< from 1; behind the last one when something is missing
    std::string reason;    ///< a sentence for people; quotes names, never keys
};

/// Takes exactly what the format says. Does not throw.
std::variant<Policy, PolicyFault> parse_policy(std::string_view text);

/// What a policy says about one checkpoint.
struct PolicyVerdict {
    /// kVerified: a key of the checkpoint's own log has signed it, and no line by any key of the
    /// policy, log or witness, failed. Otherwise nothing below holds.
    CheckpointStatus status = CheckpointStatus::kMalformedNote;
    Checkpoint checkpoint;
    Note note;
    /// For each witness its time when it cosigned. Unit: POSIX seconds, by the witness's own clock.
    std::vector<std::optional<std::uint64_t>> times;
    std::size_t witnessed = 0;  ///< k of "witnessed k of n"; n is times.size()
    bool quorum = false;        ///< always true under `quorum none`

    bool ok() const { return status == CheckpointStatus::kVerified && quorum; }
};

/// `log_keys`: those that count as the log's; without any, the policy's. Does not throw.
PolicyVerdict evaluate_policy(std::string_view note, const Policy& policy,
                              std::span<const NoteVerifier> log_keys = {});

/// "witnessed 2 of 3, quorum reached", for people.
std::string describe(const PolicyVerdict& verdict);

}  // namespace pdx::ledger
