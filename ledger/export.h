#pragma once
/// Writes a log as the static files of c2sp.org/tlog-tiles: what an auditor downloads, and what
/// verify_log() reads.
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include "ledger/tree.h"

namespace pdx::ledger {

/// Called with how much is done and how much there is; Unit: entries.
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Writes the tiles and bundles of a tree of this size, and the checkpoint last, so that an export
/// that was cut short shows no new head. Full tiles that are there already never change and are not
/// fetched again. Requires: `note` is the checkpoint of `size`; the folder is absent, empty, or an
/// earlier export of the same log.
/// Throws: LedgerViolation when a tile is absent; std::runtime_error when a file cannot be written.
void export_log(TileReader& reader, std::uint64_t size, std::string_view note,
                const std::filesystem::path& folder, const Progress& progress = {});

}  // namespace pdx::ledger
