#pragma once
/// The files of the log as c2sp.org/tlog-tiles names them, for readers. They are cut from the
/// database, and those that cannot change any more come from memory. Touches no writer.
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "ledger/store/log_store.h"
#include "ledger/tile_cache.h"
#include "marketplace/app/read_pool.h"
#include "marketplace/app/witnessed.h"

namespace pdx::app {

/// Unit: bytes of full tiles and bundles in memory.
inline constexpr std::size_t kLogFilesCacheBytes = std::size_t{48} << 20U;

/// Thread: any.
class LogFiles {
public:
    /// Requires: ledger::log_name(origin) (checked). The pool outlives this.
    LogFiles(ReadPool& reads, std::string origin, const WitnessTerms* witnesses = nullptr,
             std::size_t cache_bytes_max = kLogFilesCacheBytes);

    const std::string& origin() const { return origin_; }
    /// The note that readers are given: the newest, or what published_checkpoint() says where the
    /// log has witnesses. Absent while there is none.
    std::optional<std::string> note();
    /// The newest that was signed; absent while the log is empty. Tiles are served up to here,
    /// because receipts are under it.
    std::optional<ledger::StoredCheckpoint> checkpoint();
    /// The tile or bundle; null when the published tree does not have it at this width. A narrower
    /// one than the tree has is cut from it: each was the edge of a tree that was published.
    /// Throws: LedgerViolation when the published tree has it and the database does not.
    ledger::SharedTile find(const ledger::TilePath& path);
    /// Unit: bytes.
    std::size_t cached_bytes() const { return cache_.bytes(); }

private:
    unsigned published_width(const ledger::TilePath& path);
    ledger::SharedTile read(const ledger::TilePath& path);
    ledger::SharedTile full(const ledger::TilePath& path);

    ReadPool& reads_;
    std::string origin_;
    const WitnessTerms* witnesses_;
    ledger::TileCache cache_;
    /// The largest size seen; the truth may be ahead of it, never behind.
    std::atomic<std::uint64_t> published_{0};
};

}  // namespace pdx::app
