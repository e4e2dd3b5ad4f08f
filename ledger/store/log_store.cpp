#include "ledger/store/log_store.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/check.h"
#include "ledger/merkle.h"
#include "sql/many_rows.h"

namespace pdx::ledger {
namespace {

using sql::Query;

constexpr Query kCreate{"log.create",
                        "INSERT INTO log_head (log, log_no, size, root, epoch) "
                        "SELECT ?, COALESCE(MAX(log_no), 0) + 1, 0, ?, ? FROM log_head"};
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

constexpr Query kLastTile{"log.last_tile",
                          "SELECT tile_level, tile_index FROM log_tile WHERE log = ? "
                          "AND tile_level >= ? AND tile_level <= ? "
                          "ORDER BY tile_level DESC, tile_index DESC LIMIT 1"};

/// Unit: rows of one statement; entries of the greatest length make it 1 MiB.
constexpr std::string_view kInsertHead = "INSERT INTO log_entry (log_no, log_index, bytes) VALUES ";
constexpr std::string_view kInsertRow = "(?, ?, ?)";
constexpr sql::InsertMany<kInsertHead, kInsertRow, 16> kInsertEntries{"log.insert_entry",
                                                                      "log.insert_entries"};

constexpr Query kEntries{"log.entries",
                         "SELECT log_index, bytes FROM log_entry "
                         "WHERE log_no = (SELECT log_no FROM log_head WHERE log = ?) "
                         "AND log_index >= ? ORDER BY log_index LIMIT ?"};
constexpr Query kLatestEntries{"log.latest_entries",
                               "SELECT log_index, bytes FROM log_entry "
                               "WHERE log_no = (SELECT log_no FROM log_head WHERE log = ?) "
                               "AND log_index < ? ORDER BY log_index DESC LIMIT ?"};
constexpr Query kBundle{"log.bundle",
                        "SELECT bytes FROM log_entry "
                        "WHERE log_no = (SELECT log_no FROM log_head WHERE log = ?) "
                        "AND log_index >= ? AND log_index < ? ORDER BY log_index LIMIT 256"};
constexpr std::size_t kPickRows = 32;
constexpr std::string_view kPickHead =
    "SELECT log_index, bytes FROM log_entry "
    "WHERE log_no = (SELECT log_no FROM log_head WHERE log = ?) AND log_index IN (";
constexpr std::string_view kMark = "?";
constexpr std::string_view kPickTail = ") ORDER BY log_index LIMIT 32";
constexpr auto kPickText = sql::repeat<kPickHead, kMark, kPickRows, kPickTail>();
constexpr Query kPick{"log.pick_entries", kPickText.view()};

constexpr Query kInsertCheckpoint{"log.insert_checkpoint",
                                  "INSERT INTO log_checkpoint (log, size, root, note) "
                                  "VALUES (?, ?, ?, ?)"};
constexpr Query kLatestCheckpoint{"log.latest_checkpoint",
                                  "SELECT size, root, note FROM log_checkpoint "
                                  "WHERE log = ? ORDER BY size DESC LIMIT 1"};
constexpr Query kCheckpointFrom{"log.checkpoint_from",
                                "SELECT size, root, note FROM log_checkpoint "
                                "WHERE log = ? AND size >= ? ORDER BY size LIMIT 1"};

constexpr std::array kQueries{kCreate,
                              kHead,
                              kOrigins,
                              kAdvance,
                              kInsertTile,
                              kGrowTile,
                              kTile,
                              kLastTile,
                              kInsertEntries.one,
                              kInsertEntries.many,
                              kEntries,
                              kLatestEntries,
                              kBundle,
                              kPick,
                              kInsertCheckpoint,
                              kLatestCheckpoint,
                              kCheckpointFrom};

std::uint64_t count_of(const sql::Row& row, std::size_t column) {
    PDX_CHECK(row.integer(column) >= 0);
    return static_cast<std::uint64_t>(row.integer(column));
}

std::int64_t page_size(std::int64_t limit) {
    return std::clamp<std::int64_t>(limit, 0, kEntryPageMax);
}

StoredEntry read_entry(std::uint64_t index, const Bytes& bytes) {
    return {index, bytes, leaf_hash(bytes), parse_entry(as_text(bytes))};
}

std::vector<StoredEntry> read_entries(const std::vector<sql::Row>& rows) {
    std::vector<StoredEntry> entries;
    entries.reserve(rows.size());
    for (const sql::Row& row : rows) entries.push_back(read_entry(count_of(row, 0), row.blob(1)));
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

void LogStore::put_entries(std::uint64_t begin, std::span<const SequencedEntry> entries) {
    EntryIndex entry_index(connection_, log_);
    const std::int64_t number = entry_index.log_number();
    std::uint64_t index = begin;
    kInsertEntries.run(connection_, entries,
                       [&](const SequencedEntry& one, std::vector<sql::Parameter>& values) {
                           PDX_CHECK(one.entry.log == log_);
                           values.push_back(sql::to_parameter(number));
                           values.push_back(sql::to_parameter(index++));
                           values.push_back(sql::to_parameter(one.bytes));
                       });
    std::vector<EntityRow> rows;
    rows.reserve(entries.size());
    for (const SequencedEntry& one : entries) {
        rows.push_back({entity_key(one.entry.entity_type, one.entry.entity_id), begin++});
    }
    // In the order of the table neighbours share a page that is at hand.
    std::sort(rows.begin(), rows.end());
    entry_index.insert(rows);
}

PostingList LogStore::load_unlisted(std::uint64_t size) {
    PostingList list;
    for (std::uint64_t at = listed_end(size); at < size;) {
        const auto rows = connection_.all(kEntries, log_, at, kEntryPageMax);
        if (rows.empty() || count_of(rows.front(), 0) != at) {
            throw LedgerViolation("absent from the log: entry " + std::to_string(at));
        }
        for (const sql::Row& row : rows) list.add_stored(count_of(row, 0), row.blob(1));
        at = count_of(rows.back(), 0) + 1;
    }
    return list;
}

void LogStore::put_postings(std::span<const Posting> postings) {
    EntryIndex(connection_, log_).insert(postings);
}

void LogStore::put_checkpoint(const StoredCheckpoint& checkpoint) {
    connection_.run(kInsertCheckpoint, log_, checkpoint.size, checkpoint.root, checkpoint.note);
}

std::vector<TilePath> LogStore::last_tiles() {
    constexpr auto kLevelMax = std::numeric_limits<std::int64_t>::max();
    std::vector<TilePath> tiles;
    for (unsigned level = 0; level <= kTileLevels; ++level) {
        const std::int64_t from = level;
        const auto row =
            connection_.one(kLastTile, log_, from, level < kTileLevels ? from : kLevelMax);
        if (!row) continue;
        tiles.push_back(
            {.level = static_cast<unsigned>(count_of(*row, 0)), .index = count_of(*row, 1)});
    }
    return tiles;
}

void LogStore::check_edge(std::uint64_t size) {
    const auto refuse = [&](const std::string& what) {
        throw LedgerViolation(what + " is stored, and the log has " + std::to_string(size) +
                              " entries only");
    };
    if (!connection_.all(kEntries, log_, size, 1).empty()) refuse("an entry behind the last");
    if (connection_.one(kCheckpointFrom, log_, size + 1)) refuse("a checkpoint of a larger size");
    for (const TilePath& tile : last_tiles()) {
        if (tile_width(size, tile.level, tile.index) == 0) refuse(format_tile_path(tile));
    }
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
    if (filter.is_empty()) return entries(begin, limit);
    if (!filter.entity_id.empty()) {
        return entries_at(EntryIndex(connection_, log_)
                              .of_entity(entity_key(filter.entity_type, filter.entity_id), begin,
                                         page_size(limit)));
    }
    std::vector<StoredEntry> found;
    const auto stored = head();
    const bool by_mention = filter.kind.empty() && filter.actor.empty();
    if (!stored || (by_mention && !is_uuid(filter.mentions))) return found;
    const auto rows = static_cast<std::size_t>(page_size(limit));
    const std::uint64_t listed = listed_end(stored->size);
    while (found.size() < rows && begin < listed) {
        begin = find_listed(filter, begin, listed, rows, found);
    }
    find_unlisted(filter, begin, stored->size, rows, found);
    return found;
}

void LogStore::visit(const EntryFilter& filter,
                     const std::function<bool(const StoredEntry&)>& use) {
    for (std::uint64_t begin = 0;;) {
        const auto page = find(filter, begin, kEntryPageMax);
        for (const StoredEntry& one : page) {
            if (!use(one)) return;
        }
        if (std::ssize(page) < kEntryPageMax) return;
        begin = page.back().index + 1;
    }
}

/// Appends entries that match, up to `limit` in all. Returns: the index to go on from.
std::uint64_t LogStore::find_listed(const EntryFilter& filter, std::uint64_t begin,
                                    std::uint64_t end, std::size_t limit,
                                    std::vector<StoredEntry>& found) {
    EntryIndex index(connection_, log_);
    const std::uint64_t span = begin / kSpan;
    std::uint64_t read_to = std::min(end, (span + EntryIndex::kSpansAtOnce) * kSpan);
    std::vector<std::uint64_t> indexes;
    if (filter.kind.empty() && filter.actor.empty()) {
        indexes = index.of_prefix(uuid_prefix(filter.mentions), begin, kIndexPageMax);
        if (std::ssize(indexes) == kIndexPageMax) read_to = std::min(read_to, indexes.back() + 1);
    }
    for (const Posting& posting : index.of_term(term_of(filter), span)) {
        for (const std::uint64_t one : posting.indexes()) indexes.push_back(one);
    }
    std::sort(indexes.begin(), indexes.end());
    indexes.erase(std::unique(indexes.begin(), indexes.end()), indexes.end());
    const auto from = std::lower_bound(indexes.begin(), indexes.end(), begin);
    std::span<const std::uint64_t> rest(from, std::lower_bound(from, indexes.end(), read_to));
    while (!rest.empty()) {
        const auto some = rest.first(std::min(kPickRows, rest.size()));
        for (StoredEntry& one : entries_at(some)) {
            if (!matches(one.parsed.entry, filter)) continue;
            found.push_back(std::move(one));
            if (found.size() == limit) return found.back().index + 1;
        }
        rest = rest.subspan(some.size());
    }
    return read_to;
}

void LogStore::find_unlisted(const EntryFilter& filter, std::uint64_t begin, std::uint64_t end,
                             std::size_t limit, std::vector<StoredEntry>& found) {
    while (found.size() < limit && begin < end) {
        const auto rows = connection_.all(kEntries, log_, begin, kEntryPageMax);
        if (rows.empty()) return;
        for (const sql::Row& row : rows) {
            const std::uint64_t index = count_of(row, 0);
            if (index >= end || found.size() == limit) return;
            if (!may_match(row.blob(1), filter)) continue;
            StoredEntry one = read_entry(index, row.blob(1));
            if (matches(one.parsed.entry, filter)) found.push_back(std::move(one));
        }
        begin = count_of(rows.back(), 0) + 1;
    }
}

/// Requires: ascending.
std::vector<StoredEntry> LogStore::entries_at(std::span<const std::uint64_t> indexes) {
    std::vector<StoredEntry> found;
    for (; !indexes.empty(); indexes = indexes.subspan(std::min(kPickRows, indexes.size()))) {
        std::vector<sql::Parameter> values{sql::to_parameter(log_)};
        for (std::size_t i = 0; i < kPickRows; ++i) {
            values.push_back(sql::to_parameter(indexes[std::min(i, indexes.size() - 1)]));
        }
        for (const sql::Row& row : connection_.select(kPick, values)) {
            found.push_back(read_entry(count_of(row, 0), row.blob(1)));
        }
    }
    return found;
}

std::optional<PreviousEntry> LogStore::last_of_entity(std::string_view type, std::string_view id) {
    const auto index = EntryIndex(connection_, log_).last_of_entity(entity_key(type, id));
    if (!index) return std::nullopt;
    const auto stored = entry(*index);
    if (!stored) throw LedgerViolation("absent from the log: entry " + std::to_string(*index));
    return PreviousEntry{*index, stored->leaf};
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
