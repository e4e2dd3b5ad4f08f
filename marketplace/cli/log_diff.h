#pragma once
/// Where two logs part: the longest common beginning, found by comparing roots and not by reading
/// everything, and the first entry that differs.
#include <cstdint>
#include <optional>
#include <string>

#include "ledger/checkpoint.h"
#include "ledger/note.h"
#include "marketplace/cli/readable_log.h"

namespace pdx::cli {

/// One of the two logs.
struct LogSide {
    ledger::Checkpoint checkpoint;
    std::optional<bool> is_signed;     ///< by the key; absent without a key
    bool tiles_agree = false;          ///< its tiles lead to the root of its checkpoint
    std::optional<std::string> entry;  ///< the first one that differs; absent when it has none
};

struct LogDifference {
    LogSide a;
    LogSide b;
    std::uint64_t common = 0;  ///< Unit: entries that both begin with

    /// Both have an entry where they part.
    bool forked() const { return common < a.checkpoint.size && common < b.checkpoint.size; }
    /// Two signatures by one key that contradict each other: proof of misconduct.
    bool is_evidence() const {
        return forked() && a.is_signed.value_or(false) && b.is_signed.value_or(false) &&
               a.tiles_agree && b.tiles_agree;
    }
};

/// Reads about log2(size) roots of each log. Throws: std::runtime_error when one has no
/// checkpoint; LedgerViolation when a tile or bundle is absent.
LogDifference compare_logs(ReadableLog& a, ReadableLog& b,
                           const std::optional<ledger::NoteVerifier>& key);

}  // namespace pdx::cli
