#include "tests/flow/support/live_market.h"

#include "tests/support/catch.h"
#include "tests/support/quiet_settings.h"

namespace pdx::test {

LiveMarket::LiveMarket()
    : folder("pdx-bad-input"),
      settings(quiet_settings(folder.path() / "data")),
      exchange(settings),
      market(exchange.port(), exchange.first_token().value(), settings.origin) {
    market.register_cast();
}

std::size_t LiveMarket::blobs() const {
    std::size_t files = 0;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(settings.data / "blobs")) {
        files += entry.is_regular_file() ? 1U : 0U;
    }
    return files;
}

std::string LiveMarket::finish_story(const std::string& resource) const {
    market.submit(resource);
    market.pass_desk(resource);
    const std::string order = market.order(market.list_product(market.authorize(resource)));
    market.pay(order);
    const std::string delivery = market.deliver(order);
    const RawReply content = market.as("buyer").get("/api/v1/deliveries/" + delivery + "/content");
    REQUIRE(content.status == 200);
    market.post("buyer", "/orders/" + order + "/acceptance", json::object(), 200);
    const json settled = market.post("admin", "/orders/" + order + "/settlement", json::object());
    market.post("admin",
                "/settlements/" + settled.at("settlement_id").get<std::string>() + "/payout",
                json::object(), 200);
    CHECK(market.get("auditor", "/accounts").at("difference") == "0");
    return content.body;
}

HttpCall post_call(const std::string& path, const json& body) {
    return {.method = "POST", .path = "/api/v1" + path, .body = body.dump()};
}

json check_problem(const RawReply& reply, int status, const std::string& code) {
    INFO(reply.body);
    CHECK(reply.status == status);
    REQUIRE(reply.headers.count("content-type") == 1);
    REQUIRE(reply.headers.at("content-type") == "application/problem+json");
    REQUIRE(reply.headers.count("x-request-id") == 1);
    json problem = json::parse(reply.body);
    CHECK(problem.at("status") == reply.status);
    CHECK(problem.at("code") == code);
    CHECK(problem.at("type") == "/problems/" + code);
    CHECK(problem.at("instance") == "urn:pdx:request:" + reply.headers.at("x-request-id"));
    CHECK_FALSE(problem.at("title").get<std::string>().empty());
    CHECK_FALSE(problem.at("detail").get<std::string>().empty());
    return problem;
}

json check_refused(const LiveMarket& live, const Refused& refused,
                   const std::optional<std::pair<std::string, std::string>>& watched) {
    INFO(refused.name << ": " << refused.call.method << " " << refused.call.path << " as "
                      << refused.alias);
    const auto read = [&] {
        return watched ? live.market.get(watched->first, watched->second) : json();
    };
    const std::uint64_t entries = live.market.log_size();
    const std::size_t blobs = live.blobs();
    const json before = read();
    const RawReply reply = live.market.as(refused.alias).call(refused.call);
    json problem = check_problem(reply, refused.status, refused.code);
    const std::string type = problem.at("type").get<std::string>();
    const RawReply explained = live.market.as(refused.alias).get(type);
    INFO(type << " is not in the route table");
    CHECK(explained.status == 303);
    CHECK(live.market.log_size() == entries);
    CHECK(live.blobs() == blobs);
    CHECK(read() == before);
    if (!refused.state.empty()) CHECK(problem.value("state", "") == refused.state);
    if (refused.code.ends_with(".transition")) {
        CHECK(problem.contains("state"));
        CHECK(problem.at("allowed").is_array());
    }
    return problem;
}

}  // namespace pdx::test
