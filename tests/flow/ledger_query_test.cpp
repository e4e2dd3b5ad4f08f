/// The auditor's queries over HTTP, against the entries themselves.
#include <functional>
#include <set>

#include "ledger/checkpoint.h"
#include "ledger/merkle.h"
#include "ledger/proof.h"
#include "ledger/tree.h"
#include "tests/flow/support/live_market.h"
#include "tests/support/catch.h"

using namespace pdx;
using nlohmann::json;

namespace {

struct Line {
    std::string entry;  ///< as it stands in the line
    json value;         ///< of the line
};

std::vector<Line> lines_of(const std::string& body) {
    std::vector<Line> lines;
    for (std::size_t at = 0; at < body.size();) {
        const std::size_t end = body.find('\n', at);
        REQUIRE(end != std::string::npos);
        const std::string text = body.substr(at, end - at);
        constexpr std::string_view kBegin = R"({"entry":)";
        REQUIRE(text.starts_with(kBegin));
        const std::size_t rest = text.rfind(R"(,"index":)");
        lines.push_back({text.substr(kBegin.size(), rest - kBegin.size()), json::parse(text)});
        at = end + 1;
    }
    return lines;
}

/// Every page of a list, as a client follows it.
std::vector<json> all_items(const test::HttpClient& client, const std::string& query, int limit) {
    std::vector<json> items;
    std::string cursor;
    do {
        const auto reply = client.get("/api/v1/ledger-entries?limit=" + std::to_string(limit) +
                                      (query.empty() ? "" : "&" + query) + cursor);
        INFO(reply.body);
        REQUIRE(reply.status == 200);
        const json page = json::parse(reply.body);
        for (const json& item : page.at("items")) items.push_back(item);
        cursor = page.at("next").is_null() ? "" : "&cursor=" + page.at("next").get<std::string>();
    } while (!cursor.empty());
    return items;
}

std::set<std::uint64_t> indexes(const std::vector<json>& items) {
    std::set<std::uint64_t> found;
    for (const json& item : items) found.insert(item.at("index").get<std::uint64_t>());
    REQUIRE(found.size() == items.size());
    return found;
}

}  // namespace

