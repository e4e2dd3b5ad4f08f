/// Private texts over HTTP: said, shown, disclosed, checked offline, erased, and gone for good.
#include <array>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "ledger/verify_command.h"
#include "marketplace/http/handlers/private_part_routes.h"
#include "tests/flow/support/captured_errors.h"
#include "tests/flow/support/live_market.h"
#include "tests/flow/support/restartable_market.h"
#include "tests/support/catch.h"

using namespace pdx;
using test::CapturedErrors;
using test::check_problem;
using test::HttpCall;
using test::json;
using test::post_call;
using test::RawReply;
using test::SmallMarket;

namespace {

const std::string kWords = "联系人王某，电话一三八零零零零一二三四，核验其贷款资格";
const std::string kReference = "6222020200112233445";

std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

struct Restartable : test::RestartableMarket {
    /// Names of files in the data folder, the keys' apart, in which the text stands.
    std::vector<std::string> files_with(const std::string& text) const {
        std::vector<std::string> found;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(settings.data)) {
            if (!entry.is_regular_file()) continue;
            if (bytes_of(entry.path()).find(text) != std::string::npos) {
                found.push_back(entry.path().filename().string());
            }
        }
        return found;
    }

    json place(const std::string& purpose) const {
        return market->post("buyer", "/orders", {{"listing_id", listing}, {"purpose", purpose}});
    }

    static HttpCall erasure(const std::string& commitment, const std::string& reason) {
        return post_call("/private-parts/" + commitment + "/erasure", {{"reason", reason}});
    }
    RawReply erase(const std::string& alias, const std::string& commitment,
                   const std::string& reason = "data_subject_request") const {
        return market->as(alias).call(erasure(commitment, reason));
    }

    int verify(const json& disclosure) const {
        const std::string file = folder.path() / "disclosure.json";
        std::ofstream(file) << disclosure.dump(2);
        std::ostringstream out;
        std::ostringstream err;
        const std::string key = exchange->vkey();
        const std::array<std::string_view, 4> args{"disclosure", file, "--key", key};
        const auto exit = ledger::run_verify(args, out, err, false);
        CHECK((out.str() + err.str()).find(kWords) == std::string::npos);
        return static_cast<int>(exit);
    }
};

std::string commitment_of(const json& view, const char* name) {
    return view.at("private_parts").at(name).at("commitment").get<std::string>();
}

}  // namespace

TEST_CASE("private part: erased over HTTP, it is gone from every view, file and answer",
          "[flow][private_part]") {
    const CapturedErrors errors;
    Restartable live;
    const SmallMarket& market = *live.market;
    HttpCall placing = post_call("/orders", {{"listing_id", live.listing}, {"purpose", kWords}});
    placing.headers.emplace_back("Idempotency-Key", "place-1");
    const RawReply placed = market.as("buyer").call(placing);
    REQUIRE(placed.status == 201);
    const json order = json::parse(placed.body);
    CHECK(order.at("purpose") == kWords);
    CHECK(order.at("rejection").is_null());
    const std::string path = "/api/v1/orders/" + order.at("order_id").get<std::string>();
    const std::string commitment = commitment_of(order, "purpose");
    market.post("buyer", path.substr(7) + "/cancellation", json::object(), 200);
    const RawReply before = market.as("operator").get(path);
    CHECK(json::parse(before.body).at("purpose") == kWords);
    const json disclosure = market.get("buyer", "/private-parts/" + commitment);
    CHECK(disclosure.at("private_part") == json{{"purpose", kWords}});
    CHECK(live.verify(disclosure) == 0);

    const RawReply erased = live.erase("admin", commitment);
    REQUIRE(erased.status == 200);
    CHECK(json::parse(erased.body).at("erased") == true);
    CHECK(json::parse(erased.body).at("erasure_reason") == "data_subject_request");

    const auto check_gone = [&] {
        RawReply now =
            market.as("operator")
                .call({.path = path, .headers = {{"If-None-Match", before.headers.at("etag")}}});
        REQUIRE(now.status == 200);
        CHECK(now.headers.at("etag") != before.headers.at("etag"));
        const json view = json::parse(now.body);
        CHECK(view.at("purpose").is_null());
        CHECK(view.at("private_parts").at("purpose").at("erased") == true);
        CHECK(view.at("version") == json::parse(before.body).at("version"));
        const json part = market.get("buyer", "/private-parts/" + commitment);
        CHECK(part.at("salt").is_null());
        CHECK(part.at("private_part").is_null());
        CHECK(part.at("erased") == true);
        CHECK(live.verify(part) == 6);
        const RawReply again = market.as("buyer").call(placing);
        CHECK(again.headers.at("idempotency-replayed") == "true");
        CHECK(json::parse(again.body).at("purpose").is_null());
        CHECK(json::parse(again.body).at("receipt") == order.at("receipt"));
        check_problem(live.erase("admin", commitment), 409, "private_part.erased");
        live.check_replay();
    };
    check_gone();
    live.restart();
    check_gone();
    // Who saved what was disclosed can still prove it.
    CHECK(live.verify(disclosure) == 0);
    CHECK(live.files_with(kWords).empty());
    CHECK(live.files_with(commitment) == std::vector<std::string>{"pdx.sqlite"});
    live.exchange->stop();
    CHECK(errors.text().find(path.substr(0, 14)) != std::string::npos);
    CHECK(errors.text().find(kWords.substr(0, 9)) == std::string::npos);
}

