#include "ledger/tile_cache.h"

#include "base/crypto.h"

namespace pdx::ledger {

SharedTile share_tile(Bytes bytes) {
    const Digest digest = sha256(bytes);
    return std::make_shared<const TileContent>(TileContent{std::move(bytes), digest});
}

std::size_t TileCache::cost(const SharedTile& tile) {
    // Two nodes, the block that counts the references, and what the allocator keeps of each.
    constexpr std::size_t kOverhead = 320;
    return tile->bytes.size() + kOverhead;
}

SharedTile TileCache::find(const TilePath& path) {
    const std::lock_guard lock(mutex_);
    const auto place = places_.find(path);
    if (place == places_.end()) return nullptr;
    uses_.splice(uses_.begin(), uses_, place->second);
    return uses_.front().second;
}

void TileCache::put(const TilePath& path, SharedTile tile) {
    if (cost(tile) > bytes_max_) return;
    const std::lock_guard lock(mutex_);
    // Two readers may have missed the same tile at the same time.
    if (places_.contains(path)) return;
    bytes_ += cost(tile);
    uses_.emplace_front(path, std::move(tile));
    places_.emplace(path, uses_.begin());
    while (bytes_ > bytes_max_) {
        bytes_ -= cost(uses_.back().second);
        places_.erase(uses_.back().first);
        uses_.pop_back();
    }
}

std::size_t TileCache::bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
}

}  // namespace pdx::ledger
