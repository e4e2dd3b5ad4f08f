#include "catalog/search.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <unordered_map>

#include "base/ascii.h"
#include "base/bytes.h"
#include "base/crypto.h"
#include "catalog/tokenizer.h"

namespace pdx::catalog {
namespace {

constexpr std::int64_t kTypicalLength = 300;
/// Above every sum of term scores: at most 32 terms of less than 2^30 each.
constexpr std::int64_t kExactScore = std::int64_t{1} << 40;

std::int64_t weight_of(SearchField field) {
    switch (field) {
        case SearchField::kTitle:
        case SearchField::kIdentifier: return 4;
        case SearchField::kKeywords:
        case SearchField::kProvider:
        case SearchField::kColumns: return 2;
        case SearchField::kDescription: return 1;
    }
    return 1;
}

bool is_exact_field(SearchField field) {
    return field == SearchField::kTitle || field == SearchField::kIdentifier;
}

Granularity granularity_of(SearchField field) {
    return field == SearchField::kTitle || field == SearchField::kKeywords
               ? Granularity::kPairsAndSingles
               : Granularity::kPairs;
}

/// '=' begins no token, so this cannot meet one; hashed because a title may be long.
std::string exact_term(std::string_view folded_text) {
    return "=" + to_hex(sha256(folded_text).view().first(16));
}

/// Unit: 1/256 of a bit. Requires: value > 0.
std::int64_t log2_fixed(std::uint64_t value) {
    const int whole = static_cast<int>(std::bit_width(value)) - 1;
    // Mantissa in [1, 2) with 31 fraction bits; each squaring yields one more bit of the logarithm.
    std::uint64_t mantissa = whole >= 31 ? value >> (whole - 31) : value << (31 - whole);
    std::int64_t fraction = 0;
    for (int bit = 0; bit < 8; ++bit) {
        mantissa = mantissa * mantissa >> 31U;
        fraction <<= 1;
        if (mantissa >= std::uint64_t{1} << 32U) {
            mantissa >>= 1U;
            fraction |= 1;
        }
    }
    return std::int64_t{whole} * 256 + fraction;
}

std::int64_t rarity(std::int64_t document_count, std::int64_t with_term) {
    const auto all = static_cast<std::uint64_t>(std::max(document_count, with_term));
    const auto some = static_cast<std::uint64_t>(with_term);
    constexpr unsigned kShift = 16;
    const std::uint64_t ratio = ((2 * (all - some) + 1) << kShift) / (2 * some + 1);
    return log2_fixed(ratio + (1U << kShift)) - std::int64_t{kShift} * 256;
}

std::int64_t term_score(std::int64_t rarity_value, const Posting& posting) {
    const std::int64_t weight = std::clamp<std::int64_t>(posting.weight, 1, 100000);
    const std::int64_t length = std::clamp<std::int64_t>(posting.length, 1, 10000000);
    const std::int64_t norm =
        900 + 300 * length / kTypicalLength;  // 1.2 * (0.75 + 0.25 l/t), x1000
    return rarity_value * weight * 2200 * 16 / (1000 * weight + norm);
}

bool is_word_byte(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// As text, but "bus" does not stand in "business".
bool stands_in(std::string_view phrase, std::string_view body) {
    for (std::size_t at = body.find(phrase); at != std::string_view::npos;
         at = body.find(phrase, at + 1)) {
        const std::size_t end = at + phrase.size();
        const bool cut_before = at > 0 && is_word_byte(body[at - 1]) && is_word_byte(body[at]);
        const bool cut_after =
            end < body.size() && is_word_byte(body[end]) && is_word_byte(body[end - 1]);
        if (!cut_before && !cut_after) {
            return true;
        }
    }
    return false;
}

struct Clause {
    std::string_view text;
    bool phrase = false;
    bool negated = false;
};

/// Cuts folded text into clauses. A quote that is not closed runs to the end.
std::vector<Clause> clauses_of(std::string_view text) {
    std::vector<Clause> clauses;
    std::size_t at = 0;
    while (at < text.size()) {
        if (text[at] == ' ') {
            ++at;
            continue;
        }
        Clause clause;
        if (text[at] == '-' && at + 1 < text.size() && text[at + 1] != ' ') {
            clause.negated = true;
            ++at;
        }
        clause.phrase = text[at] == '"';
        at += clause.phrase ? 1 : 0;
        const std::size_t end = std::min(
            clause.phrase ? text.find('"', at) : text.find_first_of(" \"", at), text.size());
        clause.text = text.substr(at, end - at);
        at = end + (clause.phrase ? 1 : 0);
        clauses.push_back(clause);
    }
    return clauses;
}

void add_once(std::vector<std::string>& terms, const std::string& term) {
    if (terms.size() < SearchQuery::kTermsMax &&
        std::find(terms.begin(), terms.end(), term) == terms.end()) {
        terms.push_back(term);
    }
}

struct Candidate {
    std::int64_t score = 0;
    std::size_t matched = 0;
    bool exact = false;
};

}  // namespace

std::vector<TermWeight> index_terms(const SearchDocument& document) {
    std::map<std::string, std::int64_t> weights;
    for (const auto& part : document.parts) {
        const std::int64_t weight = weight_of(part.field);
        for (auto& token : tokenize(part.text, granularity_of(part.field))) {
            weights[std::move(token.text)] += weight;
        }
        if (is_exact_field(part.field) && !part.text.empty()) {
            weights[exact_term(fold(part.text))] += weight;
        }
    }
    std::vector<TermWeight> terms;
    terms.reserve(weights.size());
    for (auto& [term, weight] : weights) {
        terms.push_back({term, weight});
    }
    if (terms.size() > kDocumentTermsMax) {
        std::stable_sort(terms.begin(), terms.end(),
                         [](const auto& a, const auto& b) { return a.weight > b.weight; });
        terms.resize(kDocumentTermsMax);
        std::sort(terms.begin(), terms.end(),
                  [](const auto& a, const auto& b) { return a.term < b.term; });
    }
    return terms;
}

std::int64_t document_length(std::span<const TermWeight> terms) {
    std::int64_t length = 0;
    for (const auto& term : terms) {
        length += term.weight;
    }
    return length;
}

std::string document_body(const SearchDocument& document) {
    std::string body;
    for (const auto& part : document.parts) {
        const std::string text = fold(part.text);
        if (body.size() + text.size() + 1 > kBodyBytesMax) {
            break;
        }
        body += text;
        body += '\n';
    }
    return body;
}

SearchQuery SearchQuery::parse(std::string_view text) {
    const std::string folded_text = fold(text.substr(0, kBytesMax));
    SearchQuery query;
    for (const auto& clause : clauses_of(folded_text)) {
        std::vector<std::string> terms;
        for (const auto& token : tokenize(clause.text, Granularity::kPairs)) {
            if (token.joined && !clause.negated) {
                add_once(query.boosts, token.text);
            } else if (!token.joined) {
                add_once(clause.negated ? terms : query.required, token.text);
            }
        }
        const std::string phrase(trimmed(clause.text));
        if (clause.phrase && !phrase.empty()) {
            (clause.negated ? query.excluded_phrases : query.phrases).push_back(phrase);
        } else if (!terms.empty() && query.excluded.size() < kTermsMax) {
            query.excluded.push_back(std::move(terms));
        }
    }
    std::string plain = folded_text;
    std::erase(plain, '"');
    query.exact = plain.empty() ? "" : exact_term(trimmed(plain));
    return query;
}

std::vector<std::string> SearchQuery::terms() const {
    std::vector<std::string> all = required;
    all.insert(all.end(), boosts.begin(), boosts.end());
    for (const auto& clause : excluded) {
        all.insert(all.end(), clause.begin(), clause.end());
    }
    if (!exact.empty()) {
        all.push_back(exact);
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

bool SearchQuery::phrases_hold(std::string_view body) const {
    const auto stands = [&](const std::string& phrase) { return stands_in(phrase, body); };
    return std::all_of(phrases.begin(), phrases.end(), stands) &&
           std::none_of(excluded_phrases.begin(), excluded_phrases.end(), stands);
}

std::vector<SearchHit> rank(const SearchQuery& query, const Postings& postings,
                            std::int64_t document_count, Match match) {
    std::unordered_map<std::string_view, Candidate> candidates;
    const auto for_each = [&](const std::string& term, const auto& visit) {
        const auto found = postings.find(term);
        if (found != postings.end() && !found->second.empty()) {
            const auto count = static_cast<std::int64_t>(found->second.size());
            const std::int64_t rarity_value = rarity(document_count, count);
            for (const auto& posting : found->second) {
                visit(posting, term_score(rarity_value, posting));
            }
        }
    };
    for (const auto& term : query.required) {
        for_each(term, [&](const Posting& posting, std::int64_t score) {
            auto& candidate = candidates[posting.document];
            candidate.score += score;
            ++candidate.matched;
        });
    }
    for_each(query.exact, [&](const Posting& posting, std::int64_t) {
        candidates[posting.document].exact = true;
    });
    for (const auto& term : query.boosts) {
        for_each(term, [&](const Posting& posting, std::int64_t score) {
            const auto found = candidates.find(posting.document);
            if (found != candidates.end()) {
                found->second.score += score;
            }
        });
    }
    for (const auto& clause : query.excluded) {
        std::unordered_map<std::string_view, std::size_t> matched;
        for (const auto& term : clause) {
            for_each(term, [&](const Posting& posting, std::int64_t) {
                if (++matched[posting.document] == clause.size()) {
                    candidates.erase(posting.document);
                }
            });
        }
    }
    const std::size_t wanted =
        match == Match::kAll ? query.required.size() : (query.required.size() * 6 + 9) / 10;
    std::vector<SearchHit> hits;
    for (const auto& [document, candidate] : candidates) {
        if (candidate.exact || candidate.matched >= std::max<std::size_t>(wanted, 1)) {
            hits.push_back(
                {std::string(document), candidate.score + (candidate.exact ? kExactScore : 0)});
        }
    }
    std::sort(hits.begin(), hits.end(), [](const auto& a, const auto& b) {
        return a.score != b.score ? a.score > b.score : a.document > b.document;
    });
    return hits;
}

}  // namespace pdx::catalog
