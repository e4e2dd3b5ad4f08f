#pragma once
/// The names, widths and bytes of the tiles of a C2SP tlog-tiles log (c2sp.org/tlog-tiles). A tile
/// holds up to 256 hashes of one level; an entry bundle holds the entries below one level-0 tile.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace pdx::ledger {

/// Unit: hashes, or entries, in a full tile. 2^kTileHeight.
inline constexpr unsigned kTileWidth = 256;
inline constexpr unsigned kTileHeight = 8;
/// Levels that a tree of an int64 size can have: 0 to 7.
inline constexpr unsigned kTileLevels = 8;

/// One file of the tile tree.
struct TilePath {
    bool is_bundle = false;  ///< an entry bundle: `level` is 0
    unsigned level = 0;
    std::uint64_t index = 0;
    unsigned width = kTileWidth;  ///< 1 to 256; below 256 the path ends in .p/<width>

    auto operator<=>(const TilePath&) const = default;
};

/// Shape: tile/1/x001/x234/067.p/112 or tile/entries/000.
std::string format_tile_path(const TilePath& path);
/// Takes exactly what format_tile_path gives for levels 0 to 63; everything else is nullopt.
std::optional<TilePath> parse_tile_path(std::string_view text);

/// Full tiles at this level of a tree of this size.
std::uint64_t full_tile_count(std::uint64_t size, unsigned level);
/// Width of the partial tile after them; 0 when there is none.
unsigned partial_tile_width(std::uint64_t size, unsigned level);
/// Width of one tile in a tree of this size; 0 when the tree does not have it.
unsigned tile_width(std::uint64_t size, unsigned level, std::uint64_t index);

/// Hash `position` of a tile's bytes. Requires: the tile is that wide (checked).
Digest tile_hash(ByteView tile, std::size_t position);

/// Appends uint16 big-endian length and bytes. Requires: at most 65,535 bytes (checked).
void append_to_bundle(Bytes& bundle, ByteView entry);

/// One entry within a bundle.
struct BundleEntry {
    std::size_t offset = 0;  ///< Unit: bytes from the start of the bundle to the entry's first byte
    ByteView bytes;
};

struct DecodedBundle {
    std::vector<BundleEntry> entries;  ///< as many as could be read
    std::size_t end = 0;               ///< Unit: bytes read; below the bundle's size when not whole
};

/// Reads at most `count` entries; valid as long as the bundle is. Does not throw.
/// Ensures: entries.size() == count and end == bundle.size() exactly when the bundle is whole.
DecodedBundle decode_bundle(ByteView bundle, std::size_t count);

}  // namespace pdx::ledger
