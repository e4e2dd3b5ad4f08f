#pragma once
/// The signed statement "this log has this many entries and this root" (c2sp.org/tlog-checkpoint).
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "ledger/note.h"

namespace pdx::ledger {

/// Unit: bytes. An ML-DSA cosignature counts the origin with one byte.
inline constexpr std::size_t kOriginBytesMax = 255;

struct Checkpoint {
    std::string origin;
    std::uint64_t size = 0;  ///< below 2^63
    Digest root;
    std::vector<std::string> extensions;  ///< read, never written: later cosignatures skip them

    bool operator==(const Checkpoint&) const = default;
};

/// Shape: origin LF size LF base64(root) LF. Requires: no extensions, a valid origin (checked).
std::string format_checkpoint(const Checkpoint& checkpoint);
/// The text of a note. One text per value: no leading zeros, no sign, no spaces, no empty line.
std::optional<Checkpoint> parse_checkpoint(std::string_view text);

enum class CheckpointStatus {
    kVerified,
    kMalformedNote,
    kUnknownKeys,
    kBadSignature,
    kMalformedText,
    kOtherOrigin,  ///< signed, but for a log of another name than the key's
};

/// What is said of a checkpoint whose note is refused; kVerified stays kVerified.
CheckpointStatus checkpoint_status(NoteStatus status) noexcept;

struct OpenedCheckpoint {
    CheckpointStatus status = CheckpointStatus::kMalformedNote;
    Checkpoint checkpoint;  ///< holds when kVerified
    Note note;              ///< with the signatures of others, which nobody verified here
};

/// One of the log's keys must have signed, and its name is the origin. While a new key takes over
/// there are two: any of them suffices, and a line by one of them that does not verify refuses the
/// note. Keys that may not sign checkpoints count for nothing. Does not throw.
OpenedCheckpoint open_checkpoint(std::string_view note, std::span<const NoteVerifier> log_keys);
OpenedCheckpoint open_checkpoint(std::string_view note, const NoteVerifier& log_key);
/// A sentence for people.
std::string_view describe(CheckpointStatus status);
/// Shape: checkpoint.bad_signature. Stable; empty when verified.
std::string_view code_of(CheckpointStatus status);

}  // namespace pdx::ledger