TEST_CASE("private part: who may not read or erase it does not learn that it exists",
          "[flow][private_part]") {
    const CapturedErrors errors;
    Restartable live;
    const SmallMarket& market = *live.market;
    const json order = live.place(kWords);
    const std::string path = "/orders/" + order.at("order_id").get<std::string>();
    const json paid =
        market.post("buyer", path + "/payment", SmallMarket::payment_body(kReference), 200);
    CHECK_FALSE(paid.contains("bank_reference"));
    const std::string purpose = commitment_of(paid, "purpose");
    const std::string reference = commitment_of(paid, "bank_reference");
    const std::string unknown(64, '0');
    const auto read = [&](const std::string& alias, const std::string& commitment) {
        return market.as(alias).get("/api/v1/private-parts/" + commitment);
    };
    const auto nobodys = [](json problem) {
        problem.erase("instance");
        return problem;
    };
    const json absent =
        nobodys(check_problem(read("buyer", unknown), 404, "private_part.not_found"));
    for (const char* alias : {"other_buyer", "other_operator", "provider", "authority"}) {
        for (const std::string& one : {purpose, reference}) {
            CHECK(nobodys(check_problem(read(alias, one), 404, "private_part.not_found")) ==
                  absent);
        }
    }
    check_problem(read("operator", reference), 404, "private_part.not_found");
    check_problem(read("buyer", "xyz"), 404, "private_part.not_found");
    check_problem(read("", purpose), 401, "token.missing");
    CHECK(read("operator", purpose).status == 200);
    CHECK(
        json::parse(read("auditor", reference).body).at("private_part").contains("bank_reference"));

    for (const char* alias : {"buyer", "operator", "auditor", "arbitrator", "authority"}) {
        check_problem(live.erase(alias, purpose), 403, "permission.denied");
    }
    check_problem(live.erase("", purpose), 401, "token.missing");
    check_problem(live.erase("admin", unknown), 404, "private_part.not_found");
    check_problem(live.erase("admin", purpose, "because"), 422, "request.invalid");
    const json open = check_problem(live.erase("admin", purpose), 409, "private_part.order_open");
    CHECK(open.at("state") == "escrowed");
    const std::string dispute = market
                                    .post("buyer", "/disputes",
                                          {{"order_id", order.at("order_id")},
                                           {"reason", "not_delivered"},
                                           {"claimed", test::fen("1")},
                                           {"statement", kWords}})
                                    .at("dispute_id");
    check_problem(live.erase("admin", purpose), 409, "private_part.dispute_open");
    const json filed = market.get("arbitrator", "/disputes/" + dispute);
    CHECK(filed.at("statement") == kWords);
    check_problem(live.erase("admin", commitment_of(filed, "statement"), "court_order"), 409,
                  "private_part.dispute_open");
    market.post("arbitrator", "/disputes/" + dispute + "/acceptance",
                {{"decision", "not_accept"}, {"reason", "未到交付期限"}}, 200);
    market.post("buyer", path + "/cancellation", json::object(), 200);
    const json kept = check_problem(live.erase("admin", reference), 409, "private_part.retention");
    CHECK(kept.at("deadline").get<std::string>() > "2030");
    CHECK(live.erase("admin", reference, "court_order").status == 200);
    CHECK(live.erase("admin", commitment_of(filed, "statement")).status == 200);
    const json now = market.get("arbitrator", "/disputes/" + dispute);
    CHECK(now.at("statement").is_null());
    CHECK(now.at("acceptance_reason") == "未到交付期限");
    // A reference stays used, though it cannot be read any more.
    const std::string second = market.order(live.listing);
    check_problem(market.send("buyer", "/orders/" + second + "/payment",
                              SmallMarket::payment_body(kReference)),
                  409, "payment.reference_used");
    // The reasons of a decision stay with it, unless a court says otherwise.
    const std::string contract = "/contracts/" + order.at("contract_id").get<std::string>();
    const json suspended =
        market.post("authority", contract + "/suspension", {{"reason", kWords}}, 200);
    CHECK(suspended.at("state_reason") == kWords);
    const std::string why = commitment_of(suspended, "state_reason");
    check_problem(live.erase("admin", why), 409, "private_part.official_record");
    check_problem(read("buyer", why), 404, "private_part.not_found");
    CHECK(live.erase("admin", why, "court_order").status == 200);
    CHECK(market.get("operator", contract).at("state_reason").is_null());
    live.check_replay();
    live.exchange->stop();
    for (const std::string& text : {kWords, kReference}) {
        CHECK(live.files_with(text).empty());
        CHECK(errors.text().find(text) == std::string::npos);
    }
}

