#include "marketplace/app/replay.h"

#include <algorithm>
#include <random>
#include <set>

#include "ledger/store/log_store.h"
#include "marketplace/app/entity_states.h"
#include "marketplace/app/private_part_service.h"
#include "marketplace/app/replay_compare.h"
#include "marketplace/domain/journal.h"
#include "sql/snapshot.h"
#include "tests/app/support/refused.h"
#include "tests/app/support/trade.h"
#include "tests/support/catch.h"

using namespace pdx;
using nlohmann::json;
using test::Market;
using test::Trade;

namespace {

/// The support code lays resources and datasets into the database without telling the ledger.
const std::vector<std::string> kTypes{"party",   "application", "contract",    "product",
                                      "listing", "order",       "delivery",    "settlement",
                                      "dispute", "account",     "private_part"};

std::vector<ledger::Entry> entries_of(Trade& trade) {
    const auto db = trade.market.open();
    ledger::LogStore log(*db, trade.market.context().log_origin);
    std::vector<ledger::Entry> entries;
    for (const auto& stored : log.entries(0, ledger::kEntryPageMax)) {
        entries.push_back(stored.parsed.entry);
    }
    return entries;
}

app::Replay replay_of(const std::vector<ledger::Entry>& entries) {
    app::Replay replay;
    for (std::size_t i = 0; i < entries.size(); ++i) replay.apply(i, entries[i]);
    return replay;
}

app::Comparison compare_market(Trade& trade) {
    const auto db = trade.market.open();
    const sql::ReadSnapshot snapshot(*db);
    const app::Replay replay = replay_of(entries_of(trade));
    for (const app::IllegalStep& step : replay.illegal()) {
        UNSCOPED_INFO(app::describe(step));
    }
    CHECK(replay.illegal_count() == 0);
    return app::compare_with_database(replay.state(), *db, kTypes);
}

void check_equal(Trade& trade) {
    const app::Comparison comparison = compare_market(trade);
    for (const auto& one : comparison.differences) UNSCOPED_INFO(app::describe(one, "database"));
    CHECK(comparison.count == 0);
    CHECK(comparison.entities > 20);
}

/// The first texts of a thing, which the law does not need any more.
template <class IdType>
void erase_texts(Trade& trade, std::string_view type, const IdType& id, std::size_t count) {
    app::PrivatePartService parts(trade.market.context());
    const auto stored = store::list_private_parts(*trade.market.open(), type, id.text());
    for (std::size_t i = 0; i < count; ++i) {
        parts.erase(Market::write(trade.admin), stored.at(i).commitment,
                    domain::ErasureReason::kDataSubjectRequest);
    }
}

/// Every path that money can take, and what is erased afterwards.
void play_everything(Trade& trade) {
    const OrderId paid_out = trade.settled();
    trade.settlements.pay_out(Market::write(trade.admin), trade.settlement_of(paid_out));
    const OrderId refunded = trade.paid();
    trade.orders.cancel(Market::write(trade.buyer), refunded);
    trade.orders.cancel(Market::write(trade.buyer), trade.placed());
    const OrderId disputed = trade.delivered();
    trade.resolve(trade.dispute(disputed, 3'000), 1'234);
    trade.settlements.settle(Market::write(trade.admin), disputed);
    const OrderId late = trade.settled();
    const DisputeId late_dispute = trade.dispute(late, 1'000'000);
    trade.resolve(late_dispute, trade.price);
    const OrderId dismissed = trade.settled();
    const DisputeId dispute = trade.dispute(dismissed, 77);
    trade.disputes.decide_acceptance(Market::write(trade.arbitrator), dispute,
                                     app::AcceptanceDecision::kNotAccept, "无关");
    const OrderId rejected = trade.delivered();
    trade.orders.reject(Market::write(trade.buyer), rejected, "缺少字段");
    trade.download(trade.deliver(rejected));
    trade.placed();
    trade.dispute(trade.paid(), 5);
    // The purpose of the order that was refunded, and what was said about the late one.
    erase_texts(trade, "order", refunded, 1);
    erase_texts(trade, "dispute", late_dispute, 3);
}

ledger::Entry& find(std::vector<ledger::Entry>& entries, std::string_view kind) {
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const ledger::Entry& e) { return e.kind == kind; });
    REQUIRE(found != entries.end());
    return *found;
}

}  // namespace

