#include "ledger/store/entry_index.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/check.h"
#include "ledger/terms.h"
#include "sql/many_rows.h"

namespace pdx::ledger {
namespace {

using sql::Query;

constexpr Query kNumber{"log_index.number", "SELECT log_no FROM log_head WHERE log = ?"};

/// Unit: rows of one statement.
constexpr std::size_t kRows = 64;
constexpr std::string_view kMark = "?";
constexpr std::string_view kRow3 = "(?, ?, ?)";
constexpr std::string_view kRow4 = "(?, ?, ?, ?)";

constexpr std::string_view kEntityHead =
    "INSERT INTO log_entity (log_no, entity_key, log_index) VALUES ";
constexpr sql::InsertMany<kEntityHead, kRow3, kRows> kInsertEntities{"log_entity.insert",
                                                                     "log_entity.insert_many"};
constexpr Query kOfEntity{"log_entity.of_entity",
                          "SELECT log_index FROM log_entity "
                          "WHERE log_no = (SELECT log_no FROM log_head WHERE log = ?) "
                          "AND entity_key = ? AND log_index >= ? ORDER BY log_index LIMIT ?"};
constexpr Query kLastOfEntity{"log_entity.last",
                              "SELECT log_index FROM log_entity "
                              "WHERE log_no = (SELECT log_no FROM log_head WHERE log = ?) "
                              "AND entity_key = ? ORDER BY log_index DESC LIMIT 1"};
constexpr Query kOfPrefix{"log_entity.of_prefix",
                          "SELECT log_index FROM log_entity "
                          "WHERE log_no = (SELECT log_no FROM log_head WHERE log = ?) "
                          "AND entity_key >= ? AND entity_key < ? AND log_index >= ? "
                          "ORDER BY log_index LIMIT ?"};
constexpr Query kEntitiesAfter{"log_entity.after",
                               "SELECT entity_key, log_index FROM log_entity "
                               "WHERE log_no = (SELECT log_no FROM log_head WHERE log = ?) "
                               "AND entity_key >= ? AND (entity_key > ? OR log_index > ?) "
                               "ORDER BY entity_key, log_index LIMIT ?"};
constexpr std::string_view kPostingHead =
    "INSERT INTO log_posting (log_no, span_index, term, offsets) VALUES ";
constexpr sql::InsertMany<kPostingHead, kRow4, kRows> kInsertPostings{"log_posting.insert",
                                                                      "log_posting.insert_many"};
constexpr std::string_view kOfTermHead =
    "SELECT span_index, term, offsets FROM log_posting "
    "WHERE log_no = (SELECT log_no FROM log_head WHERE log = ?) AND term = ? AND span_index IN (";
constexpr std::string_view kOfTermTail = ") ORDER BY span_index LIMIT 64";
constexpr auto kOfTermText = sql::repeat<kOfTermHead, kMark, kRows, kOfTermTail>();
constexpr Query kOfTerm{"log_posting.of_term", kOfTermText.view()};
static_assert(kRows == EntryIndex::kSpansAtOnce);
constexpr Query kPostingsAfter{"log_posting.after",
                               "SELECT span_index, term, offsets FROM log_posting "
                               "WHERE log_no = (SELECT log_no FROM log_head WHERE log = ?) "
                               "AND span_index >= ? AND (span_index > ? OR term > ?) "
                               "ORDER BY span_index, term LIMIT ?"};

constexpr std::array kQueries{
    kNumber,        kInsertEntities.one, kInsertEntities.many, kOfEntity, kLastOfEntity, kOfPrefix,
    kEntitiesAfter, kInsertPostings.one, kInsertPostings.many, kOfTerm,   kPostingsAfter};

std::uint64_t index_in(const sql::Row& row, std::size_t column) {
    PDX_CHECK(row.integer(column) >= 0);
    return static_cast<std::uint64_t>(row.integer(column));
}

std::vector<std::uint64_t> read_indexes(const std::vector<sql::Row>& rows) {
    std::vector<std::uint64_t> indexes;
    indexes.reserve(rows.size());
    for (const sql::Row& row : rows) indexes.push_back(index_in(row, 0));
    return indexes;
}

std::vector<Posting> read_postings(const std::vector<sql::Row>& rows) {
    std::vector<Posting> postings;
    postings.reserve(rows.size());
    for (const sql::Row& row : rows) {
        postings.push_back({index_in(row, 0), row.blob(1), row.blob(2)});
    }
    return postings;
}

std::int64_t page_size(std::int64_t limit) {
    return std::clamp<std::int64_t>(limit, 0, kIndexPageMax);
}

}  // namespace

std::vector<std::uint64_t> Posting::indexes() const {
    if (offsets.size() % 2 != 0) throw LedgerViolation("a posting is cut off");
    std::vector<std::uint64_t> found;
    found.reserve(offsets.size() / 2);
    for (std::size_t at = 0; at < offsets.size(); at += 2) {
        const auto offset = static_cast<std::uint64_t>(offsets[at] << 8U | offsets[at + 1]);
        if (offset >= kSpan) throw LedgerViolation("a posting leaves its span");
        found.push_back(span * kSpan + offset);
    }
    return found;
}

void PostingList::add(std::uint64_t index, const Entry& entry) {
    PDX_CHECK(pairs_.empty() || pairs_.back().index <= index);
    visit_terms(entry, [&](ByteView term) {
        pairs_.push_back({terms_.size(), term.size(), index});
        terms_.insert(terms_.end(), term.begin(), term.end());
    });
}

void PostingList::add_stored(std::uint64_t index, const Bytes& bytes) {
    const ParsedEntry parsed = parse_entry(as_text(bytes));
    if (parsed.reading == EntryReading::kRead) add(index, parsed.entry);
}

std::vector<Posting> PostingList::take(std::uint64_t size) {
    const std::uint64_t end = listed_end(size);
    const auto rest = std::partition_point(pairs_.begin(), pairs_.end(),
                                           [end](const Pair& pair) { return pair.index < end; });
    std::vector<Posting> postings;
    if (rest == pairs_.begin()) return postings;
    const auto term = [this](const Pair& pair) {
        return as_text(ByteView(terms_).subspan(pair.begin, pair.size));
    };
    std::sort(pairs_.begin(), rest, [&](const Pair& a, const Pair& b) {
        if (a.index / kSpan != b.index / kSpan) return a.index < b.index;
        const int order = term(a).compare(term(b));
        return order != 0 ? order < 0 : a.index < b.index;
    });
    std::optional<std::uint64_t> last;
    for (auto pair = pairs_.begin(); pair != rest; ++pair) {
        const std::string_view text = term(*pair);
        const std::uint64_t span = pair->index / kSpan;
        if (postings.empty() || postings.back().span != span ||
            as_text(postings.back().term) != text) {
            postings.push_back({span, {text.begin(), text.end()}, {}});
            last.reset();
        }
        if (last == pair->index) continue;  // an entry may have a term twice
        last = pair->index;
        const std::uint64_t offset = pair->index % kSpan;
        postings.back().offsets.push_back(static_cast<std::uint8_t>(offset >> 8U));
        postings.back().offsets.push_back(static_cast<std::uint8_t>(offset & 0xFFU));
    }
    const std::size_t used = rest == pairs_.end() ? terms_.size() : rest->begin;
    terms_.erase(terms_.begin(), terms_.begin() + static_cast<std::ptrdiff_t>(used));
    pairs_.erase(pairs_.begin(), rest);
    for (Pair& pair : pairs_) pair.begin -= used;
    return postings;
}

void PostingList::clear() {
    terms_.clear();
    pairs_.clear();
}

std::int64_t EntryIndex::log_number() {
    const auto row = connection_.one(kNumber, log_);
    PDX_CHECK(row.has_value());
    return row->integer(0);
}

void EntryIndex::insert(std::span<const EntityRow> rows) {
    if (rows.empty()) return;
    kInsertEntities.run(
        connection_, rows,
        [log_no = log_number()](const EntityRow& row, std::vector<sql::Parameter>& values) {
            values.push_back(sql::to_parameter(log_no));
            values.push_back(sql::to_parameter(row.key));
            values.push_back(sql::to_parameter(row.index));
        });
}

void EntryIndex::insert(std::span<const Posting> postings) {
    if (postings.empty()) return;
    kInsertPostings.run(
        connection_, postings,
        [log_no = log_number()](const Posting& posting, std::vector<sql::Parameter>& values) {
            values.push_back(sql::to_parameter(log_no));
            values.push_back(sql::to_parameter(posting.span));
            values.push_back(sql::to_parameter(posting.term));
            values.push_back(sql::to_parameter(posting.offsets));
        });
}

std::vector<std::uint64_t> EntryIndex::of_entity(const Bytes& key, std::uint64_t begin,
                                                 std::int64_t limit) {
    return read_indexes(connection_.all(kOfEntity, log_, key, begin, page_size(limit)));
}

std::optional<std::uint64_t> EntryIndex::last_of_entity(const Bytes& key) {
    const auto row = connection_.one(kLastOfEntity, log_, key);
    return row ? std::optional(index_in(*row, 0)) : std::nullopt;
}

std::vector<std::uint64_t> EntryIndex::of_prefix(const Bytes& prefix, std::uint64_t begin,
                                                 std::int64_t limit) {
    Bytes end = prefix;
    end.push_back(0xFF);  // no type begins with this byte
    return read_indexes(connection_.all(kOfPrefix, log_, prefix, end, begin, page_size(limit)));
}

std::vector<Posting> EntryIndex::of_term(const Bytes& term, std::uint64_t span) {
    std::vector<sql::Parameter> values{sql::to_parameter(log_), sql::to_parameter(term)};
    for (std::uint64_t i = 0; i < kSpansAtOnce; ++i) values.push_back(sql::to_parameter(span + i));
    return read_postings(connection_.select(kOfTerm, values));
}

std::vector<EntityRow> EntryIndex::entities_after(const EntityRow& row) {
    std::vector<EntityRow> found;
    for (const sql::Row& one :
         connection_.all(kEntitiesAfter, log_, row.key, row.key, row.index, kIndexPageMax)) {
        found.push_back({one.blob(0), index_in(one, 1)});
    }
    return found;
}

std::vector<Posting> EntryIndex::postings_after(const Posting& posting) {
    return read_postings(connection_.all(kPostingsAfter, log_, posting.span, posting.span,
                                         posting.term, kIndexPageMax));
}

std::span<const sql::Query> entry_index_queries() { return kQueries; }

}  // namespace pdx::ledger
