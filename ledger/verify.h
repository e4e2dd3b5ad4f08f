#pragma once
/// The offline audit of a whole downloaded log: every byte of every file is accounted for, and what
/// does not fit is named by file, entry and byte. Trusts one thing, the log's public key.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/checkpoint.h"
#include "ledger/demands.h"
#include "ledger/export.h"
#include "ledger/note.h"

namespace pdx::ledger {

/// One thing that is wrong. `check` is stable: checkpoint, root, file, tile, bundle, entry-hash,
/// entry-json, entry-log, entry-schema, entry-chain, stale.
struct VerifyFault {
    std::string check;
    std::string file;                     ///< relative to the folder, with '/'
    std::optional<std::uint64_t> entry;   ///< index in the log
    std::optional<std::uint64_t> offset;  ///< Unit: bytes from the start of the file
    std::string detail;                   ///< a sentence for people
    std::string_view reason = {};         ///< of a checkpoint: as checkpoint.fork

    /// Stable: the reason of a checkpoint that is refused, or log.<check>.
    std::string code() const;
    /// "tile/entries/000, entry 17, byte 4242: ..."
    std::string text() const;
};

/// Unit: faults. After so many the audit stops: one altered length can upset every later entry.
inline constexpr std::size_t kFaultsMax = 20;

struct VerifyReport {
    Checkpoint checkpoint;             ///< holds when the checkpoint was verified
    std::uint64_t entries = 0;         ///< entries whose hash was checked
    std::uint64_t tiles = 0;           ///< files checked: hash tiles and bundles, stale ones too
    std::uint64_t uninterpreted = 0;   ///< entries of another shape or version: not a fault
    std::uint64_t unknown_kinds = 0;   ///< entries of a kind or version not known here: no fault
    std::size_t other_signatures = 0;  ///< on the checkpoint, by keys not given
    std::string note;                  ///< the signed checkpoint, verbatim, once verified
    std::vector<VerifyFault> faults;

    bool ok() const { return faults.empty(); }
};

/// Checks the checkpoint's signature; that the folder holds exactly the files of a log of that size
/// (partial tiles of older sizes may remain, and must agree); every hash of every tile at every
/// level against the tiles, entries and root beside it; that every entry is canonical JSON and,
/// where it can be read, of this log.
/// Ensures: a tile is blamed only when what is above and below it agrees without it, and an entry
/// only when its tile is proven by the signed root. Does not throw for anything the folder holds.
VerifyReport verify_log(const std::filesystem::path& folder, const NoteVerifier& log_key,
                        const Progress& progress = {});
/// The same with several keys, as open_checkpoint() takes them, and with more asked of the
/// checkpoint. Checkpoints seen earlier must be of trees that this one begins with.
VerifyReport verify_log(const std::filesystem::path& folder, std::span<const NoteVerifier> log_keys,
                        const Demands& demands, const Progress& progress = {});

/// The tlog-proof in a saved file: the file itself, or member `receipt.proof` of the JSON answer
/// that the API gave. nullopt when it holds neither.
std::optional<std::string> find_receipt(std::string_view file);

}  // namespace pdx::ledger
