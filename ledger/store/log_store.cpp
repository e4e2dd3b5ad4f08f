#include "ledger/store/log_store.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"

namespace pdx::ledger {
namespace {

using sql::Query;

constexpr Query kCreate{"log.create",
                        "INSERT INTO log_head (log, size, root, epoch) VALUES (?, 0, ?, ?)"};
constexpr Query kHead{"log.head", "SELECT size, root, epoch FROM log_head WHERE log = ?"};
constexpr Query kOrigins{"log.origins", "SELECT log FROM log_head ORDER BY log LIMIT 100"};
constexpr Query kAdvance{"log.advance",
                         "UPDATE log_head SET size = ?, root = ?, epoch = ? "
                         "WHERE log = ? AND size = ? AND epoch = ?"};

constexpr Query kInsertTile{"log.insert_tile",
                            "INSERT INTO log_tile (log, tile_level, tile_index, width, hashes) "
                            "VALUES (?, ?, ?, ?, ?)"};
constexpr Query kGrowTile{"log.grow_tile",
                          "UPDATE log_tile SET width = ?, hashes = ? "
                          "WHERE log = ? AND tile_level = ? AND tile_index = ? AND width = ?"};
constexpr Query kTile{"log.tile",
                      "SELECT hashes FROM log_tile "
                      "WHERE log = ? AND tile_level = ? AND tile_index = ?"};

constexpr Query kInsertEntry{"log.insert_entry",
                             "INSERT INTO log_entry (log, log_index, leaf_hash, kind, entity_type, "
                             "entity_id, actor, recorded_at, bytes) "
                             "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr Query kEntries{"log.entries",
                         "SELECT log_index, leaf_hash, kind, entity_type, entity_id, actor, "
                         "recorded_at, bytes FROM log_entry "
                         "WHERE log = ? AND log_index >= ? ORDER BY log_index LIMIT ?"};
constexpr Query kEntriesOfEntity{"log.entries_of_entity",
                                 "SELECT log_index, leaf_hash, kind, entity_type, entity_id, "
                                 "actor, recorded_at, bytes FROM log_entry "
                                 "WHERE log = ? AND entity_type = ? AND entity_id = ? "
                                 "AND log_index >= ? ORDER BY log_index LIMIT ?"};
constexpr Query kLastOfEntity{"log.last_of_entity",
                              "SELECT log_index, leaf_hash FROM log_entry "
                              "WHERE log = ? AND entity_type = ? AND entity_id = ? "
                              "ORDER BY log_index DESC LIMIT 1"};
constexpr Query kEntriesOfKind{"log.entries_of_kind",
                               "SELECT log_index, leaf_hash, kind, entity_type, entity_id, actor, "
                               "recorded_at, bytes FROM log_entry WHERE log = ? AND kind = ? "
                               "AND log_index >= ? ORDER BY log_index LIMIT ?"};
constexpr Query kEntriesOfActor{"log.entries_of_actor",
                                "SELECT log_index, leaf_hash, kind, entity_type, entity_id, "
                                "actor, recorded_at, bytes FROM log_entry "
                                "WHERE log = ? AND actor = ? "
                                "AND log_index >= ? ORDER BY log_index LIMIT ?"};
constexpr Query kLatestEntries{"log.latest_entries",
                               "SELECT log_index, leaf_hash, kind, entity_type, entity_id, actor, "
                               "recorded_at, bytes FROM log_entry "
                               "WHERE log = ? AND log_index < ? ORDER BY log_index DESC LIMIT ?"};
constexpr Query kBundle{"log.bundle",
                        "SELECT bytes FROM log_entry WHERE log = ? AND log_index >= ? "
                        "AND log_index < ? ORDER BY log_index LIMIT 256"};

constexpr Query kInsertCheckpoint{"log.insert_checkpoint",
                                  "INSERT INTO log_checkpoint (log, size, root, note) "
                                  "VALUES (?, ?, ?, ?)"};
constexpr Query kLatestCheckpoint{"log.latest_checkpoint",
                                  "SELECT size, root, note FROM log_checkpoint "
                                  "WHERE log = ? ORDER BY size DESC LIMIT 1"};
constexpr Query kCheckpointFrom{"log.checkpoint_from",
                                "SELECT size, root, note FROM log_checkpoint "
                                "WHERE log = ? AND size >= ? ORDER BY size LIMIT 1"};

constexpr std::array kQueries{
    kCreate,         kHead,          kAdvance, kInsertTile,       kGrowTile,
    kTile,           kInsertEntry,   kEntries, kEntriesOfEntity,  kEntriesOfKind,
    kEntriesOfActor, kLatestEntries, kBundle,  kInsertCheckpoint, kLatestCheckpoint,
    kCheckpointFrom, kLastOfEntity,  kOrigins};

std::uint64_t count_of(const sql::Row& row, std::size_t column) {
    PDX_CHECK(row.integer(column) >= 0);
    return static_cast<std::uint64_t>(row.integer(column));
}

std::int64_t page_size(std::int64_t limit) {
    return std::clamp<std::int64_t>(limit, 0, kEntryPageMax);
}

std::vector<StoredEntry> read_entries(const std::vector<sql::Row>& rows) {
    std::vector<StoredEntry> entries;
    entries.reserve(rows.size());
    for (const sql::Row& row : rows) {
        entries.push_back({.index = count_of(row, 0),
                           .leaf = row.digest(1),
                           .kind = row.text(2),
                           .entity_type = row.text(3),
                           .entity_id = row.text(4),
                           .actor = row.text(5),
                           .at = row.time(6),
                           .bytes = row.blob(7)});
    }
    return entries;
}

std::optional<StoredCheckpoint> read_checkpoint(const std::optional<sql::Row>& row) {
    if (!row) return std::nullopt;
    return StoredCheckpoint{count_of(*row, 0), row->digest(1), row->text(2)};
}

}  // namespace

LogStore::LogStore(sql::Connection& connection, std::string log)
    : connection_(connection),
      log_(std::move(log)) {}

void LogStore::create(std::int64_t epoch) { connection_.run(kCreate, log_, empty_root(), epoch); }

std::optional<TreeHead> LogStore::head() {
    const auto row = connection_.one(kHead, log_);
    if (!row) return std::nullopt;
    return TreeHead{count_of(*row, 0), row->digest(1), row->integer(2)};
}

void LogStore::advance(const TreeHead& from, const TreeHead& to) {
    if (to.size < from.size || (to.size == from.size && to.root != from.root)) {
        throw LedgerViolation("the tree of " + log_ + " would shrink or fork");
    }
    const std::int64_t rows =
        connection_.run(kAdvance, to.size, to.root, to.epoch, log_, from.size, from.epoch);
    if (rows != 1) {
        throw LedgerViolation("the head of " + log_ + " is not at size " +
                              std::to_string(from.size) + " and epoch " +
                              std::to_string(from.epoch));
    }
}

void LogStore::put_tiles(std::span<const TileWrite> tiles) {
    for (const TileWrite& tile : tiles) {
        PDX_CHECK(tile.hashes.size() == tile.width * Digest::kSize);
        const int level = static_cast<int>(tile.level);
        const int width = static_cast<int>(tile.width);
        if (tile.stored_width == 0) {
            connection_.run(kInsertTile, log_, level, tile.index, width, tile.hashes);
            continue;
        }
        const std::int64_t rows = connection_.run(kGrowTile, width, tile.hashes, log_, level,
                                                  tile.index, static_cast<int>(tile.stored_width));
        if (rows != 1) {
            throw LedgerViolation("not stored at width " + std::to_string(tile.stored_width) +
                                  ": " +
                                  format_tile_path({.level = tile.level, .index = tile.index}));
        }
    }
}

void LogStore::put_entry(std::uint64_t index, const Digest& leaf, const Entry& entry,
                         const Bytes& bytes) {
    PDX_CHECK(entry.log == log_);
    connection_.run(kInsertEntry, log_, index, leaf, entry.kind, entry.entity_type, entry.entity_id,
                    entry.actor, entry.at, bytes);
}

void LogStore::put_checkpoint(const StoredCheckpoint& checkpoint) {
    connection_.run(kInsertCheckpoint, log_, checkpoint.size, checkpoint.root, checkpoint.note);
}

std::optional<StoredCheckpoint> LogStore::latest_checkpoint() {
    return read_checkpoint(connection_.one(kLatestCheckpoint, log_));
}

std::optional<StoredCheckpoint> LogStore::checkpoint_at(std::uint64_t size) {
    auto checkpoint = read_checkpoint(connection_.one(kCheckpointFrom, log_, size));
    return checkpoint && checkpoint->size == size ? checkpoint : std::nullopt;
}

std::optional<StoredCheckpoint> LogStore::checkpoint_covering(std::uint64_t index) {
    return read_checkpoint(connection_.one(kCheckpointFrom, log_, index + 1));
}

std::optional<StoredEntry> LogStore::entry(std::uint64_t index) {
    auto found = entries(index, 1);
    if (found.empty() || found.front().index != index) return std::nullopt;
    return std::move(found.front());
}

std::vector<StoredEntry> LogStore::entries(std::uint64_t begin, std::int64_t limit) {
    return read_entries(connection_.all(kEntries, log_, begin, page_size(limit)));
}

std::vector<StoredEntry> LogStore::find(const EntryFilter& filter, std::uint64_t begin,
                                        std::int64_t limit) {
    const std::int64_t rows = page_size(limit);
    if (!filter.entity_type.empty()) {
        return read_entries(connection_.all(kEntriesOfEntity, log_, filter.entity_type,
                                            filter.entity_id, begin, rows));
    }
    if (!filter.kind.empty()) {
        return read_entries(connection_.all(kEntriesOfKind, log_, filter.kind, begin, rows));
    }
    if (!filter.actor.empty()) {
        return read_entries(connection_.all(kEntriesOfActor, log_, filter.actor, begin, rows));
    }
    return entries(begin, limit);
}

std::optional<PreviousEntry> LogStore::last_of_entity(std::string_view type, std::string_view id) {
    const auto row = connection_.one(kLastOfEntity, log_, type, id);
    if (!row) return std::nullopt;
    return PreviousEntry{count_of(*row, 0), row->digest(1)};
}

std::vector<StoredEntry> LogStore::latest(std::uint64_t end, std::int64_t limit) {
    return read_entries(connection_.all(kLatestEntries, log_, end, page_size(limit)));
}

std::vector<std::string> list_origins(sql::Connection& connection) {
    std::vector<std::string> origins;
    for (const sql::Row& row : connection.all(kOrigins)) origins.push_back(row.text(0));
    return origins;
}

SqlTileReader::SqlTileReader(sql::Connection& connection, std::string log)
    : connection_(connection),
      log_(std::move(log)) {}

std::optional<Bytes> SqlTileReader::read_tile(unsigned level, std::uint64_t index, unsigned width) {
    const auto cut = [width](const Bytes& hashes) -> std::optional<Bytes> {
        const std::size_t size = width * Digest::kSize;
        if (hashes.size() < size) return std::nullopt;
        return Bytes(hashes.begin(), hashes.begin() + static_cast<std::ptrdiff_t>(size));
    };
    const std::pair key(level, index);
    const auto known = std::find_if(cached_.begin(), cached_.end(),
                                    [&](const auto& cached) { return cached.first == key; });
    if (known != cached_.end()) {
        cached_.splice(cached_.begin(), cached_, known);
        return cut(cached_.front().second);
    }
    const auto row = connection_.one(kTile, log_, static_cast<int>(level), index);
    if (!row) return std::nullopt;
    const Bytes& hashes = row->blob(0);
    if (hashes.size() == kTileWidth * Digest::kSize) {
        cached_.emplace_front(key, hashes);
        if (cached_.size() > kCachedMax) cached_.pop_back();
    }
    return cut(hashes);
}

std::optional<Bytes> SqlTileReader::read_bundle(std::uint64_t index, unsigned width) {
    const std::uint64_t begin = index * kTileWidth;
    const auto rows = connection_.all(kBundle, log_, begin, begin + width);
    if (width == 0 || rows.size() != width) return std::nullopt;
    Bytes bundle;
    for (const sql::Row& row : rows) append_to_bundle(bundle, row.blob(0));
    return bundle;
}

std::span<const sql::Query> queries() { return kQueries; }

}  // namespace pdx::ledger