TEST_CASE("private part: answers are of the schemas that the API publishes",
          "[flow][private_part]") {
    const CapturedErrors errors;
    const Restartable live;
    const SmallMarket& market = *live.market;
    const json api = json::parse(market.as("").get("/openapi.json").body);
    const auto& disclosed =
        api.at("paths").at("/api/v1/private-parts/{commitment}").at("get").at("responses");
    CHECK(disclosed.at("200").at("content").at("application/json").at("schema").at("$ref") ==
          "#/components/schemas/PrivatePart");
    CHECK(api.at("components")
              .at("schemas")
              .at("PrivatePart")
              .at("properties")
              .at("salt")
              .at("anyOf")
              .size() == 2);

    const json order = live.place(kWords);
    market.post("buyer", "/orders/" + order.at("order_id").get<std::string>() + "/cancellation",
                json::object(), 200);
    const std::string commitment = commitment_of(order, "purpose");
    const http::Schema marks = http::private_parts_schema();
    const http::Schema part = http::disclosure_schema();
    const auto check_fits = [](const http::Schema& schema, const json& value) {
        for (const auto& error : http::validate(schema, value)) {
            UNSCOPED_INFO(error.pointer << " " << error.code);
        }
        CHECK(http::validate(schema, value).empty());
    };
    const auto read = [&] { return market.get("buyer", "/private-parts/" + commitment); };
    check_fits(marks, order.at("private_parts"));
    check_fits(part, read());
    REQUIRE(live.erase("admin", commitment).status == 200);
    check_fits(part, read());
    const json view = market.get("buyer", "/orders/" + order.at("order_id").get<std::string>());
    check_fits(marks, view.at("private_parts"));
    // What the order's own schema says of the text holds in both states.
    const json& published = api.at("components").at("schemas");
    CHECK(published.at("Order").at("properties").at("purpose").at("anyOf").at(1) ==
          json{{"type", "null"}});
    CHECK(published.at("Dispute").at("properties").at("statement").at("anyOf").size() == 2);
    for (const json& one : {order, view}) {
        check_fits(http::private_text(), one.at("purpose"));
        for (const auto& [name, value] : one.items()) {
            INFO(name);
            CHECK(published.at("Order").at("properties").contains(name));
        }
        for (const json& name : published.at("Order").at("required")) {
            CHECK(one.contains(name.get<std::string>()));
        }
    }
    CHECK(view.at("purpose").is_null());
}
