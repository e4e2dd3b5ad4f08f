#include "catalog/search.h"

#include <string>
#include <vector>

#include "tests/support/catch.h"

using namespace pdx::catalog;

namespace {

using List = std::vector<std::string>;

/// An index of one-title documents named a, b, c, ...
struct Index {
    Postings postings;
    std::vector<std::string> bodies;

    void add(const SearchDocument& document) {
        const auto terms = index_terms(document);
        const std::string name(1, static_cast<char>('a' + bodies.size()));
        for (const auto& term : terms) {
            postings[term.term].push_back({name, term.weight, document_length(terms)});
        }
        bodies.push_back(document_body(document));
    }
    void add(std::string_view title, std::string_view description = "") {
        SearchDocument document;
        document.add(SearchField::kTitle, title);
        document.add(SearchField::kDescription, description);
        add(document);
    }
    List find(std::string_view text, Match match = Match::kAll) const {
        List found;
        for (const auto& hit : rank(SearchQuery::parse(text), postings,
                                    static_cast<std::int64_t>(bodies.size()), match)) {
            found.push_back(hit.document);
        }
        return found;
    }
};

}  // namespace

TEST_CASE("search: a document is indexed by the weights of its fields", "[catalog][search]") {
    SearchDocument document;
    document.add(SearchField::kTitle, "公交");
    document.add(SearchField::kDescription, "公交到站 bus");
    document.add(SearchField::kColumns, "bus_no");
    const auto terms = index_terms(document);
    const auto weight = [&](std::string_view term) {
        for (const auto& entry : terms) {
            if (entry.term == term) {
                return entry.weight;
            }
        }
        return std::int64_t{0};
    };
    CHECK(weight("公交") == 5);
    CHECK(weight("公") == 4);
    CHECK(weight("到站") == 1);
    CHECK(weight("到") == 0);
    CHECK(weight("bus") == 3);
    CHECK(weight("bus_no") == 2);
    CHECK(document_body(document) == "公交\n公交到站 bus\nbus_no\n");
    CHECK(std::is_sorted(terms.begin(), terms.end(),
                         [](const auto& a, const auto& b) { return a.term < b.term; }));
}

TEST_CASE("search: a query is words, phrases and exclusions", "[catalog][search]") {
    const auto query = SearchQuery::parse("企业登记 “Bus  Stop” -学籍 -\"old bus\" bus a-b-c");
    CHECK(query.required == List{"企业", "业登", "登记", "bus", "stop", "b", "c"});
    CHECK(query.boosts == List{"a-b-c"});
    CHECK(query.phrases == List{"bus stop"});
    CHECK(query.excluded == std::vector<List>{{"学籍"}});
    CHECK(query.excluded_phrases == List{"old bus"});
    CHECK(SearchQuery::parse("").terms().empty());
    CHECK(SearchQuery::parse("-bus").required.empty());
    CHECK(SearchQuery::parse("\"not closed").phrases == List{"not closed"});
    CHECK(SearchQuery::parse("- \" \" -").phrases.empty());
    CHECK(SearchQuery::parse(std::string(100000, 'x') + " y").required.size() == 1);
    std::string many;
    for (int word = 0; word < 200; ++word) {
        many += "w" + std::to_string(word) + " ";
    }
    CHECK(SearchQuery::parse(many).required.size() == SearchQuery::kTermsMax);
}

TEST_CASE("search: all words must match, and most of them when asked", "[catalog][search]") {
    Index index;
    index.add("企业登记基本信息", "enterprise register");
    index.add("公交线路站点", "bus routes");
    index.add("企业用水用电", "enterprise water");
    CHECK(index.find("企业") == List{"c", "a"});  // equal weight: the shorter document
    CHECK(index.find("企业 用水") == List{"c"});
    CHECK(index.find("企业 公交").empty());
    CHECK(index.find("企业 用水 基本", Match::kMost) == List{"c", "a"});
    CHECK(index.find("企业 公交 学籍", Match::kMost).empty());
    CHECK(index.find("enterprises -water") == List{"a"});
    CHECK(index.find("-企业").empty());
    CHECK(index.find("\xFF\xFE\x01").empty());
    CHECK(index.find("站") == List{"b"});
}

TEST_CASE("search: a title hit beats a description hit, the exact title beats all",
          "[catalog][search]") {
    Index index;
    index.add("停车场", "公交 公交");
    index.add("公交线路");
    index.add("公交公交公交公交");
    index.add("公交");
    CHECK(index.find("公交") == List{"d", "c", "b", "a"});
    CHECK(index.find("公交线路").front() == "b");
    CHECK(index.find("\"公交\"").front() == "d");
}

TEST_CASE("search: a rare word weighs more than a common one", "[catalog][search]") {
    Index index;
    for (int count = 0; count < 20; ++count) {
        index.add("data set number");
    }
    index.add("algae number");
    const auto found = index.find("set number algae", Match::kMost);
    REQUIRE(found.size() == 21);
    CHECK(found.front() == "u");
}

TEST_CASE("search: a phrase stands in the text as it is written", "[catalog][search]") {
    const auto holds = [](std::string_view query, std::string_view body) {
        return SearchQuery::parse(query).phrases_hold(body);
    };
    CHECK(holds("\"real time\"", "a real time feed"));
    CHECK_FALSE(holds("\"real time\"", "a real-time feed"));
    CHECK_FALSE(holds("\"bus\"", "business"));
    CHECK(holds("\"bus\"", "business bus"));
    CHECK(holds("\"业登\"", "企业登记"));
    CHECK(holds("-\"old bus\"", "new bus"));
    CHECK_FALSE(holds("-\"old bus\"", "an old bus"));
}
