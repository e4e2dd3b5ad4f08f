#include "tests/ledger/support/tree_fixture.h"

#include "base/check.h"
#include "base/crypto.h"

namespace pdx::test {

using namespace pdx::ledger;
namespace {

std::size_t largest_power_below(std::size_t size) {
    std::size_t power = 1;
    while (power * 2 < size) power *= 2;
    return power;
}

Proof subproof(std::size_t old_size, std::span<const Digest> leaves, bool complete) {
    if (old_size == leaves.size()) return complete ? Proof{} : Proof{naive_root(leaves)};
    const std::size_t k = largest_power_below(leaves.size());
    Proof proof;
    if (old_size <= k) {
        proof = subproof(old_size, leaves.first(k), complete);
        proof.push_back(naive_root(leaves.subspan(k)));
    } else {
        proof = subproof(old_size - k, leaves.subspan(k), false);
        proof.push_back(naive_root(leaves.first(k)));
    }
    return proof;
}

}  // namespace

Digest naive_root(std::span<const Digest> leaves) {
    if (leaves.empty()) return sha256(ByteView{});
    if (leaves.size() == 1) return leaves[0];
    const std::size_t k = largest_power_below(leaves.size());
    const Digest left = naive_root(leaves.first(k));
    const Digest right = naive_root(leaves.subspan(k));
    return Sha256()
        .update(std::string_view("\x01", 1))
        .update(left.view())
        .update(right.view())
        .finish();
}

Proof naive_path(std::size_t index, std::span<const Digest> leaves) {
    if (leaves.size() == 1) return {};
    const std::size_t k = largest_power_below(leaves.size());
    Proof proof;
    if (index < k) {
        proof = naive_path(index, leaves.first(k));
        proof.push_back(naive_root(leaves.subspan(k)));
    } else {
        proof = naive_path(index - k, leaves.subspan(k));
        proof.push_back(naive_root(leaves.first(k)));
    }
    return proof;
}

Proof naive_consistency(std::size_t old_size, std::span<const Digest> leaves) {
    if (old_size == 0) return {};
    return subproof(old_size, leaves, true);
}

std::string entry_text(std::uint64_t index) { return "entry-" + std::to_string(index); }

std::vector<Digest> sample_leaves(std::size_t count) {
    std::vector<Digest> leaves;
    for (std::size_t i = 0; i < count; ++i) leaves.push_back(leaf_hash(as_bytes(entry_text(i))));
    return leaves;
}

void MemoryLog::store(const SealedBatch& batch) {
    for (const TileWrite& tile : batch.tiles) {
        PDX_CHECK(tile.hashes.size() == tile.width * Digest::kSize);
        Bytes& stored = tiles[{tile.level, tile.index}];
        PDX_CHECK(stored.size() == tile.stored_width * Digest::kSize);
        PDX_CHECK(stored.size() < tile.hashes.size());
        PDX_CHECK(std::equal(stored.begin(), stored.end(), tile.hashes.begin()));
        stored = tile.hashes;
    }
}

std::optional<Bytes> MemoryLog::read_tile(unsigned level, std::uint64_t index, unsigned width) {
    ++reads;
    const auto tile = tiles.find({level, index});
    if (tile == tiles.end() || tile->second.size() < width * Digest::kSize) return std::nullopt;
    return Bytes(tile->second.begin(),
                 tile->second.begin() + static_cast<std::ptrdiff_t>(width * Digest::kSize));
}

std::optional<Bytes> MemoryLog::read_bundle(std::uint64_t index, unsigned width) {
    Bytes bundle;
    for (std::uint64_t i = index * kTileWidth; i < index * kTileWidth + width; ++i) {
        if (i >= entries_.size()) return std::nullopt;
        append_to_bundle(bundle, entries_[i]);
    }
    return bundle;
}

}  // namespace pdx::test
