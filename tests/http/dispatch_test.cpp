#include "marketplace/http/dispatch.h"

#include <nlohmann/json.hpp>

#include "tests/http/support/exchange.h"
#include "tests/support/catch.h"

using nlohmann::json;
using pdx::http::HeaderList;
using pdx::http::Response;
using pdx::test::Edge;

namespace {

const HeaderList kJson = {{"content-type", "application/json"}};
const std::string kOrder = "/orders/01890a5d-ac96-774b-bcce-b302099a8057";

HeaderList with(std::string name, std::string value, HeaderList more = {}) {
    more.emplace_back(std::move(name), std::move(value));
    return more;
}

std::string header(const Response& response, std::string_view name) {
    for (const auto& [known, value] : response.headers) {
        if (known == name) return value;
    }
    return "";
}

/// "404 order.not_found"
std::string outcome(const Response& response) {
    return std::to_string(response.status) + (response.code.empty() ? "" : " " + response.code);
}

}  // namespace

TEST_CASE("dispatch: each refusal has its status and code", "[http][dispatch]") {
    Edge edge;
    const auto bearer = [](const std::string& token) {
        return with("authorization", "Bearer " + token);
    };
    CHECK(outcome(edge.call("GET", "/nowhere")) == "404 http.not_found");
    CHECK(outcome(edge.call("DELETE", "/hello")) == "405 http.method_not_allowed");
    CHECK(header(edge.call("DELETE", "/hello"), "Allow") == "GET, HEAD");
    CHECK(outcome(edge.call("OPTIONS", "/hello")) == "204");
    CHECK(outcome(edge.call("GET", kOrder)) == "401 token.missing");
    CHECK(header(edge.call("GET", kOrder), "WWW-Authenticate").rfind("Bearer", 0) == 0);
    CHECK(outcome(edge.call("GET", kOrder, bearer("stranger"))) == "401 token.unknown");
    CHECK(outcome(edge.call("GET", kOrder, bearer("expired-token"))) == "401 token.expired");
    CHECK(outcome(edge.call("GET", kOrder, with("authorization", "Basic eDp5"))) ==
          "401 token.malformed");
    CHECK(outcome(edge.call("GET", kOrder, bearer("a b"))) == "401 token.malformed");
    CHECK(outcome(edge.call("POST", "/orders", with("authorization", "Bearer auditor-token", kJson),
                            "{}")) == "403 permission.denied");
    CHECK(outcome(edge.call("GET", "/orders/7", bearer("buyer-token"))) == "404 order.not_found");
    CHECK(outcome(edge.call("GET", kOrder, bearer("buyer-token"))) == "200");
    CHECK(outcome(edge.call("POST", "/echo", {}, "{}")) == "415 request.media_type");
    CHECK(outcome(edge.call("POST", "/echo", with("content-type", "text/json"), "{}")) ==
          "415 request.media_type");
    CHECK(outcome(edge.call("POST", "/echo", with("content-type", "application/json; charset=gbk"),
                            "{}")) == "415 request.media_type");
    CHECK(outcome(edge.call("POST", "/echo", with("content-encoding", "gzip", kJson), "{}")) ==
          "415 request.content_encoding");
    CHECK(outcome(edge.call("POST", "/echo", kJson, "{")) == "400 json.syntax");
    CHECK(outcome(edge.call("POST", "/echo", kJson, "")) == "400 json.empty");
    CHECK(outcome(edge.call("POST", "/echo", kJson, "{}")) == "422 request.invalid");
    CHECK(
        outcome(edge.call("POST", "/echo", with("content-type", "application/json; charset=utf-8"),
                          R"({"text":"a"})")) == "200");
    CHECK(outcome(edge.call("GET", "/hello?name=a&name=b")) == "400 query.duplicate");
    CHECK(outcome(edge.call("GET", "/hello?name=%ff")) == "400 query.malformed");
    CHECK(outcome(edge.call("GET", "/hello?other=1")) == "422 query.unknown");
    CHECK(outcome(edge.call("GET", "/hello?limit=0")) == "422 query.invalid");
    CHECK(outcome(edge.call("GET", "/hello?limit=1001")) == "422 query.invalid");
    CHECK(outcome(edge.call("GET", "/hello?limit=5x")) == "422 query.invalid");
    CHECK(edge.call("GET", "/hello?name=%E6%95%B0+a").body == "数 a");
    CHECK(outcome(edge.call("GET", "/fail/conflict")) == "409 order.state");
    CHECK(outcome(edge.call("GET", "/fail/busy")) == "503 writer.queue_full");
    CHECK(header(edge.call("GET", "/fail/busy"), "Retry-After") == "1");
}

TEST_CASE("dispatch: a write checks its Idempotency-Key", "[http][dispatch]") {
    Edge edge;
    const std::string body = R"({"product_id":"01890a5d-ac96-774b-bcce-b302099a8057",)"
                             R"("price":{"amount":"5","currency":"CNY","unit":"fen"}})";
    const auto buyer = with("authorization", "Bearer buyer-token", kJson);
    CHECK(outcome(edge.call("POST", "/orders", buyer, body)) == "201");
    CHECK(outcome(edge.call("POST", "/orders", with("idempotency-key", "k-1", buyer), body)) ==
          "201");
    for (const std::string& key : {std::string(), std::string(129, 'k'), std::string("a b")}) {
        CHECK(outcome(edge.call("POST", "/orders", with("idempotency-key", key, buyer), body)) ==
              "400 idempotency_key.malformed");
    }
}

