#include "ledger/tree.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/check.h"

namespace pdx::ledger {
namespace {

/// Where a complete subtree lies: in which tile, and which node of it.
struct NodePlace {
    unsigned level;
    std::uint64_t tile;
    unsigned height;      ///< within the tile
    std::uint64_t index;  ///< within the tile, at that height
};

NodePlace place_of(unsigned height, std::uint64_t index) {
    const unsigned level = height / kTileHeight;
    const unsigned inner = height % kTileHeight;
    const unsigned row_bits = kTileHeight - inner;
    return {level, index >> row_bits, inner, index & ((1ULL << row_bits) - 1)};
}

[[noreturn]] void fail_absent(unsigned level, std::uint64_t index) {
    throw LedgerViolation("absent from the log: " +
                          format_tile_path({.level = level, .index = index}));
}

}  // namespace

void TileNodes::push(const Digest& hash) {
    PDX_CHECK(width() < kTileWidth);
    rows_[0].push_back(hash);
    for (std::size_t height = 0; height < kTileHeight && rows_[height].size() % 2 == 0; ++height) {
        const auto& row = rows_[height];
        rows_[height + 1].push_back(node_hash(row[row.size() - 2], row.back()));
    }
}

void TileNodes::push_all(ByteView hashes) {
    PDX_CHECK(hashes.size() % Digest::kSize == 0);
    for (std::size_t i = 0; i * Digest::kSize < hashes.size(); ++i) push(tile_hash(hashes, i));
}

const Digest& TileNodes::node(unsigned height, std::uint64_t index) const {
    PDX_CHECK(height <= kTileHeight && index < rows_[height].size());
    return rows_[height][index];
}

Bytes TileNodes::bytes() const {
    Bytes bytes;
    bytes.reserve(rows_[0].size() * Digest::kSize);
    for (const Digest& hash : rows_[0]) {
        bytes.insert(bytes.end(), hash.value.begin(), hash.value.end());
    }
    return bytes;
}

Digest TileSubtrees::operator()(unsigned height, std::uint64_t index) {
    const NodePlace place = place_of(height, index);
    return load(place.level, place.tile).node(place.height, place.index);
}

const TileNodes& TileSubtrees::load(unsigned level, std::uint64_t index) {
    const auto known = std::find_if(cached_.begin(), cached_.end(), [&](const auto& cached) {
        return cached.first.level == level && cached.first.index == index;
    });
    if (known != cached_.end()) {
        cached_.splice(cached_.begin(), cached_, known);
        return cached_.front().second;
    }
    const unsigned width = tile_width(size_, level, index);
    const auto bytes = width == 0 ? std::nullopt : reader_.read_tile(level, index, width);
    if (!bytes || bytes->size() != width * Digest::kSize) fail_absent(level, index);
    cached_.emplace_front(TilePath{.level = level, .index = index, .width = width}, TileNodes{});
    cached_.front().second.push_all(*bytes);
    if (cached_.size() > kCachedMax) cached_.pop_back();
    return cached_.front().second;
}

Proof inclusion_proof(TileReader& reader, std::uint64_t index, std::uint64_t size) {
    TileSubtrees subtrees(reader, size);
    return Prover(size, std::ref(subtrees)).inclusion(index);
}

Proof consistency_proof(TileReader& reader, std::uint64_t old_size, std::uint64_t size) {
    TileSubtrees subtrees(reader, size);
    return Prover(size, std::ref(subtrees)).consistency(old_size);
}

Digest root_at(TileReader& reader, std::uint64_t size) {
    TileSubtrees subtrees(reader, size);
    return Prover(size, std::ref(subtrees)).root();
}

Appender::Appender(TileReader& reader, std::uint64_t size, const Digest& root)
    : size_(size),
      batch_begin_(size),
      sealed_(true) {
    for (unsigned level = 0; level < kTileLevels; ++level) {
        const unsigned width = partial_tile_width(size, level);
        if (width == 0) continue;
        const std::uint64_t index = full_tile_count(size, level);
        const auto bytes = reader.read_tile(level, index, width);
        if (!bytes || bytes->size() != width * Digest::kSize) fail_absent(level, index);
        levels_[level].edge.push_all(*bytes);
        levels_[level].stored_width = width;
    }
    if (prover().root() != root) {
        throw LedgerViolation("the tiles of the log do not lead to its root at size " +
                              std::to_string(size));
    }
}

std::uint64_t Appender::append(const Digest& leaf) {
    if (sealed_) {
        finished_.clear();
        batch_begin_ = size_;
        sealed_ = false;
    }
    push(leaf);
    return size_ - 1;
}

void Appender::push(const Digest& leaf) {
    Digest hash = leaf;
    for (unsigned level = 0; level < kTileLevels; ++level) {
        Level& here = levels_[level];
        const std::uint64_t tile = full_tile_count(size_, level);
        here.edge.push(hash);
        if (here.edge.width() < kTileWidth) break;
        hash = here.edge.node(kTileHeight, 0);
        finished_.emplace(std::pair(level, tile),
                          Finished{std::move(here.edge), here.stored_width});
        here = Level{};
    }
    ++size_;
}

SealedBatch Appender::seal() {
    SealedBatch batch{
        .old_size = sealed_ ? size_ : batch_begin_, .size = size_, .root = {}, .tiles = {}};
    if (!sealed_) {
        for (const auto& [place, tile] : finished_) {
            batch.tiles.push_back({.level = place.first,
                                   .index = place.second,
                                   .width = kTileWidth,
                                   .stored_width = tile.stored_width,
                                   .hashes = tile.nodes.bytes()});
        }
        for (unsigned level = 0; level < kTileLevels; ++level) {
            Level& here = levels_[level];
            if (here.edge.width() == here.stored_width) continue;
            batch.tiles.push_back({.level = level,
                                   .index = full_tile_count(size_, level),
                                   .width = here.edge.width(),
                                   .stored_width = here.stored_width,
                                   .hashes = here.edge.bytes()});
            here.stored_width = here.edge.width();
        }
        std::sort(batch.tiles.begin(), batch.tiles.end(), [](const auto& a, const auto& b) {
            return std::pair(a.level, a.index) < std::pair(b.level, b.index);
        });
        sealed_ = true;
    }
    batch.root = prover().root();
    return batch;
}

Prover Appender::prover() const {
    PDX_CHECK(sealed_ || size_ == 0);
    return {size_, [this](unsigned height, std::uint64_t index) { return subtree(height, index); }};
}

Digest Appender::subtree(unsigned height, std::uint64_t index) const {
    const NodePlace place = place_of(height, index);
    const auto finished = finished_.find({place.level, place.tile});
    if (finished != finished_.end()) return finished->second.nodes.node(place.height, place.index);
    PDX_CHECK(place.level < kTileLevels && place.tile == full_tile_count(size_, place.level));
    return levels_[place.level].edge.node(place.height, place.index);
}

}  // namespace pdx::ledger
