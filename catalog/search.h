#pragma once
/// Finding: which terms a document is indexed under, what a query asks for, and how hits are
/// ranked. Values in, values out; catalog/store/search_store.h keeps the index.
///
/// Ranking is BM25 in integers, so that the order is the same on every machine and in a replay:
///   idf   = log2(1 + (N - n + 1/2) / (n + 1/2)), n of N documents have the term
///   score = sum of idf * w * 2.2 / (w + 1.2 * (0.75 + 0.25 * length / 300))
/// where w is the sum of the weights of the fields in which the term stands, once per occurrence.
/// A query that is exactly a title or an identifier puts its document before all others.
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pdx::catalog {

/// Weights: title 4, keywords, provider and columns 2, description 1, identifiers 4.
enum class SearchField { kTitle, kIdentifier, kKeywords, kProvider, kColumns, kDescription };

struct SearchDocument {
    struct Part {
        SearchField field;
        std::string text;
    };
    /// One part per title, identifier, keyword list, column name, column label and so on.
    std::vector<Part> parts;
    void add(SearchField field, std::string_view text) {
        parts.push_back({field, std::string(text)});
    }
};

struct TermWeight {
    std::string term;
    std::int64_t weight = 0;
    bool operator==(const TermWeight&) const = default;
};

/// A document is indexed under this many terms at most, the heaviest.
inline constexpr std::size_t kDocumentTermsMax = 4000;
/// Unit: bytes of folded text kept to verify phrases.
inline constexpr std::size_t kBodyBytesMax = 60000;

/// Ensures: sorted by term, each term once, weights positive.
std::vector<TermWeight> index_terms(const SearchDocument& document);
/// The sum of the weights before any was left out.
std::int64_t document_length(std::span<const TermWeight> terms);
/// Folded text of all parts, one per line, against which phrases are verified.
std::string document_body(const SearchDocument& document);

/// A query: words are ANDed, "..." is an exact phrase, -word and -"..." exclude.
struct SearchQuery {
    /// Unit: bytes and distinct terms; what is beyond is not looked at.
    static constexpr std::size_t kBytesMax = 1024;
    static constexpr std::size_t kTermsMax = 32;

    std::vector<std::string> required;  ///< distinct
    std::vector<std::string> boosts;    ///< joined tokens: they score, they need not match
    std::vector<std::vector<std::string>> excluded;  ///< a document with all terms of one is out
    std::vector<std::string> phrases;                ///< folded; each must stand in the body
    std::vector<std::string> excluded_phrases;
    std::string exact;  ///< the term of "this is exactly a title or an identifier"

    /// Never fails: any byte string is a query; one without a term finds nothing.
    static SearchQuery parse(std::string_view text);
    /// All terms whose postings rank() reads, each once.
    std::vector<std::string> terms() const;
    bool has_phrases() const { return !phrases.empty() || !excluded_phrases.empty(); }
    /// True when the body holds every phrase and no excluded one.
    bool phrases_hold(std::string_view body) const;
};

struct Posting {
    std::string document;
    std::int64_t weight = 0;
    std::int64_t length = 0;
};
using Postings = std::map<std::string, std::vector<Posting>, std::less<>>;

struct SearchHit {
    std::string document;
    std::int64_t score = 0;
    bool operator==(const SearchHit&) const = default;
};

enum class Match {
    kAll,   ///< every required term
    kMost,  ///< at least 60 % of them: what to try when kAll finds nothing
};

/// Ensures: by score, highest first, then by document, highest (newest) first. Phrases are not
/// verified here.
std::vector<SearchHit> rank(const SearchQuery& query, const Postings& postings,
                            std::int64_t document_count, Match match);

}  // namespace pdx::catalog
