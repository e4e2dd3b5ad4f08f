#include "ledger/entry_schema.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "base/check.h"
#include "ledger/field_format.h"
#include "ledger/kinds.h"
#include "tests/support/catch.h"
#include "tests/support/places.h"
#include "tests/support/sample_body.h"

using namespace pdx;
using namespace pdx::ledger;
using nlohmann::json;

namespace {

const std::string kTwoRoles = "words role = buyer auditor\n";

std::optional<SchemaFault> fault_of(const KindTable& table, const std::string& body) {
    Entry entry = pdx::bodies::sample_entry_of(*table.find("thing.done", 1), json::object());
    entry.body = body;
    return table.check(*table.find("thing.done", 1), entry);
}

/// A table of one kind with these members.
KindTable one_kind(const std::string& members, const std::string& before = {}) {
    return KindTable::parse(kTwoRoles + before + "kind thing.done 1 on thing = " + members + "\n");
}

bool accepts(const std::string& type, const std::string& value) {
    return !fault_of(one_kind("a " + type), "{\"a\":" + value + "}");
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

/// Each way to spoil one place of the value, at any depth.
void mutations(const json& value, const std::function<void(const json&)>& use) {
    static const std::vector<json> kOthers{nullptr,
                                           true,
                                           -1,
                                           "",
                                           "free text",
                                           "\xE5\xBC\xA0\xE4\xB8\x89",
                                           json::array({"x"}),
                                           json::object({{"zz_unknown", 1}})};
    for (const json& other : kOthers) {
        if (other != value) use(other);
    }
    if (value.is_object()) {
        json more = value;
        more["zz_unknown"] = 1;
        use(more);
        for (const auto& [name, member] : value.items()) {
            json less = value;
            less.erase(name);
            use(less);
            mutations(member, [&, key = name](const json& spoiled) {
                json changed = value;
                changed[key] = spoiled;
                use(changed);
            });
        }
    } else if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i) {
            mutations(value[i], [&](const json& spoiled) {
                json changed = value;
                changed[i] = spoiled;
                use(changed);
            });
        }
    } else if (value.is_string()) {
        const auto text = value.get<std::string>();
        use(text + " ");
        use(text + "\n");
        use("\"" + text);
    }
}

/// What the schema says, said once more and slowly.
bool conforms(const ValueSchema& schema, const json& value);

bool conforms(const ObjectSchema& schema, const json& value) {
    if (!value.is_object()) return false;
    std::set<std::string> names;
    for (const FieldSchema& field : schema.fields) {
        names.insert(field.name);
        const auto member = value.find(field.name);
        if (member == value.end() ? !field.optional : !conforms(field.value, *member)) return false;
    }
    return std::all_of(value.items().begin(), value.items().end(),
                       [&](const auto& item) { return names.contains(item.key()); });
}

bool conforms(const ValueSchema& schema, const json& value) {
    if (value.is_null()) return schema.nullable;
    switch (schema.type) {
        case FieldType::kObject: return conforms(*schema.object, value);
        case FieldType::kList:
            return value.is_array() && std::all_of(value.begin(), value.end(), [&](const json& v) {
                       return conforms(*schema.element, v);
                   });
        case FieldType::kInteger: return value.is_number_integer() && value >= 0;
        case FieldType::kBoolean: return value.is_boolean();
        case FieldType::kWord:
            return value.is_string() && std::count(schema.words.begin(), schema.words.end(),
                                                   value.get<std::string>()) == 1;
        default: return value.is_string() && matches_format(schema.type, value.get<std::string>());
    }
}

}  // namespace

