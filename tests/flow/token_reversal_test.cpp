/// Tokens turned back over HTTP: asked for, approved by two, told once, kept out of every log.
#include <algorithm>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "marketplace/cli/exchange.h"
#include "marketplace/cli/open_database.h"
#include "privacy/number_token.h"
#include "tests/flow/support/captured_errors.h"
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

constexpr const char* kField = "legal_rep_id_no";

json token_rulings() {
    json ruled = SmallMarket::rulings();
    for (json& field : ruled.at("fields")) {
        if (field.at("name") == kField) field["operation"] = "token";
    }
    return ruled;
}

/// A column of a table whose fields have no quotes.
std::vector<std::string> column_of(const std::string& csv, const std::string& name) {
    std::istringstream lines(csv);
    std::string line;
    std::vector<std::string> values;
    std::optional<std::size_t> place;
    while (std::getline(lines, line)) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        std::istringstream fields(line);
        std::vector<std::string> row;
        for (std::string field; std::getline(fields, field, ',');) row.push_back(field);
        if (!place) {
            place = static_cast<std::size_t>(std::find(row.begin(), row.end(), name) - row.begin());
        } else {
            values.push_back(row.at(*place));
        }
    }
    return values;
}

struct Delivered {
    std::string contract;
    std::vector<std::string> tokens;
    std::vector<std::string> numbers;  ///< in the source, in no order of the tokens
};

Delivered play_delivery(const SmallMarket& market) {
    const std::string resource = market.draft_resource();
    const std::string rows = SmallMarket::rows(200);
    market.upload(resource, rows);
    market.submit(resource);
    market.pass_desk(resource);
    Delivered delivered{
        market.authorize(resource, json::object(), token_rulings()), {}, column_of(rows, kField)};
    const std::string order = market.order(market.list_product(delivered.contract));
    market.pay(order);
    const auto content =
        market.as("buyer").get("/api/v1/deliveries/" + market.deliver(order) + "/content");
    REQUIRE(content.status == 200);
    for (const std::string& token : column_of(content.body, kField)) {
        if (!token.empty()) delivered.tokens.push_back(token);
    }
    REQUIRE(delivered.tokens.size() > 100);
    return delivered;
}

void play_reversal(const SmallMarket& market, const Delivered& delivered) {
    const auto foreign =
        privacy::NumberToken(privacy::Kind::kResidentId, Bytes(32, 9), privacy::BlockCipher::kAes)
            .encode(delivered.numbers[0]);
    const json body = {{"contract_id", delivered.contract},
                       {"field", kField},
                       {"ground", "data_subject_request"},
                       {"reason", "当事人申请更正登记信息"},
                       {"tokens", {delivered.tokens[0], delivered.tokens[1], foreign.value()}}};
    const json asked = market.post("operator", "/token-reversals", body);
    CHECK(asked.at("state") == "requested");
    CHECK(asked.at("tokens") == body.at("tokens"));
    CHECK(asked.at("reason") == body.at("reason"));
    CHECK(asked.at("known_count").is_null());
    CHECK(asked.at("receipt").contains("index"));
    const std::string path = "/token-reversals/" + asked.at("token_reversal_id").get<std::string>();

    const json none = json::object();
    check_problem(market.send("operator", path + "/approval", none), 403, "permission.denied");
    check_problem(market.send("other_provider", path + "/approval", none), 404,
                  "token_reversal.not_found");
    check_problem(market.send("provider", path + "/disclosure", none), 409,
                  "token_reversal.transition");
    CHECK(market.post("provider", path + "/approval", none, 200).at("state") ==
          "provider_approved");
    check_problem(market.send("provider", path + "/approval", none), 409,
                  "token_reversal.transition");
    check_problem(market.send("provider", path + "/disclosure", none), 409,
                  "token_reversal.transition");
    CHECK(market.post("authority", path + "/approval", none, 200).at("state") == "approved");
    check_problem(market.send("authority", path + "/disclosure", none), 403, "permission.denied");

    HttpCall tell = post_call(path + "/disclosure", none);
    tell.headers.emplace_back("Idempotency-Key", "tell-once");
    const auto reply = market.as("provider").call(tell);
    REQUIRE(reply.status == 200);
    const json told = json::parse(reply.body);
    CHECK(told.at("known_count") == 2);
    CHECK(told.at("state") == "disclosed");
    REQUIRE(told.at("numbers").size() == 3);
    for (int i = 0; i < 2; ++i) {
        const auto number = told.at("numbers").at(static_cast<std::size_t>(i)).get<std::string>();
        CHECK(std::count(delivered.numbers.begin(), delivered.numbers.end(), number) == 1);
    }
    CHECK(told.at("numbers").at(2).is_null());
    const json again = json::parse(market.as("provider").call(tell).body);
    CHECK(again.at("numbers").is_null());
    CHECK(again.at("receipt").at("index") == told.at("receipt").at("index"));

    for (const char* reader : {"provider", "authority", "operator", "auditor"}) {
        const json seen = market.get(reader, path);
        CHECK(seen.at("tokens") == body.at("tokens"));
        CHECK_FALSE(seen.contains("numbers"));
        CHECK(market.get(reader, "/token-reversals").at("items").size() == 1);
    }
    check_problem(market.as("buyer").get("/api/v1" + path), 404, "token_reversal.not_found");
    CHECK(market.get("buyer", "/token-reversals").at("items").empty());
}

