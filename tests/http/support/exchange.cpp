#include "tests/http/support/exchange.h"

#include <cerrno>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "base/check.h"

namespace pdx::test {
namespace {

using http::Access;
using http::BodyMode;
using http::BodyWriter;
using http::Request;
using http::Response;
using http::Route;

const http::Schema& echo_schema() {
    static const http::Schema schema = http::object({http::required("text", http::text(1, 20)),
                                                     http::optional("times", http::integer(1, 3))})
                                           .named("Echo");
    return schema;
}

const http::Schema& order_schema() {
    static const http::Schema schema = http::object({http::required("product_id", http::uuid()),
                                                     http::required("price", http::money())})
                                           .named("OrderPlace");
    return schema;
}

Response text(std::string body) { return {.content_type = "text/plain", .body = std::move(body)}; }

Response fail(const Request& request) {
    const std::string& how = request.path_text("how");
    if (how == "conflict") {
        throw conflict("order.state", {"The order is closed.", "订单已关闭。"},
                       {.state = "closed",
                        .allowed = {"archive"},
                        .rule = "rules-2026 art. 3",
                        .deadline = "2026-03-02"});
    }
    if (how == "busy") throw busy("writer.queue_full", {"Busy.", "繁忙。"}, "secret context");
    if (how == "bug") PDX_CHECK(how.empty());
    if (how == "unknown") throw std::runtime_error("secret detail of a library");
    if (how == "alien") throw 42;
    if (how == "full") {
        throw std::system_error(ENOSPC, std::generic_category(), "secret place on the disk");
    }
    if (how == "system") throw std::system_error(EIO, std::generic_category(), "secret device");
    if (how == "header") return text("x").with("X-Bad", "a\r\nInjected: b");
    return text("no failure");
}

Response stream(const Request& request) {
    const std::string& how = request.path_text("how");
    Response response;
    response.content_type = "text/csv";
    if (how == "known") response.length = 300'000;
    response.producer = [how](BodyWriter& out) {
        if (how == "early") throw conflict("delivery.refused", {"Refused.", "已拒绝。"});
        const std::string piece(1000, 'x');
        const int pieces = how == "small" ? 3 : 300;
        for (int i = 0; i < pieces; ++i) {
            if (how == "late" && i == 200) throw std::runtime_error("secret failure");
            out.write(piece);
        }
    };
    return response;
}

Response upload(const Request& request) {
    std::vector<std::uint8_t> piece(10'000);
    std::uint64_t bytes = 0;
    while (const std::size_t count = request.upload().read(piece)) bytes += count;
    return text(std::to_string(bytes));
}

Route row(std::string_view method, std::string_view path, std::string_view operation,
          http::Handler handler) {
    return {.method = method,
            .path = path,
            .operation_id = operation,
            .tag = "test",
            .summary = {"Does what the test needs.", "测试用。"},
            .access = Access::open(),
            .handler = std::move(handler)};
}

Route with_body(Route route, const http::Schema& schema) {
    route.body = BodyMode::kJson;
    route.request_schema = &schema;
    return route;
}

Route with_upload(Route route) {
    route.body = BodyMode::kStream;
    route.upload_types = {"text/csv"};
    return route;
}

void add_order_routes(std::vector<Route>& routes) {
    Route find = row("GET", "/orders/{order_id}", "findOrder", [](const Request& request) {
        return with_etag(text(request.path_as<OrderId>("order_id").text()), "\"7\"", request);
    });
    find.access = Access::needs(domain::Permission::kReadOwn);
    find.errors = {{404, "order.not_found"}};
    routes.push_back(std::move(find));
    Route place = with_body(row("POST", "/orders", "placeOrder",
                                [](const Request& request) {
                                    return Response{.status = 201, .body = request.json().dump()};
                                }),
                            order_schema());
    place.access = Access::needs(domain::Permission::kPlaceOrder);
    place.write = true;
    place.errors = {{409, "order.state"}, {404, "product.not_found"}};
    place.response = {.status = 201, .text = {"The order.", "订单。"}};
    routes.push_back(std::move(place));
}

}  // namespace

app::Caller RoleAuthenticator::authenticate(std::string_view token) {
    for (const auto& role : domain::kRoleNames) {
        if (token == std::string(role.name) + "-token") {
            return {.party = *PartyId::parse("01890a5d-ac96-774b-bcce-b302099a8057"),
                    .role = role.value,
                    .anonymous = false};
        }
    }
    if (token == "expired-token") {
        throw unauthenticated("token.expired", {"The token has expired.", "令牌已过期。"});
    }
    throw unauthenticated("token.unknown", {"The token is unknown.", "令牌无效。"});
}

std::vector<Route> test_routes(std::atomic<int>& waiting, std::atomic<bool>& released) {
    std::vector<Route> routes;
    Route hello = row("GET", "/hello", "hello", [](const Request& request) {
        return text(request.query_text("name").value_or("hello"));
    });
    hello.query = http::page_parameters();
    hello.query.push_back({"name", http::text(1, 40), {"A name.", "名字。"}});
    routes.push_back(std::move(hello));
    routes.push_back(with_body(row("POST", "/echo", "echo",
                                   [](const Request& request) {
                                       return text(request.json().at("text").get<std::string>());
                                   }),
                               echo_schema()));
    routes.push_back(with_upload(row("POST", "/upload", "upload", upload)));
    routes.push_back(with_upload(
        row("POST", "/ignore", "ignore", [](const Request&) { return text("ignored"); })));
    routes.push_back(row("POST", "/empty", "empty", [](const Request&) { return text("empty"); }));
    routes.push_back(row("GET", "/fail/{how}", "fail", fail));
    routes.push_back(row("GET", "/stream/{how}", "stream", stream));
    routes.push_back(row("GET", "/files/{path...}", "file",
                         [](const Request& request) { return text(request.path_text("path")); }));
    routes.push_back(row("GET", "/slow", "slow", [&waiting, &released](const Request&) {
        ++waiting;
        while (!released) std::this_thread::sleep_for(std::chrono::milliseconds(2));
        return text("slow");
    }));
    add_order_routes(routes);
    return routes;
}

Edge::Edge(http::DispatchConfig config)
    : router_(test_routes(waiting, released)),
      dispatcher_(std::make_unique<http::Dispatcher>(router_, authenticator_, log_, ids_, clock_,
                                                     config)) {}

http::Response Edge::call(std::string method, std::string target, http::HeaderList headers,
                          std::string body) {
    Request request;
    const std::size_t question = target.find('?');
    request.method = std::move(method);
    request.path = target.substr(0, question);
    if (question != std::string::npos) request.query = target.substr(question + 1);
    request.headers = std::move(headers);
    request.body = std::move(body);
    return dispatcher_->handle(request);
}

http::ServerConfig quick_config() {
    http::ServerConfig config;
    config.port = 0;
    config.connections_max = 64;
    return config;
}

LiveEdge::LiveEdge(http::ServerConfig config) : server(config, edge.dispatcher()) {
    server.start();
}

}  // namespace pdx::test