TEST_CASE("ledger over HTTP: queries give what the entries say, and lines prove themselves",
          "[flow][ledger_query]") {
    const test::LiveMarket live;
    const std::string resource = live.market.draft_resource();
    live.market.upload(resource, test::SmallMarket::rows(50));
    live.finish_story(resource);
    const test::HttpClient client = live.market.as("");
    const auto streamed = client.get("/api/v1/ledger-entries.ndjson");
    REQUIRE(streamed.status == 200);
    CHECK(streamed.headers.at("content-type") == "application/x-ndjson");
    CHECK(streamed.headers.at("access-control-allow-origin") == "*");
    const auto lines = lines_of(streamed.body);
    const std::uint64_t size = live.market.log_size();
    REQUIRE(lines.size() == size);

    // The header's checkpoint is the root of exactly these lines.
    const auto key = *ledger::NoteVerifier::parse(live.exchange.vkey());
    const auto note = from_base64(streamed.headers.at("ledger-checkpoint"));
    REQUIRE(note.has_value());
    const auto opened = ledger::open_checkpoint(as_text(*note), key);
    REQUIRE(opened.status == ledger::CheckpointStatus::kVerified);
    REQUIRE(opened.checkpoint.size == size);
    ledger::Appender tree;
    for (const Line& line : lines) {
        CHECK(line.value.at("index") == tree.size());
        const Digest leaf = ledger::leaf_hash(as_bytes(line.entry));
        CHECK(line.value.at("leaf") == leaf.hex());
        tree.append(leaf);
    }
    CHECK(tree.seal().root == opened.checkpoint.root);

    const auto scan = [&](const std::function<bool(const json&)>& wanted) {
        std::set<std::uint64_t> found;
        for (const Line& line : lines) {
            if (wanted(line.value.at("entry")))
                found.insert(line.value.at("index").get<std::uint64_t>());
        }
        return found;
    };
    for (std::size_t i = 0; i < lines.size(); i += 3) {
        const json& entry = lines[i].value.at("entry");
        const std::string kind = entry.at("kind");
        const std::string actor = entry.at("actor");
        const std::string type = entry.at("entity").at("type");
        const std::string id = entry.at("entity").at("id");
        const std::string at = entry.at("at");
        const std::string entity = "entity_type=" + type + "&entity_id=" + id;
        const auto about = [&](const json& e) {
            return e.at("entity").at("id") == id && e.at("entity").at("type") == type;
        };
        INFO(kind << " " << actor << " " << entity << " " << at);
        CHECK(indexes(all_items(client, "kind=" + kind, 2)) ==
              scan([&](const json& e) { return e.at("kind") == kind; }));
        CHECK(indexes(all_items(client, "actor=" + actor, 50)) ==
              scan([&](const json& e) { return e.at("actor") == actor; }));
        CHECK(indexes(all_items(client, entity, 1)) == scan(about));
        if (actor != "system") {
            CHECK(indexes(all_items(client, "mentions=" + actor, 5)) ==
                  scan([&](const json& e) { return e.dump().find(actor) != std::string::npos; }));
        }
        CHECK(indexes(all_items(client, entity + "&actor=" + actor + "&kind=" + kind, 3)) ==
              scan([&](const json& e) {
                  return about(e) && e.at("actor") == actor && e.at("kind") == kind;
              }));
        CHECK(indexes(all_items(client, "since=" + at + "&actor=" + actor, 7)) ==
              scan([&](const json& e) { return e.at("at") >= at && e.at("actor") == actor; }));
        const std::string history = "/api/v1/ledger-entities/" + type + "/" + id + "/history";
        const json all = json::parse(client.get(history).body);
        CHECK(indexes(all.at("items").get<std::vector<json>>()) == scan(about));
        CHECK(all.at("whole") == true);
        CHECK(all.at("items").at(0).at("prev").is_null());
        const auto first = client.get(history + "?limit=1");
        const json page = json::parse(first.body);
        if (page.at("next").is_string()) {
            const json rest = json::parse(
                client.get(history + "?cursor=" + page.at("next").get<std::string>()).body);
            CHECK(rest.at("whole") == true);
            CHECK(rest.at("items").size() + 1 == all.at("items").size());
        }
        std::set<std::uint64_t> earlier = scan([&](const json& e) { return e.at("at") < at; });
        earlier.erase(earlier.begin(), earlier.lower_bound(3));
        CHECK(indexes(all_items(client, "until=" + at + "&from=3", 9)) == earlier);
    }
    // A row leads to its receipt, and the receipt holds for the row's bytes.
    for (const json& item : all_items(client, "from=5&to=9", 100)) {
        const auto receipt = client.get(item.at("receipt").get<std::string>());
        const auto result = ledger::verify_receipt(receipt.body, key);
        CHECK(result.ok());
        CHECK(result.index == item.at("index"));
        CHECK(as_text(result.entry) == item.at("entry").get<std::string>());
    }
    const auto part = lines_of(client.get("/api/v1/ledger-entries.ndjson?from=7&to=9").body);
    REQUIRE(part.size() == 2);
    CHECK(part.front().entry == lines[7].entry);
    CHECK(client.get("/api/v1/ledger-entries.ndjson?from=9&to=9").body.empty());
    CHECK(client.get("/api/v1/ledger-entries.ndjson?from=999999").body.empty());
    const auto head = client.call({.method = "HEAD", .path = "/api/v1/ledger-entries.ndjson"});
    CHECK(head.status == 200);
    CHECK(head.headers.count("ledger-checkpoint") == 1);

    CHECK(client.get("/api/v1/ledger-entities/order/none/history").status == 404);
    for (const std::string query :
         {"entity_id=1", "entity_type=order", "since=yesterday-or-so-x",
          "until=2026-03-01T08:00:00", "from=-1", "to=x", "limit=0", "mentions="}) {
        INFO(query);
        CHECK(client.get("/api/v1/ledger-entries?" + query).status == 422);
    }
}
