#include "ledger/store/posting_store.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "ledger/terms.h"
#include "ledger/tile.h"
#include "sql/many_rows.h"

namespace pdx::ledger {
namespace {

using sql::Query;

constexpr Query kNumber{"posting.log_no", "SELECT log_no FROM log_head WHERE log = ?"};

/// Unit: rows of one statement.
constexpr std::size_t kRows = 64;
constexpr std::string_view kInsertHead =
    "INSERT INTO log_posting (log_no, term, tile_index, offsets) VALUES ";
constexpr std::string_view kInsertRow = "(?, ?, ?, ?)";
constexpr auto kInsertOneText = sql::repeat<kInsertHead, kInsertRow, 1>();
constexpr auto kInsertManyText = sql::repeat<kInsertHead, kInsertRow, kRows>();
constexpr Query kInsertOne{"posting.insert", kInsertOneText.view()};
constexpr Query kInsertMany{"posting.insert_many", kInsertManyText.view()};

constexpr Query kOfTerm{"posting.of_term",
                        "SELECT term, tile_index, offsets FROM log_posting "
                        "WHERE log_no = (SELECT log_no FROM log_head WHERE log = ?) AND term = ? "
                        "AND tile_index >= ? ORDER BY tile_index LIMIT ?"};
constexpr Query kOfTermBefore{
    "posting.of_term_before",
    "SELECT term, tile_index, offsets FROM log_posting "
    "WHERE log_no = (SELECT log_no FROM log_head WHERE log = ?) AND term = ? "
    "AND tile_index < ? ORDER BY tile_index DESC LIMIT ?"};
constexpr std::string_view kOfTileHead =
    "SELECT term, tile_index, offsets FROM log_posting "
    "WHERE log_no = (SELECT log_no FROM log_head WHERE log = ?) AND tile_index = ? AND term IN (";
constexpr std::string_view kMark = "?";
constexpr std::string_view kOfTileTail = ") ORDER BY term LIMIT 64";
constexpr auto kOfTileText = sql::repeat<kOfTileHead, kMark, kRows, kOfTileTail>();
constexpr Query kOfTile{"posting.of_tile", kOfTileText.view()};
constexpr Query kAfter{"posting.after",
                       "SELECT term, tile_index FROM log_posting "
                       "WHERE log_no = (SELECT log_no FROM log_head WHERE log = ?) "
                       "AND term >= ? AND (term > ? OR tile_index > ?) "
                       "ORDER BY term, tile_index LIMIT ?"};

constexpr std::array kQueries{kNumber,       kInsertOne, kInsertMany, kOfTerm,
                              kOfTermBefore, kOfTile,    kAfter};

std::uint64_t tile_of(const sql::Row& row) {
    PDX_CHECK(row.integer(1) >= 0);
    return static_cast<std::uint64_t>(row.integer(1));
}

std::vector<Posting> read_postings(const std::vector<sql::Row>& rows) {
    std::vector<Posting> postings;
    postings.reserve(rows.size());
    for (const sql::Row& row : rows) postings.push_back({row.blob(0), tile_of(row), row.blob(2)});
    return postings;
}

std::int64_t page_size(std::int64_t limit) {
    return std::clamp<std::int64_t>(limit, 0, kPostingPageMax);
}

}  // namespace

void PostingList::add(std::uint64_t index, const Entry& entry) {
    for (Bytes& term : terms_of(entry)) pairs_.emplace_back(std::move(term), index);
}

void PostingList::add_stored(std::uint64_t index, const Bytes& bytes) {
    const ParsedEntry parsed = parse_entry(as_text(bytes));
    if (parsed.reading == EntryReading::kRead) add(index, parsed.entry);
}

std::vector<Posting> PostingList::take() {
    std::sort(pairs_.begin(), pairs_.end());
    std::vector<Posting> postings;
    for (auto& [term, index] : pairs_) {
        const std::uint64_t tile = index / kTileWidth;
        if (postings.empty() || postings.back().tile != tile || postings.back().term != term) {
            postings.push_back({std::move(term), tile, {}});
        }
        postings.back().offsets.push_back(static_cast<std::uint8_t>(index % kTileWidth));
    }
    pairs_.clear();
    return postings;
}

void PostingStore::insert(std::span<const Posting> postings) {
    if (postings.empty()) return;
    const auto number = connection_.one(kNumber, log_);
    PDX_CHECK(number.has_value());
    sql::run_many(connection_, kInsertOne, kInsertMany, kRows, postings,
                  [&](const Posting& posting, std::vector<sql::Value>& values) {
                      values.emplace_back(number->integer(0));
                      values.emplace_back(posting.term);
                      values.push_back(sql::to_value(posting.tile));
                      values.emplace_back(posting.offsets);
                  });
}

std::vector<Posting> PostingStore::of_term(const Bytes& term, std::uint64_t tile,
                                           std::int64_t limit) {
    return read_postings(connection_.all(kOfTerm, log_, term, tile, page_size(limit)));
}

std::vector<Posting> PostingStore::of_term_before(const Bytes& term, std::uint64_t end,
                                                  std::int64_t limit) {
    return read_postings(connection_.all(kOfTermBefore, log_, term, end, page_size(limit)));
}

std::vector<Posting> PostingStore::of_tile(std::uint64_t tile, std::span<const Bytes> terms) {
    std::vector<Posting> found;
    for (std::size_t begin = 0; begin < terms.size(); begin += kRows) {
        const auto some = terms.subspan(begin, std::min(kRows, terms.size() - begin));
        std::vector<sql::Value> values{log_, sql::to_value(tile)};
        for (std::size_t i = 0; i < kRows; ++i) {
            values.emplace_back(some[std::min(i, some.size() - 1)]);
        }
        for (Posting& posting : read_postings(connection_.select(kOfTile, values))) {
            found.push_back(std::move(posting));
        }
    }
    return found;
}

std::vector<Posting> PostingStore::after(const Posting& posting) {
    std::vector<Posting> found;
    for (const sql::Row& row :
         connection_.all(kAfter, log_, posting.term, posting.term, posting.tile, kPostingPageMax)) {
        found.push_back({row.blob(0), tile_of(row), {}});
    }
    return found;
}

std::span<const sql::Query> posting_queries() { return kQueries; }

}  // namespace pdx::ledger
