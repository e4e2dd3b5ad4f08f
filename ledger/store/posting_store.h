#pragma once
/// The index of a log's entries in SQL: for each term (ledger/terms.h) and tile of 256 entries, the
/// entries of the tile that have it. Written in the transaction that fills the tile, and never
/// changed. Begins and ends no transaction.
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "ledger/entry.h"
#include "sql/sql.h"

namespace pdx::ledger {

struct Posting {
    Bytes term;
    std::uint64_t tile = 0;
    Bytes offsets;  ///< of its entries in the tile, ascending

    bool operator==(const Posting&) const = default;
};

/// Entries on their way into the index.
class PostingList {
public:
    void add(std::uint64_t index, const Entry& entry);
    /// The same from its bytes; what is no entry that this program can read has no terms.
    void add_stored(std::uint64_t index, const Bytes& bytes);
    /// Everything that was added, by term and tile: the order in which the table lies.
    std::vector<Posting> take();

private:
    std::vector<std::pair<Bytes, std::uint64_t>> pairs_;  ///< term and index
};

/// Unit: postings of one list.
inline constexpr std::int64_t kPostingPageMax = 1'024;

/// Thread: not shared, as its connection.
class PostingStore {
public:
    PostingStore(sql::Connection& connection, std::string log)
        : connection_(connection),
          log_(std::move(log)) {}

    /// Throws: Error kConflict "database.duplicate" when one of them is there.
    void insert(std::span<const Posting> postings);
    /// Of one term, in tiles from `tile` on, ascending; at most `limit` and kPostingPageMax.
    std::vector<Posting> of_term(const Bytes& term, std::uint64_t tile, std::int64_t limit);
    /// The same in tiles below `end`, descending.
    std::vector<Posting> of_term_before(const Bytes& term, std::uint64_t end, std::int64_t limit);
    /// Those of one tile that have one of these terms, by term.
    std::vector<Posting> of_tile(std::uint64_t tile, std::span<const Bytes> terms);
    /// In the order of the table, those that come after one, kPostingPageMax at most; without their
    /// offsets. The first page comes after one with an empty term.
    std::vector<Posting> after(const Posting& posting);

private:
    sql::Connection& connection_;
    std::string log_;
};

/// Every statement of this file, for the test that prepares them on each driver.
std::span<const sql::Query> posting_queries();

}  // namespace pdx::ledger