void check_bad_requests(const SmallMarket& market, const Delivered& delivered) {
    const json good = {{"contract_id", delivered.contract},
                       {"field", kField},
                       {"ground", "dispute"},
                       {"reason", "x"},
                       {"tokens", {delivered.tokens[0]}}};
    const auto refused = [&](const char* member, const json& value, const std::string& code) {
        json body = good;
        body[member] = value;
        return check_problem(market.send("provider", "/token-reversals", body), 422, code);
    };
    refused("ground", "curiosity", "request.invalid");
    refused("tokens", json::array(), "request.invalid");
    refused("tokens", json::array({std::string(40, '1')}), "request.invalid");
    refused("reason", "", "request.invalid");
    refused("field", "ent_name", "token_reversal.field");
    const json problem =
        refused("tokens", json::array({delivered.numbers[0]}), "token_reversal.token");
    CHECK(problem.dump().find(delivered.numbers[0]) == std::string::npos);
    CHECK(problem.dump().find("/tokens/0") != std::string::npos);

    const json asked = market.post("provider", "/token-reversals", good);
    const std::string path = "/token-reversals/" + asked.at("token_reversal_id").get<std::string>();
    const json refusal =
        market.post("authority", path + "/refusal", {{"reason", "请先走争议程序"}}, 200);
    CHECK(refusal.at("state") == "refused");
    CHECK(refusal.at("refusal_reason") == "请先走争议程序");
    check_problem(market.send("authority", path + "/approval", json::object()), 409,
                  "token_reversal.transition");
}

}  // namespace

TEST_CASE("token reversal: asked for, approved by two and told once over HTTP, on each database",
          "[flow][token_reversal][mysql]") {
    const bool server = GENERATE(false, true);
    const test::CapturedErrors errors;
    const test::TempFolder folder("pdx-reversal");
    cli::Settings settings = test::quiet_settings(folder.path() / "data");
    if (server) settings.database = test::MariaDb::shared().new_url();
    settings.quiet_log = false;  // it must hold no token
    auto exchange = std::make_unique<cli::Exchange>(settings);
    SmallMarket market(exchange->port(), exchange->first_token().value(), settings.origin);
    market.register_cast();
    const Delivered delivered = play_delivery(market);
    play_reversal(market, delivered);
    check_bad_requests(market, delivered);
    test::check_replay(cli::database_url(settings.data, settings.database));
    exchange.reset();  // it writes the line of a request behind its answer
    const std::string log = errors.text();
    CHECK(log.find("/api/v1/token-reversals") != std::string::npos);
    for (const auto* secrets : {&delivered.tokens, &delivered.numbers}) {
        for (const std::string& secret : *secrets) {
            if (secret.empty()) continue;
            CHECK(log.find(secret) == std::string::npos);
        }
    }
}