TEST_CASE("problem: it speaks the language asked for and tells what is public", "[http][problem]") {
    Edge edge;
    const auto english = json::parse(edge.call("GET", "/fail/conflict").body);
    CHECK(english["detail"] == "The order is closed.");
    CHECK(english["type"] == "/problems/order.state");
    CHECK(english["status"] == 409);
    CHECK(english["state"] == "closed");
    CHECK(english["allowed"] == json::array({"archive"}));
    CHECK(english["rule"] == "rules-2026 art. 3");
    CHECK(english["deadline"] == "2026-03-02");
    const auto response = edge.call(
        "GET", "/fail/conflict",
        {{"accept-language", "fr, en;q=0.4, zh-CN;q=0.9"}, {"x-request-id", "client-id-1"}});
    const auto chinese = json::parse(response.body);
    CHECK(chinese["detail"] == "订单已关闭。");
    CHECK(chinese["instance"] == "urn:pdx:request:client-id-1");
    CHECK(header(response, "Content-Language") == "zh-CN");
    CHECK(header(response, "X-Request-Id") == "client-id-1");
    const auto fields = json::parse(edge.call("POST", "/echo", kJson, R"({"times":9,"x":1})").body);
    REQUIRE(fields["errors"].size() == 3);
    CHECK(fields["errors"][0]["pointer"] == "/text");
    CHECK(fields["errors"][0]["code"] == "missing");
}

TEST_CASE("problem: a bug says nothing but its request id, and the log says the rest",
          "[http][problem]") {
    Edge edge;
    for (const char* how : {"bug", "unknown", "alien", "system"}) {
        const auto response = edge.call("GET", std::string("/fail/") + how);
        CHECK(outcome(response) == "500 internal");
        CHECK(response.body.find("secret") == std::string::npos);
        CHECK(response.body.find(".cpp") == std::string::npos);
    }
    CHECK(edge.call("GET", "/fail/busy").body.find("secret") == std::string::npos);
    CHECK(edge.log_text().find("secret detail of a library") != std::string::npos);
    CHECK(edge.log_text().find("secret context") != std::string::npos);
    CHECK(edge.log_text().find("invariant.violated") != std::string::npos);
}

TEST_CASE("problem: a full disk is something to wait for, and says nothing of the place",
          "[http][problem]") {
    Edge edge;
    const auto response = edge.call("GET", "/fail/full");
    CHECK(outcome(response) == "503 storage.failed");
    CHECK(header(response, "Retry-After") == "1");
    CHECK(response.body.find("secret") == std::string::npos);
    CHECK(edge.log_text().find("secret place on the disk") != std::string::npos);
}

TEST_CASE("dispatch: every answer carries an id and the security headers", "[http][dispatch]") {
    Edge edge;
    for (const char* path : {"/hello", "/nowhere", "/fail/bug"}) {
        const auto response = edge.call("GET", path, {{"x-request-id", "bad id\tx"}});
        CHECK(header(response, "X-Request-Id").size() == 36);
        CHECK(header(response, "X-Content-Type-Options") == "nosniff");
        CHECK(header(response, "Content-Security-Policy").find("default-src 'self'") == 0);
        CHECK(header(response, "Referrer-Policy") == "no-referrer");
        CHECK(header(response, "Cache-Control") == "no-store");
        CHECK(header(response, "Content-Language") == "en");
    }
}

TEST_CASE("dispatch: an entity that is known is not sent again", "[http][dispatch]") {
    Edge edge;
    const auto buyer = with("authorization", "Bearer buyer-token");
    CHECK(header(edge.call("GET", kOrder, buyer), "ETag") == "\"7\"");
    const auto known = edge.call("GET", kOrder, with("if-none-match", "\"6\", W/\"7\"", buyer));
    CHECK(known.status == 304);
    CHECK(known.body.empty());
    CHECK(edge.call("GET", kOrder, with("if-none-match", "\"6\"", buyer)).status == 200);
}

TEST_CASE("access log: a line names the template, never what was in the path",
          "[http][access_log]") {
    std::ostringstream out;
    const pdx::test::FixedClock clock;
    pdx::http::AccessLog log(out, pdx::http::LogFormat::kJson, clock);
    log.request({.request_id = "r-1",
                 .method = "GET",
                 .route = "/orders/{order_id}",
                 .status = 404,
                 .micros = 1234,
                 .bytes = 99,
                 .party = "p",
                 .code = "order.not_found"});
    const auto line = json::parse(out.str());
    CHECK(line.at("ts") == "2026-03-01T08:00:00.000000Z");
    CHECK(line.at("route") == "/orders/{order_id}");
    CHECK(line.at("us") == 1234);
    CHECK(line.at("level") == "info");
    std::ostringstream terminal;
    pdx::http::AccessLog readable(terminal, pdx::http::LogFormat::kReadable, clock);
    readable.failure("r-1", "internal", "a\x1b[31mb\nc");
    const std::string text = terminal.str();
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(std::count(text.begin(), text.end(), '\n') == 1);
}
