#include "ledger/verify_leaf.h"

#include <utility>

#include "ledger/canonical_json.h"
#include "ledger/entry.h"
#include "ledger/folder_reader.h"
#include "ledger/kinds.h"
#include "ledger/merkle.h"
#include "ledger/tree.h"

namespace pdx::ledger {
namespace {

LeafMismatch describe_mismatch(std::size_t position, const BundleEntry& entry, const Digest& hash) {
    std::string detail = "the entry (" + std::to_string(entry.bytes.size()) +
                         " bytes) is not the one that was logged, or the length before it is not "
                         "its length";
    if (const auto fault = canonical_fault(as_text(entry.bytes))) {
        detail += "; its byte " + std::to_string(fault->offset) + ": " + std::string(fault->what);
    }
    return {position, entry.offset, hash, std::move(detail)};
}

void check_kind(std::size_t position, const BundleEntry& raw, const Entry& entry,
                ExaminedLeaf& leaf) {
    const KindSchema* schema = kinds().find(entry.kind, entry.v);
    if (schema == nullptr) {
        ++leaf.unknown_kinds;
        return;
    }
    if (const auto fault = kinds().check(*schema, entry)) {
        leaf.findings.push_back({position, raw.offset, "entry-schema",
                                 fault->member + ": " + std::string(fault->what)});
    }
}

void read_entry(std::size_t position, const BundleEntry& entry, const Digest& hash,
                std::string_view origin, ExaminedLeaf& leaf) {
    const ParsedEntry parsed = parse_entry(as_text(entry.bytes));
    EntryLink link{position, entry.offset, hash, false, {}, {}};
    switch (parsed.reading) {
        case EntryReading::kNotCanonical:
            leaf.findings.push_back({position, entry.offset + parsed.fault.offset, "entry-json",
                                     "not canonical JSON: " + std::string(parsed.fault.what)});
            break;
        case EntryReading::kCannotInterpret: ++leaf.uninterpreted; break;
        case EntryReading::kRead:
            if (parsed.entry.log != origin) {
                leaf.findings.push_back(
                    {position, entry.offset, "entry-log", "the entry names another log"});
            }
            check_kind(position, entry, parsed.entry, leaf);
            link.interpreted = true;
            link.entity = ChainAudit::key_of(parsed.entry.entity_type, parsed.entry.entity_id);
            link.prev = parsed.entry.prev;
            break;
    }
    leaf.links.push_back(link);
}

}  // namespace

LoadedTile load_tile_file(const std::filesystem::path& folder, const TilePath& path) {
    LoadedTile tile;
    auto bytes = read_log_file(folder / format_tile_path(path), kTileFileBytes);
    if (!bytes) return tile;
    if (bytes->size() != path.width * Digest::kSize) {
        tile.other_length = bytes->size();
        return tile;
    }
    if (path.width == kTileWidth) {
        TileNodes nodes;
        nodes.push_all(*bytes);
        tile.root = nodes.node(kTileHeight, 0);
    }
    tile.hashes = std::move(bytes);
    return tile;
}

ExaminedLeaf examine_leaf(const std::filesystem::path& folder, const TilePath& tile,
                          std::string_view origin, Bytes& buffer) {
    ExaminedLeaf leaf;
    leaf.tile = load_tile_file(folder, tile);
    const TilePath bundle{.is_bundle = true, .index = tile.index, .width = tile.width};
    leaf.bundle_read =
        read_log_file(folder / format_tile_path(bundle), kBundleFileBytesMax, buffer);
    if (!leaf.bundle_read) return leaf;
    const DecodedBundle decoded = decode_bundle(buffer, tile.width);
    leaf.bundle_bytes = buffer.size();
    leaf.decoded = decoded.entries.size();
    leaf.end = decoded.end;
    leaf.links.reserve(decoded.entries.size());
    for (std::size_t i = 0; i < decoded.entries.size(); ++i) {
        const BundleEntry& entry = decoded.entries[i];
        ++leaf.examined;
        const Digest hash = leaf_hash(entry.bytes);
        if (leaf.tile.hashes && hash != tile_hash(*leaf.tile.hashes, i)) {
            leaf.mismatch = describe_mismatch(i, entry, hash);
            return leaf;
        }
        read_entry(i, entry, hash, origin, leaf);
    }
    return leaf;
}

}  // namespace pdx::ledger
