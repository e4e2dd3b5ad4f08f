#include "ledger/canonical_json.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "base/error.h"
#include "tests/support/catch.h"
#include "tests/support/shared_data.h"

using namespace pdx;
using namespace pdx::ledger;
using nlohmann::json;

namespace {

std::string read_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// The definition that is_canonical must agree with: parse with a library that knows nothing of
/// canonical forms, refuse duplicates by counting, write again, compare.
bool naive_is_canonical(const std::string& text) {
    std::vector<std::set<std::string>> names;
    bool duplicate = false;
    const auto watch = [&](int, json::parse_event_t event, json& value) {
        if (event == json::parse_event_t::object_start) names.emplace_back();
        if (event == json::parse_event_t::object_end) names.pop_back();
        if (event == json::parse_event_t::key) {
            duplicate = duplicate || !names.back().insert(value.get<std::string>()).second;
        }
        return true;
    };
    const json value = json::parse(text, watch, false);
    if (value.is_discarded() || duplicate) return false;
    try {
        return canonical_json(value) == text;
    } catch (const Error&) {
        return false;
    }
}

json random_value(std::mt19937_64& random, int depth) {
    static const std::vector<std::string> kStrings{
        "", "a", "A", "\n\t\b\f\r", "\x01\x1f\x7f", "中文", "\"\\/", "😂", "z\u00f6"};
    static const std::vector<std::string> kNames{"", "a", "b", "B", "10", "1", "\n", "\"", "~"};
    static const std::vector<std::int64_t> kNumbers{
        0, 1, -1, 10, kJsonIntegerMax, -kJsonIntegerMax, 1'234'567'890};
    switch (random() % (depth > 0 ? 7 : 5)) {
        case 0: return nullptr;
        case 1: return random() % 2 == 0;
        case 2: return kNumbers[random() % kNumbers.size()];
        case 3:
        case 4: return kStrings[random() % kStrings.size()];
        case 5: {
            json array = json::array();
            for (auto n = random() % 4; n > 0; --n)
                array.push_back(random_value(random, depth - 1));
            return array;
        }
        default: {
            json object = json::object();
            for (auto n = random() % 5; n > 0; --n) {
                object[kNames[random() % kNames.size()]] = random_value(random, depth - 1);
            }
            return object;
        }
    }
}

std::string nested(unsigned depth) { return std::string(depth, '[') + std::string(depth, ']'); }

}  // namespace

TEST_CASE("canonical json: the RFC 8785 vectors agree where the subset allows them",
          "[ledger][canonical_json]") {
    const auto vectors = test::shared_data("vectors/jcs");
    if (!vectors) return;
    for (const std::string name : {"arrays.json", "unicode.json"}) {
        const std::string output = read_text(*vectors / "output" / name);
        REQUIRE(canonical_json(json::parse(read_text(*vectors / "input" / name))) == output);
        REQUIRE(is_canonical(output));
    }
    // Its one float, 56.0, is written 56 by the RFC; with the integer the rest must agree.
    json structures = json::parse(read_text(*vectors / "input" / "structures.json"));
    REQUIRE_THROWS_AS(canonical_json(structures), Error);
    structures["1"]["\n"] = 56;
    const std::string output = read_text(*vectors / "output" / "structures.json");
    REQUIRE(canonical_json(structures) == output);
    REQUIRE(is_canonical(output));
    // Only the numbers of this one are outside the subset.
    const json values = json::parse(read_text(*vectors / "input" / "values.json"));
    const std::string text = read_text(*vectors / "output" / "values.json");
    REQUIRE_THROWS_AS(canonical_json(values), Error);
    REQUIRE(text.find(canonical_json(values["string"])) != std::string::npos);
    REQUIRE(text.find(canonical_json(values["literals"])) != std::string::npos);
    // Member names outside ASCII are refused, not reordered.
    for (const std::string name : {"french.json", "weird.json"}) {
        const json value = json::parse(read_text(*vectors / "input" / name));
        REQUIRE_THROWS_AS(canonical_json(value), Error);
        REQUIRE_FALSE(is_canonical(read_text(*vectors / "output" / name)));
    }
}

TEST_CASE("canonical json: values outside the subset are refused with one code",
          "[ledger][canonical_json]") {
    json deep = 1;
    for (unsigned i = 0; i < kJsonDepthMax; ++i) deep = json::array({deep});
    REQUIRE_NOTHROW(canonical_json(deep));
    const std::vector<json> refused{1.5,
                                    56.0,
                                    kJsonIntegerMax + 1,
                                    -kJsonIntegerMax - 1,
                                    ~std::uint64_t{0},
                                    json::binary({1}),
                                    json("\xff"),
                                    json("\xed\xa0\x80"),
                                    json{{"é", 1}},
                                    json::array({deep})};
    for (const json& value : refused) {
        try {
            canonical_json(value);
            FAIL("accepted");
        } catch (const Error& error) {
            REQUIRE(error.kind() == ErrorKind::kInvalid);
            REQUIRE(error.code() == "json.not_canonical");
        }
    }
}

TEST_CASE("canonical json: a text is canonical in exactly one form", "[ledger][canonical_json]") {
    for (const std::string text :
         {"null", "true", "0", "-1", "9007199254740991", R"("")", "{}", "[]", R"({"":0})",
          R"({"a":[1,{"b":"\n\u001f\""}],"b":"中文 /"})", R"(["\u0000","\b\f\r\t"])"}) {
        INFO(text);
        REQUIRE(is_canonical(text));
        REQUIRE(naive_is_canonical(text));
    }
    REQUIRE(is_canonical(nested(kJsonDepthMax)));
    REQUIRE_FALSE(is_canonical(nested(kJsonDepthMax + 1)));
    REQUIRE_FALSE(is_canonical(std::string(1'000'000, '[')));
    struct Case {
        std::string text;
        std::size_t offset;
    };
    const std::vector<Case> cases{{"", 0},
                                  {" 1", 0},
                                  {"1 ", 1},
                                  {"1\n", 1},
                                  {"01", 0},
                                  {"-0", 0},
                                  {"+1", 0},
                                  {"1.0", 0},
                                  {"1e2", 0},
                                  {"9007199254740992", 0},
                                  {"99999999999999999999999999", 0},
                                  {"-", 0},
                                  {"nul", 0},
                                  {"NaN", 0},
                                  {R"({"b":1,"a":2})", 7},
                                  {R"({"a":1,"a":2})", 7},
                                  {R"({"a" :1})", 4},
                                  {R"({"a":1,})", 7},
                                  {"[1,]", 3},
                                  {"[,1]", 1},
                                  {"[1", 2},
                                  {R"({"a":1)", 6},
                                  {R"("a)", 2},
                                  {R"("\/")", 1},
                                  {R"("\u000a")", 1},
                                  {R"("\u0022")", 1},
                                  {R"("\u001F")", 1},
                                  {R"("\u0041")", 1},
                                  {R"("\ud83d\ude02")", 1},
                                  {R"("\ud800")", 1},
                                  {"\"\t\"", 1},
                                  {"\"a\xff\"", 0},
                                  {"\"\xed\xa0\x80\"", 0},
                                  {"{\"\xc3\xa9\":1}", 1},
                                  {R"({"\u0000b":1,"\u0000a":1})", 13},
                                  {R"({a:1})", 1},
                                  {R"([1]])", 3},
                                  {std::string("1\0", 2), 1}};
    for (const Case& refused : cases) {
        INFO(refused.text);
        const auto fault = canonical_fault(refused.text);
        REQUIRE(fault.has_value());
        REQUIRE(fault->offset == refused.offset);
        REQUIRE_FALSE(fault->what.empty());
        REQUIRE_FALSE(naive_is_canonical(refused.text));
    }
}

TEST_CASE("canonical json: the one-pass check agrees with parse, write and compare",
          "[ledger][canonical_json]") {
    const std::uint64_t seed = std::random_device{}();
    std::printf("canonical_json_test seed %llu\n", static_cast<unsigned long long>(seed));
    std::mt19937_64 random(seed);
    for (int round = 0; round < 3'000; ++round) {
        const json value = random_value(random, 4);
        const std::string text = canonical_json(value);
        REQUIRE(is_canonical(text));
        REQUIRE(json::parse(text) == value);
        std::string changed = text;
        const std::string bytes = "\"\\{}[],:0123-ab \n\xc3\xa9u";
        for (auto n = 1 + random() % 3; n > 0; --n) {
            const char byte = bytes[random() % bytes.size()];
            const std::size_t at = random() % (changed.size() + 1);
            switch (random() % 3) {
                case 0: changed.insert(at, 1, byte); break;
                case 1: changed.erase(at, 1); break;
                default:
                    if (at < changed.size()) changed[at] = byte;
            }
        }
        INFO(changed);
        REQUIRE(is_canonical(changed) == naive_is_canonical(changed));
    }
}
