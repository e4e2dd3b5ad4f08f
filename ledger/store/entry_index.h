#pragma once
/// The index of a log's entries in SQL: by entity, and by term (ledger/terms.h) in spans of 4,096.
/// Written in the transaction that stores the entries, and never changed. Begins and ends no
/// transaction.
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "ledger/entry.h"
#include "sql/sql.h"

namespace pdx::ledger {

/// Unit: entries of one span.
inline constexpr std::uint64_t kSpan = 4'096;

/// The index after the last entry whose terms are listed, in a log of this size.
constexpr std::uint64_t listed_end(std::uint64_t size) { return size / kSpan * kSpan; }

/// Which entries of a span have a term.
struct Posting {
    std::uint64_t span = 0;  ///< its entries begin at span * kSpan
    Bytes term;
    Bytes offsets;  ///< two bytes for each entry, big-endian, ascending

    bool operator==(const Posting&) const = default;
    /// The indexes of the entries. Throws: LedgerViolation for offsets that are none.
    std::vector<std::uint64_t> indexes() const;
};

/// Terms of the entries whose span is not full yet. Bounded by one span and one batch.
class PostingList {
public:
    /// Requires: indexes ascend.
    void add(std::uint64_t index, const Entry& entry);
    /// The same from its bytes; what is no entry that this program can read has no terms.
    void add_stored(std::uint64_t index, const Bytes& bytes);
    /// Gives away what lies in the spans that are full in a log of this size, in the order of the
    /// table.
    std::vector<Posting> take(std::uint64_t size);
    void clear();

private:
    struct Pair {
        std::size_t begin = 0;  ///< of the term in terms_
        std::size_t size = 0;
        std::uint64_t index = 0;
    };

    Bytes terms_;  ///< one after the other
    std::vector<Pair> pairs_;
};

/// An entry under its entity.
struct EntityRow {
    Bytes key;
    std::uint64_t index = 0;

    auto operator<=>(const EntityRow&) const = default;
};

/// Unit: rows of one list.
inline constexpr std::int64_t kIndexPageMax = 1'024;

/// Thread: not shared, as its connection.
class EntryIndex {
public:
    EntryIndex(sql::Connection& connection, std::string log)
        : connection_(connection),
          log_(std::move(log)) {}

    /// Throws: Error kConflict "database.duplicate" when one of them is there.
    void insert(std::span<const EntityRow> rows);
    void insert(std::span<const Posting> postings);

    /// Entries about the entity from `begin` on, ascending; at most `limit` and kIndexPageMax.
    std::vector<std::uint64_t> of_entity(const Bytes& key, std::uint64_t begin, std::int64_t limit);
    /// The newest of them.
    std::optional<std::uint64_t> last_of_entity(const Bytes& key);
    /// The same as of_entity for all keys with this beginning.
    std::vector<std::uint64_t> of_prefix(const Bytes& prefix, std::uint64_t begin,
                                         std::int64_t limit);
    /// Those of the spans from `span` on, kSpansAtOnce at most, that have the term.
    std::vector<Posting> of_term(const Bytes& term, std::uint64_t span);
    static constexpr std::uint64_t kSpansAtOnce = 64;

    /// In the order of the table, those that come after one, kIndexPageMax at most. The first page
    /// comes after a default one.
    std::vector<EntityRow> entities_after(const EntityRow& row);
    std::vector<Posting> postings_after(const Posting& posting);

    /// By which its rows name the log. Requires: the log is there (checked).
    std::int64_t log_number();

private:
    sql::Connection& connection_;
    std::string log_;
};

/// Every statement of this file, for the test that prepares them on each driver.
std::span<const sql::Query> entry_index_queries();

}  // namespace pdx::ledger
