#include "catalog/store/search_store.h"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "sql/migrate.h"
#include "sql/sql.h"
#include "tests/support/catch.h"
#include "tests/support/places.h"

using namespace pdx;
using namespace pdx::catalog;

namespace {

constexpr Timestamp kNow{1'772'323'200'000'000};
const std::vector<std::string> kVisible{"active", "notice"};

/// The demo city, indexed as the exchange indexes it.
struct City {
    std::unique_ptr<sql::Database> database = sql::open_database("sqlite::memory:");
    std::unique_ptr<sql::Connection> connection = database->open();
    RandomIdSource ids;
    SearchStore store{*connection};
    std::map<std::string, int> asset_of;
    std::map<int, ResourceId> id_of;

    City() {
        sql::migrate(*connection, sql::embedded_schema(), kNow);
        std::ifstream file(test::source_folder() / "marketplace/demo/seed_assets.json");
        const auto seed = nlohmann::json::parse(file);
        for (const auto& asset : seed.at("assets")) {
            const auto text = [&](const char* member) {
                return asset.at(member).get<std::string>();
            };
            SearchDocument document;
            document.add(SearchField::kTitle, text("title_zh"));
            document.add(SearchField::kTitle, text("title_en"));
            document.add(SearchField::kIdentifier, text("demo_catalog_id"));
            document.add(SearchField::kProvider, text("dept_zh"));
            document.add(SearchField::kProvider, text("dept_en"));
            document.add(SearchField::kKeywords, text("topic"));
            for (const auto& field : asset.at("fields")) {
                document.add(SearchField::kColumns, field.at("name").get<std::string>());
                document.add(SearchField::kColumns, field.at("zh").get<std::string>());
            }
            document.add(SearchField::kDescription, text("desc_zh"));
            const auto id = ids.make<ResourceTag>(kNow);
            store.upsert(id, "active", document);
            asset_of[id.text()] = asset.at("no").get<int>();
            id_of.emplace(asset.at("no").get<int>(), id);
        }
    }

    SearchPage page(std::string_view text) { return store.search({text, kVisible, 20, {}}); }
    std::vector<int> find(std::string_view text) {
        std::vector<int> numbers;
        for (const auto& hit : page(text).hits) {
            numbers.push_back(asset_of.at(hit.resource.text()));
        }
        return numbers;
    }
    int first(std::string_view text) {
        const auto numbers = find(text);
        return numbers.empty() ? 0 : numbers.front();
    }
};

}  // namespace

TEST_CASE_METHOD(City, "search store: every statement prepares", "[catalog][search_store]") {
    for (const auto& query : search_queries()) {
        INFO(query.name);
        CHECK_NOTHROW(connection->prepare(query));
    }
}

TEST_CASE_METHOD(City, "search store: people find what they mean first",
                 "[catalog][search_store]") {
    // What a person types, and the asset that must come first.
    const std::vector<std::pair<std::string, int>> judged{
        {"企业登记", 1},
        {"enterprise register", 1},
        {"Enterprise registration register", 1},
        {"企业登记基本信息", 1},
        {"320200WXSCJG/D000001C5", 1},
        {"320200wxscjg/d000001c5", 1},
        {"法定代表人", 1},
        {"个体工商户", 2},
        {"sole trader", 2},
        {"行政处罚", 3},
        {"penalties", 3},
        {"参保", 4},
        {"社会保险 个人", 5},
        {"公积金", 6},
        {"housing fund", 6},
        {"不动产", 7},
        {"抵押", 7},
        {"医保", 8},
        {"门急诊", 9},
        {"hospital", 9},
        {"公交", 10},
        {"公交到站", 10},
        {"bus", 10},
        {"buses", 10},
        {"bus stop", 10},
        {"地铁", 11},
        {"metro", 11},
        {"号牌", 12},
        {"checkpoint", 12},
        {"停车", 13},
        {"parking", 13},
        {"泊位", 13},
        {"太湖", 14},
        {"PM2.5", 14},
        {"water quality", 14},
        {"叶绿素", 14},
        {"水位", 15},
        {"rainfall", 15},
        {"气象", 16},
        {"weather", 16},
        {"用水用电", 17},
        {"electricity", 17},
        {"集成电路", 18},
        {"产业链", 18},
        {"景区", 19},
        {"学籍", 20},
        {"pupil", 20},
    };
    for (const auto& [query, asset] : judged) {
        INFO(query);
        CHECK(first(query) == asset);
    }
    const auto enterprise = find("enterprise");
    CHECK(enterprise.size() >= 3);
    for (const int asset : {1, 17, 18}) {
        CHECK(std::find(enterprise.begin(), enterprise.begin() + 3, asset) !=
              enterprise.begin() + 3);
    }
    CHECK(find("企业").size() >= 4);
    CHECK(find("车").size() >= 1);  // one character, in a title
}

TEST_CASE_METHOD(City, "search store: phrases, exclusions and most-of-the-words",
                 "[catalog][search_store]") {
    CHECK(find("\"real-time arrivals\"") == std::vector<int>{10});
    CHECK(find("\"arrivals real-time\" bus").front() == 10);
    CHECK(page("\"arrivals real-time\"").relaxed);
    const auto all = find("企业");
    const auto less = find("企业 -用水");
    CHECK(less.size() == all.size() - 1);
    CHECK(std::find(less.begin(), less.end(), 17) == less.end());
    CHECK(find("公交 -\"公交线路\"").empty());
    const auto relaxed = page("公交 到站 学籍");
    CHECK(relaxed.relaxed);
    CHECK(relaxed.total >= 1);
    CHECK_FALSE(page("公交").relaxed);
    CHECK(find("there is no such thing zzz").empty());
}

TEST_CASE_METHOD(City, "search store: what is not visible is not found and not counted",
                 "[catalog][search_store]") {
    store.set_state(id_of.at(10), "draft");
    CHECK(page("公交").total == 0);
    CHECK(page("320200WXJT/D0000107U").total == 0);
    const std::vector<std::string> drafts{"draft"};
    CHECK(store.search({"公交", drafts, 20, {}}).total == 1);
    CHECK(store.search({"公交", {}, 20, {}}).total == 0);
    store.set_state(id_of.at(10), "notice");
    CHECK(first("公交") == 10);
    store.remove(id_of.at(10));
    CHECK(page("公交").total == 0);
    store.remove(id_of.at(10));
    store.set_state(id_of.at(10), "active");
    CHECK(page("公交").total == 0);
}

TEST_CASE_METHOD(City, "search store: a changed document is found by its new words only",
                 "[catalog][search_store]") {
    SearchDocument document;
    document.add(SearchField::kTitle, "共享单车停放区");
    store.upsert(id_of.at(10), "active", document);
    CHECK(page("公交").total == 0);
    CHECK(first("单车") == 10);
}

TEST_CASE_METHOD(City, "search store: pages follow each other without gap or repeat",
                 "[catalog][search_store]") {
    const auto whole = page("无锡市").hits;
    REQUIRE(whole.size() > 10);
    std::vector<ResourceHit> together;
    std::optional<SearchCursor> after;
    do {
        const auto part = store.search({"无锡市", kVisible, 3, after});
        CHECK(part.hits.size() <= 3);
        CHECK(part.total == static_cast<std::int64_t>(whole.size()));
        together.insert(together.end(), part.hits.begin(), part.hits.end());
        after = part.next ? SearchCursor::parse(part.next->text()) : std::nullopt;
    } while (after);
    CHECK(together == whole);
}

TEST_CASE("search store: a cursor is parsed whole or not at all", "[catalog][search_store]") {
    const std::string id = "019ca6b1-dc00-7001-9bf4-444014b5b396";
    REQUIRE(SearchCursor::parse("12." + id));
    CHECK(SearchCursor::parse("12." + id)->score == 12);
    for (const std::string& text : {std::string(), std::string("12"), "." + id, "-1." + id,
                                    "1x." + id, "99999999999999999999." + id, "12." + id + "0"}) {
        INFO(text);
        CHECK_FALSE(SearchCursor::parse(text));
    }
}

TEST_CASE_METHOD(City, "search store: any bytes are a query", "[catalog][search_store]") {
    const unsigned seed = std::random_device{}();
    std::cout << "search seed " << seed << "\n";
    std::mt19937 engine(seed);
    const std::string alphabet = "\"-a %_'\\;/企公";
    for (int round = 0; round < 300; ++round) {
        std::string text(engine() % 60, '\0');
        for (char& c : text) {
            c = engine() % 3 == 0 ? static_cast<char>(engine())
                                  : alphabet[engine() % alphabet.size()];
        }
        CHECK_NOTHROW(page(text));
    }
}
