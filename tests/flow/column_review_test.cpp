/// What a person has to look at, over HTTP: an uncertain table, its queue, what is refused until
/// somebody has decided, and the same story from the ledger alone.
#include <algorithm>
#include <set>
#include <sstream>
#include <string>

#include "marketplace/cli/exchange.h"
#include "marketplace/cli/open_database.h"
#include "tests/flow/support/live_market.h"
#include "tests/flow/support/replay_check.h"
#include "tests/support/catch.h"
#include "tests/support/mariadb.h"
#include "tests/support/quiet_settings.h"
#include "tests/support/temp_folder.h"

using namespace pdx;
using test::check_problem;
using test::json;
using test::post_call;
using test::SmallMarket;

namespace {

const std::string kQueue = "/column-reviews";
const std::set<std::string> kWaiting{"reg_authority", "reg_capital_fen"};

std::string unreadable(std::uint64_t number) {
    return "k" + std::to_string(number * 7'919 % 100'003) + "/" + std::to_string(number % 7);
}

/// The register with two columns of which two values in three are not what the name says: nothing
/// decides the capital, and the authority is one with little confidence.
std::string uncertain_rows(std::uint64_t count) {
    constexpr std::size_t kCapital = 6;
    constexpr std::size_t kAuthority = 12;
    std::istringstream rows(SmallMarket::rows(count));
    std::string changed;
    std::uint64_t number = 0;
    for (std::string line; std::getline(rows, line); ++number) {
        std::istringstream cells(line);
        std::string cell;
        for (std::size_t column = 0; std::getline(cells, cell, ','); ++column) {
            const bool is_spoilt = number % 3 != 0 && (column == kCapital || column == kAuthority);
            changed += (column == 0 ? "" : ",") + (is_spoilt ? unreadable(number) : cell);
        }
        changed += '\n';
    }
    return changed;
}

json upload_unreviewed(const SmallMarket& market, const std::string& resource, std::string csv) {
    const auto reply =
        market.as("provider").call(SmallMarket::upload_call(resource, std::move(csv)));
    INFO(reply.body);
    REQUIRE(reply.status == 201);
    return json::parse(reply.body);
}

std::set<std::string> waiting_in(const json& dataset) {
    std::set<std::string> names;
    for (const json& column : dataset.at("columns")) {
        if (column.at("review") == "waiting") names.insert(column.at("name"));
    }
    return names;
}

std::set<std::string> columns_in(const json& queue) {
    std::set<std::string> names;
    for (const json& item : queue.at("items")) names.insert(item.at("column"));
    return names;
}

/// Everything that waits, one item a page, as `alias` sees it.
std::set<std::string> paged_columns(const SmallMarket& market, const std::string& alias) {
    std::set<std::string> names;
    std::string path = kQueue + "?limit=1";
    while (true) {
        const json page = market.get(alias, path);
        REQUIRE(page.at("items").size() <= 1);
        names.merge(columns_in(page));
        if (page.at("next").is_null()) return names;
        path = kQueue + "?limit=1&cursor=" + page.at("next").get<std::string>();
    }
}

void check_item(const json& item, const json& dataset) {
    INFO(item.dump());
    CHECK(item.at("dataset_id") == dataset.at("dataset_id"));
    CHECK(item.at("resource_id") == dataset.at("resource_id"));
    CHECK(item.at("version") == dataset.at("version"));
    CHECK_FALSE(item.at("advice_zh").get<std::string>().empty());
    CHECK_FALSE(item.at("advice_en").get<std::string>().empty());
    CHECK(item.dump().find(unreadable(1)) == std::string::npos);
    CHECK(item.dump().find("市场监督管理局") == std::string::npos);
    for (const json& column : dataset.at("columns")) {
        if (column.at("name") != item.at("column")) continue;
        CHECK(column.at("review") == "waiting");
        for (const char* member : {"class", "kind", "confidence_bp", "evidence"}) {
            CHECK(column.at(member) == item.at(member));
        }
    }
}

void check_queues(const SmallMarket& market, const json& dataset) {
    REQUIRE(waiting_in(dataset) == kWaiting);
    for (const char* alias : {"provider", "auditor", "authority", "admin"}) {
        INFO(alias);
        const json queue = market.get(alias, kQueue);
        CHECK(columns_in(queue) == kWaiting);
        CHECK(queue.at("items").size() == kWaiting.size());
        for (const json& item : queue.at("items")) check_item(item, dataset);
    }
    CHECK(paged_columns(market, "provider") == kWaiting);
    CHECK(paged_columns(market, "auditor") == kWaiting);
    for (const char* alias : {"other_provider", "operator", "buyer"}) {
        INFO(alias);
        CHECK(market.get(alias, kQueue).at("items").empty());
    }
    check_problem(market.as("").get("/api/v1" + kQueue), 401, "token.missing");
    check_problem(market.as("provider").get("/api/v1" + kQueue + "?cursor=AAAA"), 422,
                  "cursor.invalid");
}

json decide(const SmallMarket& market, const json& dataset, const std::string& column,
            const std::string& found) {
    return market.post("provider",
                       "/datasets/" + dataset.at("dataset_id").get<std::string>() + "/columns/" +
                           column + "/class",
                       {{"class", found}}, 200);
}

/// Whoever looks sees sums and an authority.
void look_at(const SmallMarket& market, const json& dataset) {
    for (const std::string& column : waiting_in(dataset)) {
        decide(market, dataset, column, "non_personal");
    }
}

/// A resource in force whose first data waited, too. Returns: its id.
std::string registered_resource(const SmallMarket& market) {
    const std::string resource = market.draft_resource();
    const json first = upload_unreviewed(market, resource, uncertain_rows(90));
    const std::string submission = "/resources/" + resource + "/submission";
    REQUIRE(waiting_in(first) == kWaiting);
    check_problem(market.send("provider", submission, {{"internally_reviewed", true}}), 409,
                  "registration.incomplete");
    look_at(market, first);
    CHECK(market.get("provider", kQueue).at("items").empty());
    market.submit(resource);
    market.pass_desk(resource);
    return resource;
}

void play_review(const SmallMarket& market) {
    const std::string resource = registered_resource(market);
    const std::string contract = market.authorize(resource);
    const std::string order = market.order(market.list_product(contract));
    market.pay(order);

    // Two more versions; what waits of the older one nobody has to look at any more.
    upload_unreviewed(market, resource, uncertain_rows(300));
    const json dataset = upload_unreviewed(market, resource, uncertain_rows(200));
    const std::string id = dataset.at("dataset_id");
    check_queues(market, dataset);
    const std::string path = "/orders/" + order + "/deliveries";
    check_problem(market.send("operator", path, json::object()), 409,
                  "delivery.column_unclassified");
    // Nor does anybody get a new contract about it.
    const json refused =
        market.post("operator", "/applications", SmallMarket::application_body(resource));
    CHECK(refused.at("state") == "refused");
    CHECK(refused.dump().find("admission.field_unclassified") != std::string::npos);

    const std::string decision = "/datasets/" + id + "/columns/reg_authority/class";
    check_problem(market.send("other_provider", decision, {{"class", "sensitive"}}), 404,
                  "dataset.not_found");
    check_problem(market.send("auditor", decision, {{"class", "sensitive"}}), 403,
                  "permission.denied");
    const json confirmed = decide(market, dataset, "reg_authority", "non_personal");
    CHECK(waiting_in(confirmed) == std::set<std::string>{"reg_capital_fen"});
    check_problem(market.send("operator", path, json::object()), 409,
                  "delivery.column_unclassified");
    look_at(market, confirmed);
    CHECK(market.get("provider", kQueue).at("items").empty());
    CHECK(waiting_in(market.get("provider", "/datasets/" + id)).empty());
    check_problem(market.send("provider", "/datasets/" + id + "/columns/dom_address/class",
                              {{"class", "non_personal"}}),
                  409, "column.laxer");
    const std::string delivery = market.deliver(order);
    const auto content = market.as("buyer").get("/api/v1/deliveries/" + delivery + "/content");
    REQUIRE(content.status == 200);
    CHECK(content.body.find(unreadable(1)) != std::string::npos);
}

}  // namespace

TEST_CASE("column review: what is uncertain waits in a queue and is delivered when it is confirmed",
          "[flow][column_review][mysql]") {
    const bool server = GENERATE(false, true);
    const test::TempFolder folder("pdx-review");
    cli::Settings settings = test::quiet_settings(folder.path() / "data");
    if (server) settings.database = test::MariaDb::shared().new_url();
    const cli::Exchange exchange(settings);
    SmallMarket market(exchange.port(), exchange.first_token().value(), settings.origin);
    market.register_cast();
    play_review(market);
    test::check_replay(cli::database_url(settings.data, settings.database));
}
