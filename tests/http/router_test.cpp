#include "marketplace/http/router.h"

#include "base/check.h"
#include "tests/support/catch.h"

using namespace pdx::http;

namespace {

Route row(std::string_view method, std::string_view path, std::string_view operation) {
    return {.method = method,
            .path = path,
            .operation_id = operation,
            .tag = "t",
            .summary = {"en", "zh"},
            .access = Access::open(),
            .handler = [](const Request&) { return Response{}; }};
}

Router table() {
    return Router({row("GET", "/", "root"), row("GET", "/orders", "list"),
                   row("POST", "/orders", "place"), row("GET", "/orders/{order_id}", "find"),
                   row("GET", "/orders/mine", "mine"),
                   row("POST", "/orders/{order_id}/accept", "accept"),
                   row("GET", "/tile/{level}/{path...}", "tile")});
}

std::string found(std::string_view method, std::string_view path) {
    static const Router router = table();
    const auto match = router.find(method, path);
    std::string out(match.route != nullptr ? match.route->operation_id : match.allowed);
    for (const auto& [name, value] : match.parameters) out += " " + name + "=" + value;
    return out;
}

}  // namespace

TEST_CASE("router: a path finds its one route", "[http][router]") {
    CHECK(found("GET", "/") == "root");
    CHECK(found("GET", "/orders") == "list");
    CHECK(found("POST", "/orders") == "place");
    CHECK(found("GET", "/orders/7") == "find order_id=7");
    CHECK(found("HEAD", "/orders/7") == "find order_id=7");
    CHECK(found("GET", "/orders/mine") == "mine");
    CHECK(found("POST", "/orders/mine/accept") == "accept order_id=mine");
    CHECK(found("GET", "/tile/0/x001/067.p/3") == "tile level=0 path=x001/067.p/3");
    CHECK(found("GET", "/orders/%E8%AE%A2%20a") == "find order_id=订 a");
    CHECK(found("GET", "/orders/a%2Fb") == "find order_id=a/b");
}

TEST_CASE("router: another spelling of a path is another path", "[http][router]") {
    for (const char* path : {"/orders/", "//orders", "/Orders", "/orders/7/", "/orders//accept",
                             "/orders/7/accept/x", "/nothing", "/orders/.", "/orders/..",
                             "/orders/%2e%2e", "/orders/%00", "/orders/%ff", "/orders/%0a"}) {
        CAPTURE(path);
        CHECK(found("GET", path).empty());
    }
}

TEST_CASE("router: a known path says which methods it takes", "[http][router]") {
    CHECK(found("DELETE", "/orders") == "GET, HEAD, POST");
    CHECK(found("GET", "/orders/7/accept") == "POST");
}

TEST_CASE("router: a table that contradicts itself is refused", "[http][router]") {
    CHECK_THROWS_AS(Router({row("GET", "/a", "one"), row("GET", "/a", "two")}),
                    pdx::InvariantViolation);
    CHECK_THROWS_AS(Router({row("GET", "/a/{x}", "one"), row("GET", "/a/{y}", "two")}),
                    pdx::InvariantViolation);
    CHECK_THROWS_AS(Router({row("GET", "/a", "one"), row("GET", "/b", "one")}),
                    pdx::InvariantViolation);
    CHECK_THROWS_AS(Router({row("GET", "/{x}/{x}", "one")}), pdx::InvariantViolation);
    CHECK_THROWS_AS(Router({row("GET", "/{x...}/y", "one")}), pdx::InvariantViolation);
    auto no_schema = row("POST", "/a", "one");
    no_schema.body = BodyMode::kJson;
    CHECK_THROWS_AS(Router({no_schema}), pdx::InvariantViolation);
}
