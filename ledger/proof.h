#pragma once
/// tlog-proof files (c2sp.org/tlog-proof): what a caller keeps to show, years later and offline,
/// that an entry is in the log. Our receipts carry the entry itself in the `extra` line.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "ledger/checkpoint.h"
#include "ledger/merkle.h"
#include "ledger/note.h"

namespace pdx::ledger {

struct LogProof {
    std::optional<Bytes> extra;
    std::uint64_t index = 0;
    Proof hashes;
    std::string checkpoint;  ///< the signed note, verbatim

    bool operator==(const LogProof&) const = default;
};

std::string format_proof(const LogProof& proof);
/// Why a text is no tlog-proof, and where.
struct ProofFault {
    std::size_t line = 0;   ///< the first line is 1
    std::string_view what;  ///< a literal: lives as long as the program
};

/// Takes exactly what format_proof gives; the checkpoint is not looked into. `fault`, if given, is
/// set when there is no value.
std::optional<LogProof> parse_proof(std::string_view text, ProofFault* fault = nullptr);

/// The receipt of one entry: a proof with the entry's bytes as `extra`.
std::string format_receipt(ByteView entry, std::uint64_t index, const Proof& hashes,
                           std::string_view checkpoint);

enum class ReceiptStatus {
    kVerified,
    kMalformed,         ///< not a tlog-proof
    kNoEntry,           ///< the proof carries no entry
    kBadCheckpoint,     ///< see checkpoint_status
    kIndexOutOfRange,   ///< the tree is not that large
    kNotInTree,         ///< entry, index and path do not lead to the signed root
    kEntryNotCanonical  ///< in the log, and yet no RFC 8785 bytes
};

struct ReceiptResult {
    ReceiptStatus status = ReceiptStatus::kMalformed;
    CheckpointStatus checkpoint_status = CheckpointStatus::kVerified;
    std::string reason;  ///< a sentence for people: what failed and where
    Bytes entry;         ///< from here on as far as it could be read
    std::uint64_t index = 0;
    Checkpoint checkpoint;  ///< holds once the checkpoint is verified

    bool ok() const { return status == ReceiptStatus::kVerified; }
    /// Shape: receipt.not_in_tree, or that of the checkpoint. Stable; empty when verified.
    std::string_view code() const;
};

/// Does not throw. Needs nothing but the text and the log's key.
ReceiptResult verify_receipt(std::string_view text, const NoteVerifier& log_key);
/// The same with several keys, as open_checkpoint() takes them.
ReceiptResult verify_receipt(std::string_view text, std::span<const NoteVerifier> log_keys);

}  // namespace pdx::ledger
