/// A ledger that began under older versions of its kinds adds up as it did then.
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/kinds.h"
#include "ledger/store/log_store.h"
#include "marketplace/app/replay.h"
#include "marketplace/app/replay_compare.h"
#include "tests/app/support/trade.h"
#include "tests/support/catch.h"

using namespace pdx;
using nlohmann::json;
using test::Trade;

namespace {

const std::vector<std::string> kComparedTypes{"party",   "application", "contract", "product",
                                              "listing", "order",       "delivery", "account"};

/// Leaves of an object what the named one of the table has.
void keep_members(json& object, const std::string& name) {
    std::set<std::string> kept;
    for (const auto& field : ledger::kinds().objects().at(name)->fields) kept.insert(field.name);
    for (auto at = object.begin(); at != object.end();) {
        at = kept.contains(at.key()) ? std::next(at) : object.erase(at);
    }
}

/// As the exchange wrote it before it recorded the rules that found personal data.
void make_older(ledger::Entry& entry) {
    json body = json::parse(entry.body);
    body.erase("detector");
    body.erase("sensitivity_profile");
    entry.v = 1;
    if (body.contains("columns")) {
        for (json& column : body["columns"]) keep_members(column, "masked_column");
    }
    if (body.contains("risk")) {
        keep_members(body["risk"], "release_risk");
        entry.v = 2;
    }
    entry.body = body.dump();
}

}  // namespace

TEST_CASE("replay: entries of older versions add up to the same market", "[app][replay]") {
    const bool limited = GENERATE(true, false);
    std::optional<privacy::RiskRule> limits;
    if (limited) limits = privacy::RiskRule{{.k_min = 40}, "legal_rep_id_no"};
    Trade trade(10'007, limits);
    trade.delivered();
    const auto db = trade.market.open();
    ledger::LogStore log(*db, trade.market.context().log_origin);
    app::Replay newer;
    app::Replay older;
    std::size_t changed = 0;
    std::uint64_t index = 0;
    for (const auto& stored : log.entries(0, ledger::kEntryPageMax)) {
        ledger::Entry entry = stored.parsed.entry;
        newer.apply(index, entry);
        if (entry.kind == "delivery.published" || entry.kind == "dataset.uploaded") {
            ++changed;
            make_older(entry);
            INFO(entry.kind << " " << entry.body);
            const ledger::KindSchema* schema = ledger::kinds().find(entry.kind, entry.v);
            REQUIRE(schema != nullptr);
            CHECK_FALSE(ledger::kinds().check(*schema, entry).has_value());
        }
        older.apply(index++, entry);
    }
    CHECK(changed == 2);
    for (const app::Replay* replay : {&newer, &older}) {
        CHECK(replay->illegal_count() == 0);
        CHECK(app::compare_with_database(replay->state(), *db, kComparedTypes).equal());
    }
}