TEST_CASE("entry schema: each format takes its own texts and no others", "[ledger][schema]") {
    struct Row {
        std::string type;
        std::vector<std::string> good;
        std::vector<std::string> bad;
    };
    const std::string id = pdx::bodies::sample_id(5);
    const std::string hex(64, 'a');
    const std::string key = to_base64(Bytes(32, 1));
    const std::vector<Row> rows{
        {"id(order)", {id}, {"", "5", id + "0", "0190A1B2-0000-7000-8000-000000000005"}},
        {"id_or_empty", {id, ""}, {"x"}},
        {"digest", {hex}, {hex + "a", hex.substr(1), std::string(64, 'A'), std::string(64, 'g')}},
        {"commitment", {hex}, {""}},
        {"money",
         {"0", "1", "9223372036854775807"},
         {"", "00", "01", "-1", "+1", "1.0", "9223372036854775808", "99999999999999999999"}},
        {"count", {"0", "18"}, {"1e3"}},
        {"date", {"2026-03-01", "2024-02-29"}, {"2026-02-29", "2026-3-1", "20260301", ""}},
        {"timestamp",
         {"2026-03-01T08:00:00.000000Z"},
         {"2026-03-01T08:00:00Z", "2026-03-01", "2026-03-01T24:00:00.000000Z"}},
        {"code",
         {"order.paid", "a", "a_b.c", "encoding.utf32"},
         {"", ".a", "a.", "a..b", "a1234", "a1.b2.c34", "A", "a b"}},
        {"rule", {"demo@1", "cn-2025@12"}, {"demo", "@1", "demo@", "demo@x", "Demo@1", "a b@1"}},
        {"public_key", {key}, {key.substr(1), to_base64(Bytes(31, 1)), std::string(44, '-')}},
        {"signature", {to_base64(Bytes(64, 1))}, {key}},
        {"account", {"bank_clearing", "escrow:" + id}, {"", "Escrow", "escrow:", "escrow:x"}},
        {"registration_code",
         {"LX-320200-2026-000001-5C"},
         {"LX-320200-2026-000001-5c", "XX-320200-2026-000001-5C", "LX-320200-2026-0000001-5C"}},
        {"field_name",
         {"a", "_x9", "legal_rep_id_no", std::string(64, 'a')},
         {"", "9a", "a b", "a-b", std::string(65, 'a'), "\xE5\xBC\xA0\xE4\xB8\x89"}},
        {"catalog_identifier",
         {"320200WXSCJG/D000001C5", "320200A/D00000199"},
         {"320200/D000001C5", "320200WX/d000001C5", "32020WX/D000001C5", "320200wx/D000001C5"}},
        {"operation",
         {"drop", "keep_first_last(3,4)", "pseudonym(d1)"},
         {"", "drop()", "drop(", "drop)", "Drop", "keep(3 4)", "drop(3)x"}},
        {"one_of(a b)", {"a", "b"}, {"", "c", "a b", "aa"}},
    };
    for (const Row& row : rows) {
        for (const std::string& text : row.good) {
            INFO(row.type << ": " << text);
            CHECK(accepts(row.type, quoted(text)));
        }
        for (const std::string& text : row.bad) {
            INFO(row.type << ": " << text);
            CHECK_FALSE(accepts(row.type, quoted(text)));
        }
        CHECK_FALSE(accepts(row.type, "null"));
        CHECK_FALSE(accepts(row.type, "7"));
        CHECK(accepts(row.type + "|null", "null"));
        CHECK(accepts("[" + row.type + "]", "[]"));
        CHECK(accepts("[" + row.type + "]", "[" + quoted(row.good[0]) + "]"));
        CHECK_FALSE(accepts("[" + row.type + "]", "[" + quoted(row.bad[0]) + "]"));
    }
    CHECK(accepts("integer", "0"));
    CHECK(accepts("integer", "9007199254740991"));
    CHECK_FALSE(accepts("integer", "-1"));
    CHECK_FALSE(accepts("integer", "\"1\""));
    CHECK(accepts("boolean", "false"));
    CHECK_FALSE(accepts("boolean", "0"));
}

TEST_CASE("entry schema: a fault names the member and never a value", "[ledger][schema]") {
    const KindTable table = one_kind("lines [line], note? code, +line",
                                     "object line = amount money, party id_or_empty\n");
    const auto member = [&](const std::string& body) {
        const auto fault = fault_of(table, body);
        return fault ? fault->member : "none";
    };
    const std::string line = R"("amount":"1","party":"")";
    CHECK(member(R"({"amount":"1","lines":[{)" + line + R"(}],"party":""})") == "none");
    CHECK(member(R"({"amount":"1","lines":[],"note":"a.b","party":""})") == "none");
    CHECK(member(R"({"amount":"1","lines":[{)" + line +
                 R"(},{"amount":"secret","party":""}],)"
                 R"("party":""})") == "body.lines[1].amount");
    CHECK(member(R"({"lines":[],"party":""})") == "body.amount");
    CHECK(member(R"({"amount":"1","lines":[]})") == "body.party");
    CHECK(member(R"({"amount":"1","lines":[],"nobody":"secret","party":""})") == "body");
    CHECK(member(R"({"amount":"1","lines":[{"amount":"1","nobody":1,"party":""}],"party":""})") ==
          "body.lines[0]");
    CHECK(member("{}") == "body.amount");
    CHECK(member("[]") == "body");
    CHECK(member("") == "body");
    CHECK(member(R"({"amount":"1","lines":[)") == "body.lines");
}

TEST_CASE("entry schema: the envelope is held to its formats", "[ledger][schema]") {
    const KindTable table = one_kind("a integer");
    const KindSchema& schema = *table.find("thing.done", 1);
    const auto member = [&](auto change) {
        Entry entry = pdx::bodies::sample_entry_of(schema, {{"a", 1}});
        change(entry);
        const auto fault = table.check(schema, entry);
        return fault ? fault->member : "none";
    };
    CHECK(member([](Entry&) {}) == "none");
    CHECK(member([](Entry& e) { e.actor = "system"; }) == "none");
    CHECK(member([](Entry& e) { e.rule.clear(); }) == "none");
    CHECK(member([](Entry& e) { e.entity_type = "order"; }) == "entity.type");
    CHECK(member([](Entry& e) { e.entity_id = "13812345678"; }) == "entity.id");
    CHECK(member([](Entry& e) { e.actor = "somebody"; }) == "actor");
    CHECK(member([](Entry& e) { e.actor_role = "king"; }) == "role");
    CHECK(member([](Entry& e) { e.rule = "as I like"; }) == "rule");
    CHECK(table.find("thing.done", 2) == nullptr);
    CHECK(table.find("thing", 1) == nullptr);
    const KindTable named =
        KindTable::parse(kTwoRoles + "kind key.used 3 on key:field_name = a integer\n");
    Entry entry = pdx::bodies::sample_entry_of(*named.find("key.used", 3), {{"a", 1}});
    entry.entity_id = pdx::bodies::sample_id(7);
    CHECK(named.check(*named.find("key.used", 3), entry)->member == "entity.id");
    entry.entity_id = "k1";
    CHECK(!named.check(*named.find("key.used", 3), entry));
}

