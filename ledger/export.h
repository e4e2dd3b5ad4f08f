#pragma once
/// Writes a log as the static files of c2sp.org/tlog-tiles: what an auditor downloads, a CDN serves
/// and verify_log() reads.
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include "ledger/tree.h"

namespace pdx::ledger {

/// Called with how much is done and how much there is; Unit: entries.
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// What becomes of the partial tiles that an earlier export left at its right edge.
enum class OldPartials {
    kKeep,    ///< a reader who still has the earlier checkpoint finds them
    kRemove,  ///< those whose full tile is there now are removed, as tlog-tiles allows
};

/// Brings the folder to the tree of `size`: writes the tiles and bundles that it does not have, and
/// the checkpoint last. What the folder's own checkpoint covers is there already and is not looked
/// at, so the cost is that of what is new. Every file appears under its name only when it is whole,
/// and the checkpoint only when everything below it is on the disk: an export that was cut short
/// shows no new head and goes on where it was.
/// Requires: `note` is the checkpoint of `size`; the folder is absent, empty, or an earlier export.
/// Throws: Error kConflict "export.other_log", "export.shrunk", "export.fork" when the folder holds
/// what this log does not continue, kBusy "export.running"; LedgerViolation when a tile is absent;
/// std::runtime_error when one is not whole or a file cannot be written.
void export_log(TileReader& reader, std::uint64_t size, std::string_view note,
                const std::filesystem::path& folder, const Progress& progress = {},
                OldPartials old_partials = OldPartials::kKeep);

}  // namespace pdx::ledger