TEST_CASE("replay: a whole market is rebuilt from its entries alone", "[app][replay]") {
    Trade trade;
    play_everything(trade);
    check_equal(trade);
    trade.supervise(domain::ContractEvent::kSuspend);
    trade.listings.delist(Market::write(trade.licensed_operator), trade.listing);
    check_equal(trade);
}

TEST_CASE("replay: seeded markets equal their ledgers after every step", "[app][replay]") {
    const auto seed = GENERATE(1U, 2U, 3U);
    INFO("seed " << seed);
    std::minstd_rand random{seed};
    const auto pick = [&](std::size_t below) { return random() % below; };
    Trade trade;
    std::vector<OrderId> orders;
    std::vector<DisputeId> disputes;
    const std::vector<std::function<void(const OrderId&)>> acts{
        [&](const OrderId&) { orders.push_back(trade.placed()); },
        [&](const OrderId& id) { trade.pay(id); },
        [&](const OrderId& id) { trade.deliver(id); },
        [&](const OrderId& id) { trade.orders.accept(Market::write(trade.buyer), id); },
        [&](const OrderId& id) { trade.orders.reject(Market::write(trade.buyer), id, "不合格"); },
        [&](const OrderId& id) { trade.orders.cancel(Market::write(trade.buyer), id); },
        [&](const OrderId& id) { trade.settlements.settle(Market::write(trade.admin), id); },
        [&](const OrderId& id) {
            trade.settlements.pay_out(Market::write(trade.admin), trade.settlement_of(id));
        },
        [&](const OrderId& id) {
            disputes.push_back(trade.dispute(id, 1 + static_cast<std::int64_t>(pick(20'000))));
        },
        [&](const OrderId&) {
            if (disputes.empty()) return;
            trade.resolve(disputes[pick(disputes.size())], static_cast<std::int64_t>(pick(10'000)));
        },
    };
    orders.push_back(trade.placed());
    int done = 0;
    for (int step = 0; step < 120; ++step) {
        const OrderId id = orders[pick(orders.size())];
        try {
            acts[pick(acts.size())](id);
            ++done;
        } catch (const Error&) {
            continue;  // refused: nothing was written
        }
    }
    CHECK(done > 10);
    check_equal(trade);
}

TEST_CASE("replay: a row that was changed behind the ledger's back is named", "[app][replay]") {
    struct Case {
        sql::Query change;
        std::string type;
        std::string member;
    };
    const std::vector<Case> cases{
        {{"t1", "UPDATE orders SET state = 'accepted' WHERE state = 'placed'"}, "order", "state"},
        {{"t2", "UPDATE orders SET amount_fen = amount_fen + 1"}, "order", "amount"},
        {{"t3", "UPDATE orders SET refunded_fen = 1 WHERE refunded_fen = 0"}, "order", "refunded"},
        {{"t4", "UPDATE orders SET buyer_id = operator_id"}, "order", "buyer_id"},
        {{"t5",
          "UPDATE account SET balance_fen = balance_fen + 1 WHERE account_key = "
          "'bank_clearing'"},
         "account",
         "balance"},
        {{"t6", "UPDATE settlement_line SET amount_fen = amount_fen + 1 WHERE position = 1"},
         "settlement",
         "lines/1/amount"},
        {{"t7", "DELETE FROM settlement_line WHERE position = 2"}, "settlement", "lines/2/amount"},
        {{"t8", "UPDATE contract SET price_ceiling_fen = price_ceiling_fen * 2"},
         "contract",
         "price_ceiling"},
        {{"t9", "UPDATE contract SET contract_text = 'another'"}, "contract", "text_digest"},
        {{"t10", "UPDATE contract_share SET basis_points = basis_points + 1"},
         "contract",
         "shares/0/basis_points"},
        {{"t11", "UPDATE dispute SET held_fen = held_fen - 1"}, "dispute", "held"},
        {{"t12", "UPDATE dispute SET arbitrator_id = claimant_id WHERE arbitrator_id IS NOT NULL"},
         "dispute",
         "arbitrator_id"},
        {{"t13", "UPDATE party SET party_role = 'exchange_admin' WHERE party_role = 'buyer'"},
         "party",
         "role"},
        {{"t14", "UPDATE listing SET price_fen = 1"}, "listing", "price"},
        {{"t15", "UPDATE product SET state = 'suspended'"}, "product", "state"},
        {{"t16", "UPDATE application_field SET operation = 'pass' WHERE operation = 'pseudonym'"},
         "application",
         "fields/1/operation"},
        {{"t17", "UPDATE payment SET amount_fen = amount_fen + 1"}, "order", "payment/amount"},
        {{"t18", "DELETE FROM delivery"}, "delivery", ""},
        {{"t19", "UPDATE delivery SET downloads = downloads + 1"}, "delivery", "downloads"},
        {{"t20", "UPDATE orders SET updated_at = updated_at + 1"}, "order", "updated_at"},
        {{"t21", "UPDATE party_key SET created_at = 5"}, "party", ""},
        {{"t22",
          "UPDATE orders SET order_id = '0190a1b2-0000-7000-8000-000000000001' "
          "WHERE state = 'placed'"},
         "order",
         ""},
        // A part that went without an entry, one that came back after it, and one that is cut.
        {{"t23", "DELETE FROM private_part WHERE kind = 'dispute.filed'"}, "private_part", ""},
        {{"t24",
          "UPDATE private_part SET wrapped_key = NULL, sealed_part = NULL, erased_at = 5, "
          "erasure_reason = 'court_order' WHERE kind = 'order.paid'"},
         "private_part",
         "texts"},
        {{"t25",
          "UPDATE private_part SET wrapped_key = NULL, sealed_part = NULL WHERE kind = "
          "'order.rejected'"},
         "private_part",
         "texts"},
        {{"t26",
          "UPDATE private_part SET erased_at = NULL, erasure_reason = NULL, wrapped_key = "
          "(SELECT max(wrapped_key) FROM private_part), sealed_part = (SELECT max(sealed_part) "
          "FROM private_part) WHERE erased_at IS NOT NULL"},
         "private_part",
         "texts"},
        {{"t27", "UPDATE private_part SET sealed_part = x'00' WHERE kind = 'order.paid'"},
         "private_part",
         "texts"},
        {{"t28", "UPDATE private_part SET wrapped_key = NULL WHERE kind = 'order.paid'"},
         "private_part",
         "texts"},
        {{"t29", "UPDATE private_part SET entity_id = '0190a1b2-0000-7000-8000-000000000001'"},
         "private_part",
         "entity_id"},
        {{"t30", "UPDATE private_part SET erasure_reason = 'court_order' WHERE erased_at > 0"},
         "private_part",
         "reason"},
        {{"t31", "UPDATE private_part SET log_index = log_index + 1 WHERE kind = 'order.paid'"},
         "private_part",
         "log_index"},
    };
    Trade trade;
    play_everything(trade);
    const app::Replay replay = replay_of(entries_of(trade));
    for (const Case& one : cases) {
        const auto db = trade.market.open();
        const sql::Transaction undone(*db);
        INFO(one.change.text);
        REQUIRE(db->run(one.change) > 0);
        const auto comparison = app::compare_with_database(replay.state(), *db, kTypes);
        REQUIRE(comparison.count > 0);
        const app::Difference& first = comparison.differences.front();
        INFO(app::describe(first, "database"));
        CHECK(first.entity.first == one.type);
        if (!one.member.empty()) CHECK(first.member == one.member);
        if (first.ledger && first.other && !first.member.empty()) {
            REQUIRE(first.set_by.has_value());
            CHECK(*first.set_by < replay.applied());
        }
    }
    check_equal(trade);
}

TEST_CASE("replay: what an entry may not say is refused, and named", "[app][replay]") {
    Trade trade;
    play_everything(trade);
    const std::vector<ledger::Entry> honest = entries_of(trade);
    REQUIRE(replay_of(honest).illegal_count() == 0);
    struct Case {
        std::string kind;  ///< the first entry of this kind is changed
        std::function<void(json&)> change;
        std::string detail;  ///< words of the first illegal step
    };
    const auto posting = [](json& body, int journal) -> json& {
        return body.at("journals").at(static_cast<std::size_t>(journal)).at("postings").at(0);
    };
    const std::vector<Case> cases{
        {"order.paid", [](json& b) { b["state"] = "settled"; }, "cannot go from"},
        {"order.paid", [](json& b) { b["version"] = 7; }, "leaves out a version"},
        {"order.paid", [](json& b) { b["version"] = 1; }, "without a new version"},
        {"order.paid", [](json& b) { b.erase("state"); }, "tells no state"},
        {"order.paid", [](json& b) { b["amount"] = "1"; }, "another amount"},
        {"order.paid", [](json& b) { b["buyer_id"] = "x"; }, "never changes"},
        {"order.paid", [&](json& b) { posting(b, 1)["amount"] = "10008"; }, "below zero"},
        {"order.paid", [&](json& b) { posting(b, 1)["amount"] = "-5"; }, "may not be booked"},
        {"order.paid", [&](json& b) { posting(b, 1)["amount"] = "0"; }, "may not be booked"},
        {"order.paid", [&](json& b) { posting(b, 1)["credit"] = "platform_revenue"; },
         "may not be booked"},
        {"order.paid", [&](json& b) { posting(b, 1)["debit"] = "nobody"; }, "may not be booked"},
        {"order.paid", [](json& b) { b["journals"][1]["event"] = "paid_out"; },
         "may not be booked"},
        {"order.paid", [](json& b) { b["journals"][1]["postings"] = json::array(); },
         "may not be booked"},
        {"order.refunded", [](json& b) { b["refunded"] = "0"; }, "refunded"},
        {"order.refunded", [](json& b) { b["journals"] = json::array(); }, "refunded"},
        {"settlement.calculated", [](json& b) { b["order"]["state"] = "closed"; },
         "cannot go from"},
        {"settlement.calculated", [](json& b) { b["journals"] = json::array(); }, "left in escrow"},
        {"settlement.paid", [](json& b) { b["gross"] = "1"; }, "never changes"},
        {"contract.signed", [](json& b) { b["state"] = "in_force"; }, "cannot go from"},
        {"contract.signed", [](json& b) { b["event"] = "abolish"; }, "event that there is not"},
        {"contract.signed", [](json& b) { b.erase("event"); }, "names no event"},
        {"contract.drafted", [](json& b) { b["application"]["state"] = "checked"; },
         "cannot go from"},
        {"dispute.executed", [](json& b) { b["order"]["state"] = "delivered"; },
         "does not lead it to"},
        {"dispute.decided", [](json& b) { b["held"] = "1"; }, "never changes"},
        {"delivery.published", [](json& b) { b["order_id"] = "x"; }, "never changes"},
        {"product.registered", [](json& b) { b["events"] = json::array({"register"}); },
         "cannot go from"},
        {"private_part.erased", [](json& b) { b["commitment"] = std::string(64, '0'); },
         "told nothing of it before"},
    };
    for (const Case& one : cases) {
        std::vector<ledger::Entry> entries = honest;
        ledger::Entry& entry = find(entries, one.kind);
        json body = json::parse(entry.body);
        one.change(body);
        entry.body = body.dump();
        const app::Replay replay = replay_of(entries);
        INFO(one.kind << " " << one.detail);
        REQUIRE(replay.illegal_count() > 0);
        INFO(app::describe(replay.illegal().front()));
        CHECK(replay.illegal().front().index ==
              static_cast<std::uint64_t>(&entry - entries.data()));
        CHECK(replay.illegal().front().detail.find(one.detail) != std::string::npos);
    }
    SECTION("every entry that is left out is missed, but those of tokens, tests and keys") {
        for (std::size_t left_out = 0; left_out < honest.size(); ++left_out) {
            const std::string kind = honest[left_out].kind;
            app::Replay replay;
            for (std::size_t i = 0; i < honest.size(); ++i) {
                if (i != left_out) replay.apply(i, honest[i]);
            }
            const auto db = trade.market.open();
            const bool missed = replay.illegal_count() > 0 ||
                                !app::compare_with_database(replay.state(), *db, kTypes).equal();
            INFO(left_out << " " << kind);
            CHECK(missed == (!kind.starts_with("test.") && !kind.starts_with("dataset.")));
        }
    }
    SECTION("an entry that comes twice is refused") {
        for (std::size_t twice = 0; twice < honest.size(); ++twice) {
            const std::string& kind = honest[twice].kind;
            if (kind.starts_with("test.") || kind.starts_with("party_key.")) continue;
            std::vector<ledger::Entry> entries = honest;
            entries.insert(entries.begin() + static_cast<std::ptrdiff_t>(twice), honest[twice]);
            INFO(twice << " " << kind);
            CHECK(replay_of(entries).illegal_count() > 0);
        }
    }
}

TEST_CASE("replay: an erasure is of what was told, once, of its own thing, in its time",
          "[app][replay]") {
    Trade trade;
    const OrderId order = trade.paid();
    trade.orders.cancel(Market::write(trade.buyer), order);
    const OrderId other = trade.placed();
    erase_texts(trade, "order", order, 1);
    const std::vector<ledger::Entry> honest = entries_of(trade);
    REQUIRE(replay_of(honest).illegal_count() == 0);
    const auto fault = [&](auto change) {
        std::vector<ledger::Entry> entries = honest;
        change(entries);
        const app::Replay replay = replay_of(entries);
        return replay.illegal_count() == 0 ? "" : replay.illegal().front().detail;
    };
    CHECK(fault([&](auto& all) { all.back().entity_id = other.text(); }) ==
          "it is erased as another thing's");
    CHECK(fault([&](auto& all) { all.push_back(all.back()); }) == "it is erased a second time");
    trade.supervise(domain::ContractEvent::kSuspend);
    const std::vector<ledger::Entry> suspended = entries_of(trade);
    for (const auto& reason : domain::names_of(domain::ErasureReason{})) {
        ledger::Entry erased = honest.back();
        erased.entity_type = "contract";
        erased.entity_id = suspended.back().entity_id;
        erased.body = json{
            {"commitment", json::parse(suspended.back().body).at("private_commitment")},
            {"reason",
             reason.name}}.dump();
        std::vector<ledger::Entry> entries = suspended;
        entries.push_back(erased);
        INFO(reason.name);
        CHECK(replay_of(entries).illegal_count() ==
              (reason.value == domain::ErasureReason::kCourtOrder ? 0U : 1U));
    }
    // Before the order was cancelled.
    CHECK(fault([&](auto& all) {
              const auto refunded = std::find_if(all.begin(), all.end(), [](const auto& entry) {
                  return entry.kind == "order.refunded";
              });
              const ledger::Entry erased = all.back();
              all.pop_back();
              all.insert(refunded, erased);
          }) == "it is erased before its order is over");
    CHECK(fault([&](auto& all) {
              ledger::Entry& paid = find(all, "order.paid");
              json body = json::parse(paid.body);
              body["private_commitment"] =
                  json::parse(find(all, "order.placed").body).at("private_commitment");
              paid.body = body.dump();
          }) == "it is committed to a second time");
}

TEST_CASE("replay: nothing that an entry holds makes it fall over", "[app][replay]") {
    Trade trade;
    trade.resolve(trade.dispute(trade.settled(), 100), 50);
    const std::vector<ledger::Entry> honest = entries_of(trade);
    const auto seed = GENERATE(7U, 8U);
    INFO("seed " << seed);
    std::minstd_rand random{seed};
    const std::vector<json> odd{nullptr,
                                -1,
                                9'007'199'254'740'991,
                                "",
                                "x/y~2",
                                json::array(),
                                json::array({json::object({{"a/b~", 1}})}),
                                json::object(),
                                "9223372036854775807",
                                true};
    for (int round = 0; round < 600; ++round) {
        std::vector<ledger::Entry> entries = honest;
        ledger::Entry& entry = entries[random() % entries.size()];
        json flat = json::parse(entry.body).flatten();
        if (flat.empty()) continue;
        auto member = flat.begin();
        std::advance(member, static_cast<std::ptrdiff_t>(random() % flat.size()));
        json body = json::parse(entry.body);
        body[json::json_pointer(member.key())] = odd[random() % odd.size()];
        entry.body = body.dump();
        if (random() % 8 == 0) entry.entity_id = "x/y~2";
        if (random() % 8 == 0) entry.entity_type = "order";
        const app::Replay replay = replay_of(entries);
        for (const auto& [name, entity] : replay.state()) app::to_json(entity);
        CHECK(replay.applied() == entries.size());
    }
}

TEST_CASE("replay: the state is the one after the last entry that was applied", "[app][replay]") {
    Trade trade;
    const OrderId id = trade.paid();
    const std::vector<ledger::Entry> entries = entries_of(trade);
    const std::size_t paid = entries.size() - 1;
    REQUIRE(entries[paid].kind == "order.paid");
    const auto before = replay_of({entries.begin(), entries.end() - 1});
    const auto after = replay_of(entries);
    const app::EntityName name{"order", id.text()};
    CHECK(app::to_json(before.state().at(name)).at("state") == "placed");
    CHECK(app::to_json(after.state().at(name)).at("state") == "escrowed");
    CHECK(after.state().at(name).changed_by == paid);
    CHECK(app::compare_states(before.state(), before.state()).equal());
    const auto differences = app::compare_states(before.state(), after.state());
    CHECK(differences.count > 3);
    CHECK(replay_of({}).state().empty());
}

TEST_CASE("entity: its state as of every entry is the one that a whole replay gives",
          "[app][replay]") {
    Trade trade;
    play_everything(trade);
    app::EntityStates states(trade.market.context());
    const std::vector<ledger::Entry> entries = entries_of(trade);
    const app::ReplayedState last = replay_of(entries).state();
    const std::size_t step = 7;
    for (std::size_t at = 0; at < entries.size(); at += step) {
        const auto whole =
            replay_of({entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(at) + 1});
        for (const auto& [name, unused] : last) {
            if (name.first == "account" || name.first == "dataset") continue;
            INFO(name.first << " " << name.second << " as of " << at);
            const auto known = whole.state().find(name);
            if (known == whole.state().end()) {
                CHECK(test::code_of([&] { states.find(name.first, name.second, at); }) ==
                      "entity.not_found");
                continue;
            }
            const app::EntityAsOf found = states.find(name.first, name.second, at);
            CHECK(found.entity.members == known->second.members);
            CHECK(found.entity.changed_by == known->second.changed_by);
            CHECK(found.at == at);
        }
    }
    const std::string order = trade.placed().text();
    CHECK(states.find("order", order, std::nullopt).entries.size() == 1);
    CHECK(test::code_of([&] { states.find("order", order, 1'000'000); }) == "entity.index");
    CHECK(test::code_of([&] { states.find("order", "nobody", std::nullopt); }) ==
          "entity.not_found");
}
