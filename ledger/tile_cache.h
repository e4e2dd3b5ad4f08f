#pragma once
/// Full tiles and bundles in memory. They never change, so what is here is never stale; the bytes
/// are bounded, so memory stays flat however long the log grows.
#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "base/bytes.h"
#include "ledger/tile.h"

namespace pdx::ledger {

struct TileContent {
    Bytes bytes;
    Digest digest;  ///< SHA-256 of the bytes: their name on the wire
};
/// Shared, because a reader may still send what another one has just displaced.
using SharedTile = std::shared_ptr<const TileContent>;
SharedTile share_tile(Bytes bytes);

/// The least recently used go first. Thread: any.
class TileCache {
public:
    /// Unit: bytes of content, and of what keeping it costs.
    explicit TileCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    /// Null when it is not here.
    SharedTile find(const TilePath& path);
    /// Does nothing when the bytes alone are more than the cache may hold.
    void put(const TilePath& path, SharedTile tile);

    /// Unit: as bytes_max.
    std::size_t bytes() const;

private:
    using Uses = std::list<std::pair<TilePath, SharedTile>>;
    static std::size_t cost(const SharedTile& tile);

    const std::size_t bytes_max_;
    mutable std::mutex mutex_;
    Uses uses_;  ///< most recently used first
    std::map<TilePath, Uses::iterator> places_;
    std::size_t bytes_ = 0;
};

}  // namespace pdx::ledger
