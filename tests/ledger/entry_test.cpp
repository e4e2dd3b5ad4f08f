#include "ledger/entry.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"
#include "tests/ledger/support/must.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::ledger;

namespace {

Entry sample() {
    return {.log = "exchange.example/wuxi",
            .kind = "order.paid",
            .entity_type = "order",
            .entity_id = "0190a1b2-0000-7000-8000-000000000001",
            .at = test::must(Timestamp::parse("2026-03-01T08:00:00Z")),
            .actor = "0190a1b2-0000-7000-8000-000000000002",
            .actor_role = "buyer",
            .rule = "fees/2026-01",
            .body = R"({"amount":"12345","currency":"CNY"})"};
}

std::string text_of(const Bytes& bytes) { return std::string(as_text(bytes)); }

}  // namespace

TEST_CASE("entry: the bytes are the documented ones and read back", "[ledger][entry]") {
    const Bytes bytes = encode_entry(sample());
    REQUIRE(text_of(bytes) ==
            R"({"actor":"0190a1b2-0000-7000-8000-000000000002","at":"2026-03-01T08:00:00.000000Z",)"
            R"("body":{"amount":"12345","currency":"CNY"},)"
            R"("entity":{"id":"0190a1b2-0000-7000-8000-000000000001","type":"order"},)"
            R"("kind":"order.paid","log":"exchange.example/wuxi","prev":null,"role":"buyer",)"
            R"("rule":"fees/2026-01","v":1})");
    REQUIRE(is_canonical(as_text(bytes)));
    REQUIRE(canonical_json(nlohmann::json::parse(bytes)) == text_of(bytes));
    const ParsedEntry parsed = parse_entry(as_text(bytes));
    REQUIRE(parsed.reading == EntryReading::kRead);
    REQUIRE(parsed.entry == sample());
}

TEST_CASE("entry: texts with quotes and Chinese survive", "[ledger][entry]") {
    Entry entry = sample();
    entry.entity_id = "证\"书\\\n\x01";
    entry.rule.clear();
    entry.body = "{}";
    const Bytes bytes = encode_entry(entry);
    REQUIRE(is_canonical(as_text(bytes)));
    REQUIRE(parse_entry(as_text(bytes)).entry == entry);
}

TEST_CASE("entry: 65,535 bytes fit and 65,536 do not", "[ledger][entry]") {
    Entry entry = sample();
    entry.body = R"({"x":""})";
    const std::size_t room = kEntryBytesMax - encode_entry(entry).size();
    const auto filled = [](std::size_t count) {
        return R"({"x":")" + std::string(count, 'a') + R"("})";
    };
    entry.body = filled(room);
    REQUIRE(encode_entry(entry).size() == kEntryBytesMax);
    entry.body = filled(room + 1);
    try {
        encode_entry(entry);
        FAIL("accepted");
    } catch (const Error& error) {
        REQUIRE(error.kind() == ErrorKind::kTooLarge);
        REQUIRE(error.code() == "entry.too_large");
    }
}

TEST_CASE("entry: a body that is no canonical object is refused", "[ledger][entry]") {
    for (const std::string body : {"", "[]", "1", "{} ", R"({"b":1,"a":2})", R"({"a":1.5})",
                                   R"({},"evil":{})", R"({"a":)", "{\"a\":\"\xff\"}"}) {
        Entry entry = sample();
        entry.body = body;
        INFO(body);
        REQUIRE_THROWS_AS(encode_entry(entry), Error);
    }
    Entry entry = sample();
    const auto nested = [](unsigned depth) {
        return R"({"x":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
    };
    entry.body = nested(kJsonDepthMax - 1);
    REQUIRE(parse_entry(text_of(encode_entry(entry))).reading == EntryReading::kRead);
    entry.body = nested(kJsonDepthMax);
    REQUIRE(is_canonical(entry.body));
    REQUIRE_THROWS_AS(encode_entry(entry), Error);
}

