#include "marketplace/http/schema.h"

#include <nlohmann/json.hpp>

#include "tests/support/catch.h"

using namespace pdx::http;
using nlohmann::json;

namespace {

const std::string kUuid = "01890a5d-ac96-774b-bcce-b302099a8057";

/// "pointer code" of each error.
std::vector<std::string> errors_of(const Schema& schema, const json& value) {
    std::vector<std::string> out;
    for (const FieldError& error : validate(schema, value)) {
        CHECK_FALSE(error.text.en.empty());
        CHECK_FALSE(error.text.zh.empty());
        out.push_back(error.pointer + " " + error.code);
    }
    return out;
}

Schema order() {
    return object({required("product_id", uuid()), required("price", money()),
                   optional("note", text(1, 5)), optional("columns", array(name_text(10), 1, 3)),
                   optional("rules", map_of(choice({"mask", "drop"}), 2))});
}

}  // namespace

TEST_CASE("schema: a name is told that its letters are ASCII", "[http][schema]") {
    const auto errors = validate(name_text(10), "证件号");
    REQUIRE(errors.size() == 1);
    CHECK(errors.front().text.en.find("ASCII letters") != std::string::npos);
    CHECK(errors.front().text.zh.find("ASCII 字母") != std::string::npos);
}

TEST_CASE("schema: a body that fits is accepted", "[http][schema]") {
    const json value = {{"product_id", kUuid},
                        {"price", {{"amount", "12345"}, {"currency", "CNY"}, {"unit", "fen"}}},
                        {"note", "五个汉字啊"},
                        {"columns", {"a", "b_1"}},
                        {"rules", {{"身份证号", "mask"}}}};
    CHECK(errors_of(order(), value).empty());
}

TEST_CASE("schema: everything wrong is named at once", "[http][schema]") {
    const json value = {{"price", {{"amount", "-1"}, {"currency", "USD"}, {"unit", 7}, {"x/y", 1}}},
                        {"note", "six six"},
                        {"columns", {"1a", 5}},
                        {"rules", {{"a", "keep"}}},
                        {"extra", true}};
    const std::vector<std::string> expected = {
        "/product_id missing",         "/price/amount format",
        "/price/currency not_allowed", "/price/unit type",
        "/price/x~1y unknown_member",  "/note too_long",
        "/columns/0 format",           "/columns/1 type",
        "/rules/a not_allowed",        "/extra unknown_member"};
    CHECK(errors_of(order(), value) == expected);
}

TEST_CASE("schema: no more than twenty errors are listed", "[http][schema]") {
    json value = json::object();
    for (int i = 0; i < 50; ++i) value["m" + std::to_string(i)] = i;
    CHECK(validate(object({}), value).size() == kFieldErrorsMax);
    CHECK_THROWS_AS(check(object({}), value), InvalidBody);
}

TEST_CASE("schema: every format holds its edge", "[http][schema]") {
    struct Row {
        Schema schema;
        json value;
        bool fits;
    };
    const std::vector<Row> table = {
        {uuid(), kUuid, true},
        {uuid(), "01890A5D-AC96-774B-BCCE-B302099A8057", false},
        {date(), "2024-02-29", true},
        {date(), "2023-02-29", false},
        {date_time(), "2026-03-01T08:00:00Z", true},
        {date_time(), "2026-03-01T08:00:00+08:00", false},
        {fen(), "0", true},
        {fen(), "01", false},
        {fen(), "1.0", false},
        {fen(), "9223372036854775807", true},
        {fen(), "9223372036854775808", false},
        {fen(), 5, false},
        {base64(3, 3), "YWJj", true},
        {base64(3, 3), "YWI=", false},
        {base64(1, 3), "YWI", false},
        {hex(2), "0aff", true},
        {hex(2), "0AFF", false},
        {hex(2), "0aff0", false},
        {text(0, 3), "", true},
        {text(1, 3), "", false},
        {text(0, 3), "a\nb", true},
        {text(0, 3), json(std::string("a\0b", 3)), false},
        {text(0, 3), "a\x1b", false},
        {integer(-1, 3), -1, true},
        {integer(-1, 3), 4, false},
        {integer(0, 3), true, false},
        {integer(0, INT64_MAX), json(std::uint64_t{UINT64_MAX}), false},
        {boolean(), false, true},
        {boolean(), 0, false},
        {choice({"a"}), "a", true},
        {choice({"a"}), "A", false},
        {array(boolean(), 1, 2), json::array(), false},
        {array(boolean(), 0, 2), json::array({true, true, true}), false},
        {array(boolean(), 0, 2), json::object(), false},
        {map_of(boolean(), 1), json::object({{"", true}}), false},
        {map_of(boolean(), 1), json::object({{"a", true}, {"b", true}}), false},
        {object({}), json::array(), false},
        {object({}), nullptr, false},
        {text(1, 2).or_null(), nullptr, true},
        {text(1, 2).or_null(), "ab", true},
        {text(1, 2).or_null(), "abc", false},
        {object({required("a", boolean().or_null())}), json{{"a", nullptr}}, true},
        {object({required("a", boolean().or_null())}), json::object(), false},
    };
    for (const Row& row : table) {
        CAPTURE(row.value.dump());
        CHECK(validate(row.schema, row.value).empty() == row.fits);
    }
}

TEST_CASE("schema: it prints what it enforces", "[http][schema]") {
    nlohmann::ordered_json components = nlohmann::ordered_json::object();
    const auto printed = print(order(), components);
    CHECK(printed["additionalProperties"] == false);
    CHECK(printed["required"] == nlohmann::ordered_json::array({"product_id", "price"}));
    CHECK(printed["properties"]["price"]["$ref"] == "#/components/schemas/Money");
    CHECK(components["Money"]["properties"]["currency"]["enum"][0] == "CNY");
    CHECK(printed["properties"]["columns"]["maxItems"] == 3);
    CHECK(printed["properties"]["rules"]["additionalProperties"]["enum"].size() == 2);
    CHECK(print(money().or_null(), components)["anyOf"] ==
          nlohmann::ordered_json::array(
              {{{"$ref", "#/components/schemas/Money"}}, {{"type", "null"}}}));
}
