#include "marketplace/http/openapi.h"

#include <nlohmann/json.hpp>

#include "marketplace/http/reference.h"
#include "tests/http/support/exchange.h"
#include "tests/support/catch.h"

using nlohmann::json;

namespace {

struct Table {
    std::atomic<int> waiting{0};
    std::atomic<bool> released{false};
    std::vector<pdx::http::Route> routes = pdx::test::test_routes(waiting, released);
    pdx::http::ApiInfo info{{"Exchange", "交易所"}, {"An API.", "接口。"}, "1"};
};

void check_references(const json& node, const json& root) {
    if (node.is_array()) {
        for (const json& item : node) check_references(item, root);
    } else if (node.is_object()) {
        for (const auto& [name, value] : node.items()) {
            if (name != "$ref") {
                check_references(value, root);
                continue;
            }
            const auto text = value.get<std::string>();
            CAPTURE(text);
            REQUIRE(text.rfind("#/", 0) == 0);
            CHECK(root.contains(json::json_pointer(text.substr(1))));
        }
    }
}

}  // namespace

TEST_CASE("openapi: the document is whole and every reference leads somewhere", "[http][openapi]") {
    const Table table;
    const auto text = pdx::http::openapi_text(table.routes, table.info);
    const auto document = json::parse(text);
    CHECK(document["openapi"] == "3.1.0");
    check_references(document, document);
    std::size_t operations = 0;
    for (const auto& [path, item] : document["paths"].items()) {
        CHECK(path.find("...") == std::string::npos);
        for (const auto& [method, operation] : item.items()) {
            ++operations;
            CAPTURE(path, method);
            CHECK(operation.contains("operationId"));
            CHECK(operation.contains("x-zh"));
            CHECK(operation["responses"].size() >= 2);
            for (const auto& [status, response] : operation["responses"].items()) {
                CHECK(response.contains("description"));
                if (status >= "400")
                    CHECK(response["content"].contains("application/problem+json"));
            }
        }
    }
    CHECK(operations == table.routes.size());
    const auto& place = document["paths"]["/orders"]["post"];
    CHECK(place["x-permission"] == "place_order");
    CHECK(place["security"][0].contains("bearer"));
    CHECK(place["requestBody"]["content"]["application/json"]["schema"]["$ref"] ==
          "#/components/schemas/OrderPlace");
    CHECK(place["responses"]["409"]["x-codes"] == json::array({"order.state"}));
}

TEST_CASE("openapi: the same table prints the same bytes", "[http][openapi]") {
    const Table one;
    const Table two;
    CHECK(pdx::http::openapi_text(one.routes, one.info) ==
          pdx::http::openapi_text(two.routes, two.info));
}

TEST_CASE("reference: it shows every operation and closes every element", "[http][reference]") {
    const Table table;
    const std::string html = pdx::http::reference_html(table.routes);
    std::vector<std::string> open;
    for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
        const std::size_t end = html.find_first_of(" >", at);
        const std::string name = html.substr(at + 1, end - at - 1);
        if (name.front() != '/') {
            open.push_back(name);
        } else {
            REQUIRE_FALSE(open.empty());
            CHECK(open.back() == name.substr(1));
            open.pop_back();
        }
    }
    CHECK(open.empty());
    for (const auto& route : table.routes) {
        CHECK(html.find("id=\"op-" + std::string(route.operation_id) + "\"") != std::string::npos);
    }
    CHECK(html.find("id=\"problem-order.state\"") != std::string::npos);
    CHECK(pdx::http::html_escape("<a href=\"x\">'&") == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
}
