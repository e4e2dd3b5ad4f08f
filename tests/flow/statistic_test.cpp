/// Statistics with noise over HTTP: granted, asked, answered, asked again, spent, replayed.
#include <cstdlib>
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
using test::HttpCall;
using test::json;
using test::post_call;
using test::SmallMarket;

namespace {

json status_query() {
    return {{"format", "pdx-statistic-1"},
            {"measure", "histogram"},
            {"groups", {{"column", "reg_status"}, {"unknown", true}}},
            {"subject", "legal_rep_id_no"},
            {"rows_per_person", 1},
            {"groups_per_person", 1},
            {"privacy",
             {{"mechanism", "laplace"},
              {"epsilon_millionths", 2'000'000},
              {"delta_trillionths", 1'000'000}}}};
}

/// From the grant to a spent budget. Returns: the contract.
std::string play_statistics(const SmallMarket& market) {
    const std::string resource = market.draft_resource();
    market.upload(resource, SmallMarket::rows(400));
    market.submit(resource);
    market.pass_desk(resource);
    const std::string contract = market.authorize(
        resource,
        {{"risk", {{"k_min", 2}, {"subject", "legal_rep_id_no"}}},
         {"statistics", {{"epsilon_millionths", 3'000'000}, {"delta_trillionths", 1'000'000}}}});
    const std::string path = "/contracts/" + contract + "/statistics";
    const json granted = market.get("operator", "/contracts/" + contract).at("statistics");
    CHECK(granted.at("epsilon_millionths") == 3'000'000);
    CHECK(granted.at("rho_millionths") == 0);

    const json answer = market.post("operator", path, status_query());
    CHECK(answer.at("state") == "answered");
    const json& cells = answer.at("answer").at("cells");
    REQUIRE_FALSE(cells.empty());
    std::int64_t sum = 0;
    for (const json& cell : cells) sum += std::stoll(cell.at("value").get<std::string>());
    CHECK(sum > 100);
    CHECK(sum < 500);
    CHECK(answer.at("answer").at("query") == answer.at("query_digest"));

    // The members of the question in another order and a key: the same answer, and no entry.
    const std::uint64_t size = market.log_size();
    HttpCall again = post_call(path, status_query());
    again.headers.emplace_back("Idempotency-Key", "statistic-again");
    const auto reply = market.as("operator").call(again);
    REQUIRE(reply.status == 201);
    json repeated = json::parse(reply.body);
    CHECK(repeated.at("answer") == answer.at("answer"));
    CHECK(repeated.at("receipt").at("index") == answer.at("receipt").at("index"));
    CHECK(market.log_size() == size);

    json more = status_query();
    more["privacy"]["epsilon_millionths"] = 1'000'001;
    check_problem(market.send("operator", path, more), 409, "statistic.budget_spent");
    more["rows_per_person"] = 1001;
    check_problem(market.send("operator", path, more), 422, "request.invalid");
    more["rows_per_person"] = 1;
    more["groups"] = nullptr;
    check_problem(market.send("operator", path, more), 422, "request.invalid");
    more.erase("groups");
    const json problem = check_problem(market.send("operator", path, more), 422, "statistic.query");
    CHECK(problem.dump().find("/groups") != std::string::npos);

    const json list = market.get("authority", path);
    CHECK(list.at("items").size() == 1);
    CHECK(list.at("budget").at("contract").at("spent").at("epsilon_millionths") == 2'000'000);
    CHECK(list.at("budget").at("resource").at("limit").at("epsilon_millionths") == 10'000'000);
    const std::string id = answer.at("statistic_id");
    CHECK(market.get("provider", "/statistics/" + id).at("answer") == answer.at("answer"));
    check_problem(market.as("other_operator").get("/api/v1/statistics/" + id), 404,
                  "statistic.not_found");
    return contract;
}

}  // namespace

TEST_CASE("statistic: granted, asked, answered and spent over HTTP, on each database",
          "[flow][statistic][mysql]") {
    const bool server = GENERATE(false, true);
    const test::TempFolder folder("pdx-statistic");
    cli::Settings settings = test::quiet_settings(folder.path() / "data");
    if (server) settings.database = test::MariaDb::shared().new_url();
    const cli::Exchange exchange(settings);
    SmallMarket market(exchange.port(), exchange.first_token().value(), settings.origin);
    market.register_cast();
    const std::string contract = play_statistics(market);
    market.pay(market.order(market.list_product(contract)));
    test::check_replay(cli::database_url(settings.data, settings.database));
}
