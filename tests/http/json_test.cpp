#include "marketplace/http/json.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "tests/support/catch.h"

using pdx::http::parse_json;

namespace {

std::string code_of(const std::string& text) {
    try {
        (void)parse_json(text);
        return "";
    } catch (const pdx::Error& error) {
        CHECK(error.kind() == pdx::ErrorKind::kMalformed);
        return error.code();
    }
}

std::string nested(int depth) {
    return std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']');
}

}  // namespace

TEST_CASE("json: what is well-formed is read as it is", "[http][json]") {
    const auto value = parse_json(
        R"( {"a":[1,-2,9007199254740991,-9007199254740991],"b":{"c":null,"d":true},"中":"文\u4e2d"} )");
    CHECK(value["a"][2] == 9007199254740991);
    CHECK(value["b"]["d"] == true);
    CHECK(value["中"] == "文中");
    CHECK(parse_json("7") == 7);
    CHECK(parse_json(R"([{"a":1},{"a":2}])").size() == 2);
}

TEST_CASE("json: each kind of bad text is refused with its own code", "[http][json]") {
    const std::vector<std::pair<std::string, std::string>> table = {
        {"", "json.empty"},
        {" ", "json.syntax"},
        {"{", "json.syntax"},
        {R"({"a":1)", "json.syntax"},
        {R"({"a":1,})", "json.syntax"},
        {R"({a:1})", "json.syntax"},
        {R"({"a":1} {"b":2})", "json.syntax"},
        {R"({"a":1}x)", "json.syntax"},
        {"{} // comment", "json.syntax"},
        {"[01]", "json.syntax"},
        {"[NaN]", "json.syntax"},
        {"['a']", "json.syntax"},
        {std::string("[\"a\0b\"]", 7), "json.syntax"},
        {std::string("{}\0", 3), "json.syntax"},
        {std::string("{}\0{\"b\":2}", 10), "json.syntax"},
        {R"(["\ud800"])", "json.syntax"},
        {R"(["\x41"])", "json.syntax"},
        {R"({"a":1,"a":2})", "json.duplicate_name"},
        {R"({"a":1,"\u0061":2})", "json.duplicate_name"},
        {R"([{"b":{"c":1,"c":1}}])", "json.duplicate_name"},
        {"[1.5]", "json.number"},
        {"[1.0]", "json.number"},
        {"[1e3]", "json.number"},
        {"[9007199254740992]", "json.number"},
        {"[-9007199254740992]", "json.number"},
        {"[18446744073709551615]", "json.number"},
        {"[99999999999999999999999]", "json.number"},
        {"[1e999]", "json.number"},
        {"\xEF\xBB\xBF{}", "json.encoding"},
        {"[\"\xff\"]", "json.encoding"},
        {"[\"\xc0\xaf\"]", "json.encoding"},
        {"[\"\xed\xa0\x80\"]", "json.encoding"},
        {nested(33), "json.too_deep"},
        {nested(100'000), "json.too_deep"},
    };
    for (const auto& [text, code] : table) {
        CAPTURE(text.substr(0, 60));
        CHECK(code_of(text) == code);
    }
    CHECK(code_of(nested(32)).empty());
}

TEST_CASE("json: a refusal names the byte", "[http][json]") {
    try {
        (void)parse_json(R"({"a": tru})");
        FAIL("accepted");
    } catch (const pdx::Error& error) {
        CHECK(error.text().en.find("at byte 9") != std::string::npos);
        CHECK(error.text().zh.find('9') != std::string::npos);
    }
}
