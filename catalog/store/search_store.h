#pragma once
/// The search index in SQL: one row per document, one per term of it. Written in the caller's
/// transaction, so a registration and its index entry cannot part. Begins and ends no transaction.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "catalog/search.h"
#include "sql/sql.h"

namespace pdx::catalog {

struct ResourceHit {
    ResourceId resource;
    std::int64_t score = 0;
    bool operator==(const ResourceHit&) const = default;
};

/// Where a page ended. A document that changes its score between two pages may be seen twice or
/// not at all; nothing else can.
struct SearchCursor {
    std::int64_t score = 0;
    std::string resource_id;
    /// Shape: score, '.', UUID.
    std::string text() const { return std::to_string(score) + "." + resource_id; }
    static std::optional<SearchCursor> parse(std::string_view text);
};

struct SearchPage {
    std::vector<ResourceHit> hits;
    std::optional<SearchCursor> next;
    std::int64_t total = 0;  ///< hits of the query, all pages
    bool relaxed = false;    ///< nothing had every word; these have most of them
};

struct SearchRequest {
    std::string_view text;
    /// Only documents in one of these states are found, counted or weighed.
    std::span<const std::string> visible_states;
    std::int64_t limit = 20;
    std::optional<SearchCursor> after;
};

/// Unit: rows of one page; rows read per term (the heaviest first), which bounds memory and time
/// for a word that every document has; candidates whose text is read to verify phrases.
inline constexpr std::int64_t kSearchPageMax = 1'000;
inline constexpr std::int64_t kPostingsMax = 20'000;
inline constexpr std::size_t kPhraseCandidatesMax = 1'000;

std::span<const sql::Query> search_queries();

/// Thread: not shared, as its connection.
class SearchStore {
public:
    explicit SearchStore(sql::Connection& connection) : connection_(connection) {}

    /// Replaces what the index knows of the resource.
    void upsert(const ResourceId& resource, std::string_view state, const SearchDocument& document);
    /// Only the state, which decides who may find it. Absent is fine.
    void set_state(const ResourceId& resource, std::string_view state);
    void remove(const ResourceId& resource);

    /// Any text is a query (SearchQuery). Documents with every required term come first; when there
    /// is none, those with at least 60 % of them.
    SearchPage search(const SearchRequest& request);

private:
    Postings postings(const SearchQuery& query, std::span<const std::string> visible_states);
    void keep_where_phrases_hold(const SearchQuery& query, std::vector<SearchHit>& hits);
    sql::Connection& connection_;
};

}  // namespace pdx::catalog