TEST_CASE("entry schema: a table that is not of the language is refused", "[ledger][schema]") {
    for (const std::string text :
         {"kind a.b 1 on a = x nothing", "kind a.b 0 on a = x integer", "kind a.b x on a = x code",
          "kind a.b 1 at a = x code", "kind a.b 1 on a = x", "kind a.b 1 on a = x code, x code",
          "kind a.b 1 on a = +nothing", "kind a.b 1 on | = x code",
          "kind a.b 1 on a:nothing = x code", "words = a", "words a =", "words a = b b",
          "words a = b\nwords a = c", "object a = x one_of()",
          "kind a.b 1 on a = x code\nkind a.b 1 on a = x code", "thing", "object a = x id()",
          "object a = x code\nobject b = x code, +a"}) {
        INFO(text);
        CHECK_THROWS_AS(KindTable::parse(kTwoRoles + text + "\n"), InvariantViolation);
    }
    CHECK_THROWS_AS(KindTable::parse("words other = a\n"), InvariantViolation);
    CHECK(KindTable::parse(kTwoRoles).kinds().empty());
}

TEST_CASE("kinds: valid bodies of every kind are accepted, and what is spoiled is refused",
          "[ledger][schema]") {
    const std::uint64_t seed = std::random_device{}();
    INFO("seed " << seed);
    REQUIRE(kinds().kinds().size() >= 45);
    std::size_t refused = 0;
    for (const KindSchema& schema : kinds().kinds()) {
        INFO(schema.kind);
        for (const bool everything : {true, false, false}) {
            pdx::bodies::BodySampler sampler(seed, everything);
            const json body = sampler.object(schema.body);
            REQUIRE_FALSE(
                kinds().check(schema, pdx::bodies::sample_entry_of(schema, body)).has_value());
            mutations(body, [&](const json& spoiled) {
                if (!spoiled.is_object()) return;
                const bool valid = conforms(schema.body, spoiled);
                const bool taken =
                    !kinds().check(schema, pdx::bodies::sample_entry_of(schema, spoiled));
                if (valid != taken) {
                    CAPTURE(spoiled.dump());
                    REQUIRE(valid == taken);
                }
                refused += taken ? 0 : 1;
            });
        }
    }
    CHECK(refused > 20'000);
}

TEST_CASE("kinds: one may be about any of several nouns", "[ledger][schema]") {
    const KindTable table =
        KindTable::parse(kTwoRoles + "kind thing.gone 1 on order|dispute = a integer\n");
    const KindSchema& schema = *table.find("thing.gone", 1);
    CHECK(schema.entity_types == std::vector<std::string>{"order", "dispute"});
    Entry entry = pdx::bodies::sample_entry_of(schema, {{"a", 1}});
    for (const char* noun : {"order", "dispute"}) {
        entry.entity_type = noun;
        CHECK_FALSE(table.check(schema, entry).has_value());
    }
    for (const char* noun : {"", "party", "order|dispute"}) {
        entry.entity_type = noun;
        CHECK(table.check(schema, entry)->member == "entity.type");
    }
}

TEST_CASE("kinds: the page of the format holds the table word for word", "[ledger][schema]") {
    std::ifstream file(pdx::test::source_folder() / "docs/LEDGER_FORMAT.md");
    const std::string page{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    // When this fails, put the text of ledger/kinds.cpp between the fences of "The kinds".
    CHECK(page.find("```kinds\n" + std::string(kinds_text()) + "```\n") != std::string::npos);
}

TEST_CASE("kinds: the published table is the table", "[ledger][schema]") {
    const json table = json::parse(kinds_json());
    CHECK(table["kinds"].size() == kinds().kinds().size());
    const auto paid = std::find_if(table["kinds"].begin(), table["kinds"].end(),
                                   [](const json& row) { return row["kind"] == "order.paid"; });
    REQUIRE(paid != table["kinds"].end());
    CHECK((*paid)["v"] == 1);
    CHECK((*paid)["entity"] == json::array({"order"}));
    CHECK((*paid)["body"]["journals"]["type"] == "[journal]");
    CHECK((*paid)["body"]["journals"]["optional"] == false);
    CHECK(table["objects"]["posting"]["debit"]["type"] == "account");
    CHECK(table["words"]["order_state"].size() == 11);
}
