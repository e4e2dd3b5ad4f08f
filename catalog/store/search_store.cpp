#include "catalog/store/search_store.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/check.h"
#include "sql/many_rows.h"

namespace pdx::catalog {
namespace {

using sql::Query;

constexpr Query kDeleteTerms{"search.delete_terms",
                             "DELETE FROM search_term WHERE resource_id = ?"};
constexpr Query kDeleteDocument{"search.delete_document",
                                "DELETE FROM search_document WHERE resource_id = ?"};
constexpr Query kInsertDocument{"search.insert_document",
                                "INSERT INTO search_document (resource_id, state, length_weight, "
                                "body) VALUES (?, ?, ?, ?)"};
constexpr Query kSetState{"search.set_state",
                          "UPDATE search_document SET state = ? WHERE resource_id = ?"};
// A document has some hundred terms: sixteen rows a statement save most round trips.
constexpr std::string_view kInsertHead =
    "INSERT INTO search_term (term, resource_id, weight) VALUES ";
constexpr std::string_view kInsertRow = "(?, ?, ?)";
constexpr sql::InsertMany<kInsertHead, kInsertRow, 16> kInsertTerms{"search.insert_term",
                                                                    "search.insert_terms"};
constexpr Query kPostings{"search.postings",
                          "SELECT t.resource_id, t.weight, d.length_weight, d.state "
                          "FROM search_term t JOIN search_document d "
                          "ON d.resource_id = t.resource_id WHERE t.term = ? "
                          "ORDER BY t.weight DESC, t.resource_id DESC LIMIT ?"};
constexpr Query kBody{"search.body", "SELECT body FROM search_document WHERE resource_id = ?"};
constexpr Query kCount{"search.count", "SELECT COUNT(*) FROM search_document"};

constexpr std::array kQueries{
    kDeleteTerms,      kDeleteDocument, kInsertDocument, kSetState, kInsertTerms.one,
    kInsertTerms.many, kPostings,       kBody,           kCount};

/// True when `hit` comes after where the page before ended.
bool is_after(const SearchHit& hit, const SearchCursor& cursor) {
    return hit.score != cursor.score ? hit.score < cursor.score : hit.document < cursor.resource_id;
}

SearchPage page_of(std::vector<SearchHit> hits, const SearchRequest& request) {
    SearchPage page;
    page.total = static_cast<std::int64_t>(hits.size());
    auto first = hits.begin();
    if (request.after) {
        first = std::find_if(hits.begin(), hits.end(),
                             [&](const auto& hit) { return is_after(hit, *request.after); });
    }
    const std::int64_t limit = std::clamp<std::int64_t>(request.limit, 1, kSearchPageMax);
    const auto last = first + std::min<std::int64_t>(limit, hits.end() - first);
    for (auto hit = first; hit != last; ++hit) {
        const auto id = ResourceId::parse(hit->document);
        PDX_CHECK(id.has_value());
        page.hits.push_back({*id, hit->score});
    }
    if (last != hits.end() && !page.hits.empty()) {
        page.next = SearchCursor{page.hits.back().score, page.hits.back().resource.text()};
    }
    return page;
}

}  // namespace

std::span<const sql::Query> search_queries() { return kQueries; }

std::optional<SearchCursor> SearchCursor::parse(std::string_view text) {
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos || !is_uuid7(text.substr(dot + 1))) {
        return std::nullopt;
    }
    SearchCursor cursor;
    const char* const end = text.data() + dot;
    const auto [stop, failure] = std::from_chars(text.data(), end, cursor.score);
    if (failure != std::errc() || stop != end || cursor.score < 0) {
        return std::nullopt;
    }
    cursor.resource_id = text.substr(dot + 1);
    return cursor;
}

void SearchStore::upsert(const ResourceId& resource, std::string_view state,
                         const SearchDocument& document) {
    remove(resource);
    const auto terms = index_terms(document);
    connection_.run(kInsertDocument, resource, state, document_length(terms),
                    document_body(document));
    kInsertTerms.run(connection_, terms,
                     [&](const auto& term, std::vector<sql::Parameter>& values) {
                         values.push_back(sql::to_parameter(term.term));
                         values.push_back(sql::to_parameter(resource));
                         values.push_back(sql::to_parameter(term.weight));
                     });
}

void SearchStore::set_state(const ResourceId& resource, std::string_view state) {
    connection_.run(kSetState, state, resource);
}

void SearchStore::remove(const ResourceId& resource) {
    connection_.run(kDeleteTerms, resource);
    connection_.run(kDeleteDocument, resource);
}

Postings SearchStore::postings(const SearchQuery& query,
                               std::span<const std::string> visible_states) {
    Postings postings;
    for (const auto& term : query.terms()) {
        auto& list = postings[term];
        for (const auto& row : connection_.all(kPostings, term, kPostingsMax)) {
            const auto& state = row.text(3);
            if (std::find(visible_states.begin(), visible_states.end(), state) !=
                visible_states.end()) {
                list.push_back({row.text(0), row.integer(1), row.integer(2)});
            }
        }
    }
    return postings;
}

void SearchStore::keep_where_phrases_hold(const SearchQuery& query, std::vector<SearchHit>& hits) {
    if (!query.has_phrases()) {
        return;
    }
    if (hits.size() > kPhraseCandidatesMax) {
        hits.resize(kPhraseCandidatesMax);
    }
    std::erase_if(hits, [&](const SearchHit& hit) {
        const auto row = connection_.one(kBody, hit.document);
        return !row || !query.phrases_hold(row->text(0));
    });
}

SearchPage SearchStore::search(const SearchRequest& request) {
    const SearchQuery query = SearchQuery::parse(request.text);
    const Postings found = postings(query, request.visible_states);
    const auto count = connection_.one(kCount);
    PDX_CHECK(count.has_value());
    const std::int64_t document_count = count->integer(0);
    auto hits = rank(query, found, document_count, Match::kAll);
    keep_where_phrases_hold(query, hits);
    const bool relaxed = hits.empty() && query.required.size() > 1;
    if (relaxed) {
        hits = rank(query, found, document_count, Match::kMost);
        // What was excluded stays excluded; what was quoted is now a wish.
        SearchQuery exclusions = query;
        exclusions.phrases.clear();
        keep_where_phrases_hold(exclusions, hits);
    }
    SearchPage page = page_of(std::move(hits), request);
    page.relaxed = relaxed && page.total > 0;
    return page;
}

}  // namespace pdx::catalog
