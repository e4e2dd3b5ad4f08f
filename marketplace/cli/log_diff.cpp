#include "marketplace/cli/log_diff.h"

#include <algorithm>

#include "base/check.h"
#include "ledger/merkle.h"
#include "ledger/tile.h"
#include "ledger/tree.h"

namespace pdx::cli {
namespace {

struct OpenSide {
    LogSide side;
    std::unique_ptr<ledger::TileReader> tiles;
};

OpenSide open_side(ReadableLog& log, const std::optional<ledger::NoteVerifier>& key) {
    OpenSide open;
    const std::string note = log.note();
    open.side.checkpoint = read_checkpoint(note);
    if (key) {
        open.side.is_signed =
            ledger::open_checkpoint(note, *key).status == ledger::CheckpointStatus::kVerified;
    }
    const ledger::Checkpoint& checkpoint = open.side.checkpoint;
    open.tiles = log.tiles(checkpoint.size);
    const Digest root =
        checkpoint.size == 0 ? ledger::empty_root() : ledger::root_at(*open.tiles, checkpoint.size);
    open.side.tiles_agree = root == checkpoint.root;
    return open;
}

/// The entry as text, if its bytes are those of the leaf.
std::optional<std::string> entry_at(OpenSide& open, std::uint64_t index) {
    if (index >= open.side.checkpoint.size) return std::nullopt;
    const std::uint64_t bundle = index / ledger::kTileWidth;
    const auto position = static_cast<unsigned>(index % ledger::kTileWidth);
    const auto bytes = open.tiles->read_bundle(bundle, position + 1);
    const auto tile = open.tiles->read_tile(0, bundle, position + 1);
    if (!bytes || !tile) throw LedgerViolation("entry " + std::to_string(index) + " is absent");
    const auto decoded = ledger::decode_bundle(*bytes, position + 1);
    const ByteView entry = decoded.entries.at(position).bytes;
    if (ledger::leaf_hash(entry) != ledger::tile_hash(*tile, position)) {
        throw LedgerViolation("entry " + std::to_string(index) +
                              " does not have the hash that its tile holds");
    }
    return std::string(as_text(entry));
}

}  // namespace

LogDifference compare_logs(ReadableLog& a, ReadableLog& b,
                           const std::optional<ledger::NoteVerifier>& key) {
    OpenSide one = open_side(a, key);
    OpenSide two = open_side(b, key);
    // Trees that agree at a size agree at every smaller one: the last such size is searched for.
    std::uint64_t low = 0;
    std::uint64_t high = std::min(one.side.checkpoint.size, two.side.checkpoint.size);
    while (low < high) {
        const std::uint64_t middle = low + (high - low + 1) / 2;
        if (ledger::root_at(*one.tiles, middle) == ledger::root_at(*two.tiles, middle)) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    LogDifference difference;
    difference.common = low;
    one.side.entry = entry_at(one, low);
    two.side.entry = entry_at(two, low);
    difference.a = std::move(one.side);
    difference.b = std::move(two.side);
    return difference;
}

}  // namespace pdx::cli
