#pragma once
/// The ledger in SQL: head, tiles, entries, checkpoints of one log. Begins and ends no transaction:
/// the writer does (design D1), so that a fact and its leaf cannot part.
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "ledger/entry.h"
#include "ledger/store/entry_index.h"
#include "ledger/terms.h"
#include "ledger/tree.h"
#include "sql/sql.h"

namespace pdx::ledger {

struct TreeHead {
    std::uint64_t size = 0;
    Digest root;
    std::int64_t epoch = 1;  ///< of the writer's lease; a deposed writer holds an older one

    bool operator==(const TreeHead&) const = default;
};

struct StoredEntry {
    std::uint64_t index = 0;
    Bytes bytes;         ///< what was hashed
    Digest leaf;         ///< leaf_hash(bytes)
    ParsedEntry parsed;  ///< parse_entry(bytes)
};

/// An entry that has found its place.
struct SequencedEntry {
    Entry entry;
    Bytes bytes;  ///< encode_entry(entry)
    Digest leaf;  ///< leaf_hash(bytes)
};

struct StoredCheckpoint {
    std::uint64_t size = 0;
    Digest root;
    std::string note;
};

/// Unit: rows of one list.
inline constexpr std::int64_t kEntryPageMax = 1'000;

/// Thread: not shared, as its connection.
class LogStore {
public:
    LogStore(sql::Connection& connection, std::string log);
    const std::string& log() const { return log_; }

    /// Writes the head of an empty log. Throws: Error kConflict "database.duplicate".
    void create(std::int64_t epoch = 1);
    std::optional<TreeHead> head();
    /// Moves the head by compare-and-swap on size and epoch.
    /// Throws: LedgerViolation when it is not the one row `from` says: another writer was here.
    void advance(const TreeHead& from, const TreeHead& to);

    /// Throws: LedgerViolation when a grown tile is not stored at the width it grew from.
    void put_tiles(std::span<const TileWrite> tiles);
    /// Stores entries from index `begin` on, each under its entity.
    void put_entries(std::uint64_t begin, std::span<const SequencedEntry> entries);
    /// The terms of the entries that no posting lists yet, in a log of this size.
    PostingList load_unlisted(std::uint64_t size);
    void put_postings(std::span<const Posting> postings);
    void put_checkpoint(const StoredCheckpoint& checkpoint);
    /// The last tile of each level that has one; of the levels that no log has, the last of all.
    std::vector<TilePath> last_tiles();
    /// Throws: LedgerViolation when an entry, a tile or a checkpoint is stored that a log of this
    /// size does not have. It would come in the way of the next batch, or be taken for its own.
    void check_edge(std::uint64_t size);

    std::optional<StoredCheckpoint> latest_checkpoint();
    std::optional<StoredCheckpoint> checkpoint_at(std::uint64_t size);
    /// The smallest checkpoint that covers the entry: its receipt can be made for that size.
    std::optional<StoredCheckpoint> checkpoint_covering(std::uint64_t index);

    std::optional<StoredEntry> entry(std::uint64_t index);
    /// Indexes from `begin` on, ascending, at most `limit` and kEntryPageMax.
    std::vector<StoredEntry> entries(std::uint64_t begin, std::int64_t limit);
    /// The same that match. The next page begins after the last index of this one.
    std::vector<StoredEntry> find(const EntryFilter& filter, std::uint64_t begin,
                                  std::int64_t limit);
    /// Every entry that matches, ascending, until `use` says false.
    void visit(const EntryFilter& filter, const std::function<bool(const StoredEntry&)>& use);
    /// The newest entry of the entity; an index serves it.
    std::optional<PreviousEntry> last_of_entity(std::string_view type, std::string_view id);
    /// Newest first: indexes below `end`, descending.
    std::vector<StoredEntry> latest(std::uint64_t end, std::int64_t limit);

private:
    std::uint64_t find_listed(const EntryFilter& filter, std::uint64_t begin, std::uint64_t end,
                              std::size_t limit, std::vector<StoredEntry>& found);
    void find_unlisted(const EntryFilter& filter, std::uint64_t begin, std::uint64_t end,
                       std::size_t limit, std::vector<StoredEntry>& found);
    std::vector<StoredEntry> entries_at(std::span<const std::uint64_t> indexes);

    sql::Connection& connection_;
    std::string log_;
};

/// The logs that the database holds, at most 100, by name.
std::vector<std::string> list_origins(sql::Connection& connection);

/// Tiles and bundles of one log from the database. A narrower tile is cut from the stored one, so
/// the tiles of every size ever published stay readable. Full tiles never change and are cached.
class SqlTileReader final : public TileReader {
public:
    SqlTileReader(sql::Connection& connection, std::string log);
    std::optional<Bytes> read_tile(unsigned level, std::uint64_t index, unsigned width) override;
    std::optional<Bytes> read_bundle(std::uint64_t index, unsigned width) override;

private:
    /// Unit: tiles of 8 KiB.
    static constexpr std::size_t kCachedMax = 256;

    sql::Connection& connection_;
    std::string log_;
    std::list<std::pair<std::pair<unsigned, std::uint64_t>, Bytes>> cached_;  ///< newest use first
};

/// Every statement of this file, for the test that prepares them on each driver.
std::span<const sql::Query> queries();

}  // namespace pdx::ledger