TEST_CASE("entry: an empty or over-long member is a bug", "[ledger][entry]") {
    for (auto member : {&Entry::log, &Entry::kind, &Entry::entity_type, &Entry::entity_id,
                        &Entry::actor, &Entry::actor_role}) {
        Entry entry = sample();
        entry.*member = "";
        REQUIRE_THROWS_AS(encode_entry(entry), InvariantViolation);
        entry.*member = std::string(256, 'x');
        REQUIRE_THROWS_AS(encode_entry(entry), InvariantViolation);
    }
    for (const int version : {-1, 0, kKindVersionMax + 1}) {
        Entry entry = sample();
        entry.v = version;
        REQUIRE_THROWS_AS(encode_entry(entry), InvariantViolation);
    }
    Entry entry = sample();
    entry.prev = PreviousEntry{1ULL << 53, {}};
    REQUIRE_THROWS_AS(encode_entry(entry), InvariantViolation);
}

TEST_CASE("entry: the link to the entity's entry before it reads back", "[ledger][entry]") {
    Entry entry = sample();
    for (const std::uint64_t index :
         {std::uint64_t{0}, std::uint64_t{41}, (std::uint64_t{1} << 53) - 1}) {
        entry.prev = PreviousEntry{index, sha256(std::to_string(index))};
        const Bytes bytes = encode_entry(entry);
        REQUIRE(is_canonical(as_text(bytes)));
        REQUIRE(text_of(bytes).find(R"("prev":{"index":)" + std::to_string(index) + R"(,"leaf":")" +
                                    entry.prev->leaf.hex() + R"("},"role")") != std::string::npos);
        REQUIRE(parse_entry(as_text(bytes)).entry == entry);
    }
    const std::string text = text_of(encode_entry(sample()));
    const std::string leaf = sha256("x").hex();
    std::string upper = leaf;
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    for (const std::string& other :
         {std::string("0"), std::string("{}"), R"({"index":-1,"leaf":")" + leaf + R"("})",
          R"({"index":1,"leaf":")" + upper + R"("})",
          R"({"index":1,"leaf":")" + leaf.substr(2) + R"("})", std::string(R"({"index":1})"),
          R"({"index":1,"leaf":")" + leaf + R"(","more":1})"}) {
        std::string copy = text;
        copy.replace(copy.find("null"), 4, other);
        INFO(copy);
        REQUIRE(is_canonical(copy));
        REQUIRE(parse_entry(copy).reading == EntryReading::kCannotInterpret);
    }
    // The shape before there were links.
    std::string old = text;
    old.replace(old.find(R"(,"prev":null)"), 12, "");
    REQUIRE(parse_entry(old).reading == EntryReading::kCannotInterpret);
    std::string later = text;
    later.replace(later.find(R"("v":1)"), 5, R"("v":2)");
    REQUIRE(parse_entry(later).entry.v == 2);
}

TEST_CASE("entry: what is not understood cannot be interpreted, and is not called wrong",
          "[ledger][entry]") {
    const std::string text = text_of(encode_entry(sample()));
    const auto replaced = [&](const std::string& from, const std::string& to) {
        std::string copy = text;
        copy.replace(copy.find(from), from.size(), to);
        return copy;
    };
    for (const std::string& other :
         {std::string("{}"), std::string("[]"), std::string("7"), replaced(R"("v":1)", R"("v":0)"),
          replaced(R"("v":1)", R"("v":10000)"), replaced(R"(,"v":1)", R"(,"v":1,"w":{})"),
          replaced(R"("kind":"order.paid")", R"("kind":3)"), replaced(R"("order.paid")", R"("")"),
          replaced(".000000Z", "Z"), replaced("2026-03-01", "2026-13-01")}) {
        INFO(other);
        REQUIRE(parse_entry(other).reading == EntryReading::kCannotInterpret);
    }
    for (const std::string& broken :
         {std::string(), text + " ", " " + text, replaced(R"("v":1)", R"("v":1.0)"),
          replaced(R"("actor")", R"("zctor")"), replaced("CNY", "\xff"),
          replaced(R"("amount")", R"("currency")")}) {
        INFO(broken);
        REQUIRE(parse_entry(broken).reading == EntryReading::kNotCanonical);
    }
}

TEST_CASE("entry: every byte matters to the reading", "[ledger][entry]") {
    const std::string text = text_of(encode_entry(sample()));
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string changed = text;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        const ParsedEntry parsed = parse_entry(changed);
        if (parsed.reading != EntryReading::kRead) continue;
        REQUIRE(parsed.entry != sample());
        REQUIRE(text_of(encode_entry(parsed.entry)) == changed);
    }
}
