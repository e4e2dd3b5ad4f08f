#pragma once
/// What can be said of one bundle and its level-0 tile without the rest of the log: nearly all the
/// work of an audit, and the part that several threads do at once. Internal to verify_log().
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "ledger/chain.h"
#include "ledger/entry.h"
#include "ledger/tile.h"

namespace pdx::ledger {

/// A hash tile as it was found.
struct LoadedTile {
    std::optional<Bytes> hashes;              ///< exactly as many as the size asks for
    std::optional<std::size_t> other_length;  ///< it can be read, and is shorter or longer
    Digest root;                              ///< of a full tile that was read
};

/// An entry that is logged and yet wrong.
struct EntryFinding {
    std::size_t position = 0;  ///< within the bundle
    std::size_t offset = 0;    ///< Unit: bytes from the start of the bundle
    std::string_view check;    ///< entry-json, entry-log or entry-schema
    std::string detail;
};

/// What an entry says of its place in its entity's history.
struct EntryLink {
    std::size_t position = 0;
    std::size_t offset = 0;
    Digest leaf;
    bool interpreted = false;  ///< otherwise nothing below holds
    ChainAudit::Key entity{};
    std::optional<PreviousEntry> prev;
};

/// The first entry whose hash is not that of its tile.
struct LeafMismatch {
    std::size_t position = 0;
    std::size_t offset = 0;
    Digest hash;  ///< of the entry
    std::string detail;
};

struct ExaminedLeaf {
    LoadedTile tile;
    bool bundle_read = false;
    std::size_t bundle_bytes = 0;
    std::size_t decoded = 0;  ///< entries that could be cut from the bundle
    std::size_t end = 0;      ///< Unit: bytes that they take
    std::size_t examined = 0;
    std::size_t uninterpreted = 0;
    std::size_t unknown_kinds = 0;
    std::vector<EntryFinding> findings;
    std::vector<EntryLink> links;          ///< of each entry whose hash holds
    std::optional<LeafMismatch> mismatch;  ///< nothing after it was examined
};

LoadedTile load_tile_file(const std::filesystem::path& folder, const TilePath& path);

/// Reads the tile and its bundle, hashes every entry and reads it. `buffer` is working space.
/// Does not throw for anything the folder holds. Thread: any, each with a buffer of its own.
ExaminedLeaf examine_leaf(const std::filesystem::path& folder, const TilePath& tile,
                          std::string_view origin, Bytes& buffer);

}  // namespace pdx::ledger
