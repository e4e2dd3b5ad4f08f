#include "marketplace/app/log_files.h"

#include <utility>

#include "base/check.h"
#include "ledger/origin.h"

namespace pdx::app {
namespace {

using ledger::SharedTile;
using ledger::TilePath;

/// The beginning of a full tile or bundle.
SharedTile cut(const Bytes& whole, const TilePath& path) {
    const std::size_t size =
        path.is_bundle ? ledger::decode_bundle(whole, path.width).end : path.width * Digest::kSize;
    PDX_CHECK(size <= whole.size());
    return ledger::share_tile(
        Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
}

TilePath full_path(TilePath path) {
    path.width = ledger::kTileWidth;
    return path;
}

}  // namespace

LogFiles::LogFiles(ReadPool& reads, std::string origin, const WitnessTerms* witnesses,
                   std::size_t cache_bytes_max)
    : reads_(reads),
      origin_(std::move(origin)),
      witnesses_(witnesses),
      cache_(cache_bytes_max) {
    PDX_CHECK(ledger::log_name(origin_).has_value());
}

std::optional<std::string> LogFiles::note() {
    auto newest = checkpoint();
    if (!newest) return std::nullopt;
    if (witnesses_ == nullptr) return std::move(newest->note);
    auto lease = reads_.borrow();
    auto published = published_checkpoint(*lease, origin_, *witnesses_);
    return published ? std::optional(std::move(published->note)) : std::nullopt;
}

std::optional<ledger::StoredCheckpoint> LogFiles::checkpoint() {
    auto lease = reads_.borrow();
    auto latest = ledger::LogStore(*lease, origin_).latest_checkpoint();
    if (!latest) return latest;
    // Another thread may have seen a larger one in the meantime.
    std::uint64_t seen = published_;
    while (seen < latest->size && !published_.compare_exchange_weak(seen, latest->size)) {
    }
    return latest;
}

unsigned LogFiles::published_width(const TilePath& path) {
    const unsigned width = ledger::tile_width(published_, path.level, path.index);
    if (width >= path.width || !checkpoint()) return width;
    return ledger::tile_width(published_, path.level, path.index);
}

SharedTile LogFiles::find(const TilePath& path) {
    if (path.width < ledger::kTileWidth) {
        const unsigned width = published_width(path);
        if (width < path.width) return nullptr;
        if (width < ledger::kTileWidth) return read(path);
        return cut(full(full_path(path))->bytes, path);
    }
    // What is in memory was published.
    if (auto known = cache_.find(path)) return known;
    return published_width(path) < path.width ? nullptr : full(path);
}

SharedTile LogFiles::full(const TilePath& path) {
    if (auto known = cache_.find(path)) return known;
    SharedTile tile = read(path);
    cache_.put(path, tile);
    return tile;
}

SharedTile LogFiles::read(const TilePath& path) {
    auto lease = reads_.borrow();
    ledger::SqlTileReader tiles(*lease, origin_);
    auto bytes = path.is_bundle ? tiles.read_bundle(path.index, path.width)
                                : tiles.read_tile(path.level, path.index, path.width);
    if (!bytes) throw LedgerViolation("absent from the log: " + format_tile_path(path));
    return ledger::share_tile(*std::move(bytes));
}

}  // namespace pdx::app
