/// The key of a contract: what derives from it, that it goes with the contract's end and does not
/// come back, and that nothing is delivered without it.
#include "marketplace/app/contract_keys.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/crypto.h"
#include "base/sealed_box.h"
#include "marketplace/store/contract_key_store.h"
#include "tests/app/support/refused.h"
#include "tests/app/support/trade.h"
#include "tests/support/catch.h"

using namespace pdx;
using domain::ContractEvent;
using domain::ContractState;
using domain::OrderState;
using nlohmann::json;
using test::code_of;
using test::Market;
using test::Trade;

namespace {

constexpr sql::Query kRestore{
    "test.restore_key",
    "UPDATE contract_key SET sealed_seed = ?, destroyed_at = NULL WHERE contract_id = ?"};
constexpr sql::Query kLose{"test.lose_key", "DELETE FROM contract_key WHERE contract_id = ?"};
constexpr sql::Query kNever{"test.no_seed",
                            "UPDATE contract_key SET sealed_seed = NULL WHERE contract_id = ?"};

constexpr auto kEnds =
    std::to_array({ContractEvent::kRevoke, ContractEvent::kTerminate, ContractEvent::kExpire});

std::string entry_of(ContractEvent end) {
    switch (end) {
        case ContractEvent::kRevoke: return "contract.revoked";
        case ContractEvent::kTerminate: return "contract.terminated";
        default: return "contract.expired";
    }
}

void end_contract(Trade& trade, ContractEvent end) {
    if (end != ContractEvent::kExpire) return trade.supervise(end);
    trade.market.clock().set(Date{2027, 3, 1}.begin());
    REQUIRE(trade.contracts.expire_due() == 1);
}

std::optional<store::ContractKey> stored_key(Trade& trade) {
    return store::find_contract_key(*trade.market.open(), trade.contract);
}

Bytes sealed_seed(Trade& trade) { return stored_key(trade).value().sealed_seed.value(); }

store::Contract contract_in(Trade& trade) {
    return store::find_contract(*trade.market.open(), trade.contract).value();
}

Secret key_now(Trade& trade) {
    return trade.market.context().contract_keys.key_of(*trade.market.open(), contract_in(trade));
}

/// What deliver() and key_of() do with a contract in force whose stored key is not what it was.
void check_fails_closed(Trade& trade, const OrderId& order) {
    const auto all = [&] { return trade.deliveries.list(trade.admin, order, "", 100); };
    const std::size_t before = all().size();
    CHECK_THROWS_AS(key_now(trade), InvariantViolation);
    CHECK_THROWS_AS(trade.deliver(order), InvariantViolation);
    CHECK(trade.order(order).state == OrderState::kEscrowed);
    REQUIRE(all().size() == before + 1);
    CHECK(all().back().state == domain::DeliveryState::kFailed);
    CHECK(all().back().output_digest == Digest{});
    CHECK(trade.last_entry().at("kind") == "delivery.failed");
    CHECK(trade.last_entry().at("body").at("delivery_id") == all().back().id.text());
}

/// The pseudonyms of a delivered table.
std::set<std::string> pseudonyms(const std::string& csv) {
    std::set<std::string> found;
    for (std::size_t at = csv.find(",p_"); at != std::string::npos; at = csv.find(",p_", at + 1)) {
        found.insert(csv.substr(at + 1, 28));
    }
    return found;
}

/// Differences between the ledger and the rows of contracts.
app::Comparison compared_contracts(Trade& trade) {
    return trade.compared(*trade.market.open(), {"contract"});
}

}  // namespace

TEST_CASE("contract key: it derives from root, owner, contract and the sealed seed",
          "[app][contract]") {
    Trade trade;
    const Secret& master = trade.market.context().master_key;
    const store::Contract contract = contract_in(trade);
    const Bytes sealed = sealed_seed(trade);
    CHECK(sealed.size() == 72);
    const auto seed = open_box(derive_key(master.view(), "pdx/contract-key/wrap/v1").view(),
                               as_bytes(contract.id.text()), sealed);
    REQUIRE(seed.has_value());
    const Secret root = derive_key(master.view(), "pdx/contract-key/root/v1");
    const Secret owner =
        derive_key(root.view(), "pdx/contract-key/owner/v1:" + contract.provider_id.text());
    Bytes joined(owner.view().begin(), owner.view().end());
    joined.insert(joined.end(), seed->view().begin(), seed->view().end());
    const Secret expected =
        derive_key(joined, "pdx/contract-key/contract/v1:" + contract.id.text());
    CHECK(equal_constant_time(key_now(trade).view(), expected.view()));

    // Another owner, another master key, another contract: nothing in common.
    const auto db = trade.market.open();
    store::Contract moved = contract;
    moved.provider_id = trade.buyer.party;
    const app::ContractKeys& keys = trade.market.context().contract_keys;
    CHECK_FALSE(equal_constant_time(keys.key_of(*db, moved).view(), expected.view()));
    CHECK_THROWS_AS(app::ContractKeys(Bytes(32, 1)).key_of(*db, contract), InvariantViolation);
    CHECK_THROWS_AS(app::ContractKeys(Bytes(31, 1)), InvariantViolation);
    const ContractId other = trade.in_force();
    const store::Contract second = store::find_contract(*db, other).value();
    CHECK_FALSE(equal_constant_time(keys.key_of(*db, second).view(), expected.view()));
    CHECK(keys.make_sealed_seed(other) != keys.make_sealed_seed(other));
}

TEST_CASE("contract key: deliveries of one contract have the same tokens, after a restart too",
          "[app][contract][delivery]") {
    Trade trade;
    const std::string first = trade.download(trade.deliver(trade.paid()));
    const std::string second = trade.download(trade.deliver(trade.paid()));
    CHECK(first != second);  // the order is each delivery's own
    CHECK(pseudonyms(first).size() == 40);
    CHECK(pseudonyms(first) == pseudonyms(second));
    const OrderId order = trade.paid();
    trade.market.restart();
    app::ContractService(trade.market.context()).repair_keys();
    app::DeliveryService deliveries(trade.market.context());
    const json answer =
        test::answer_of(deliveries.deliver(Market::write(trade.licensed_operator), order));
    const auto id = DeliveryId::parse(answer.at("delivery_id").get<std::string>()).value();
    app::Download download = deliveries.download(trade.buyer, id);
    std::string third;
    for (ByteView piece = download.content.next(); !piece.empty();
         piece = download.content.next()) {
        third += as_text(piece);
    }
    CHECK(pseudonyms(third) == pseudonyms(first));

    // Another contract about the same data shares none.
    Trade other;
    const std::string theirs = other.download(other.deliver(other.paid()));
    CHECK(pseudonyms(theirs).size() == 40);
    std::vector<std::string> shared;
    const auto mine = pseudonyms(first);
    const auto them = pseudonyms(theirs);
    std::set_intersection(mine.begin(), mine.end(), them.begin(), them.end(),
                          std::back_inserter(shared));
    CHECK(shared.empty());
}

TEST_CASE("contract key: the end of a contract destroys it, everywhere in the database",
          "[app][contract][delivery]") {
    const ContractEvent end = GENERATE(from_range(kEnds));
    Trade trade;
    const OrderId waiting = trade.paid();
    trade.deliver(trade.paid());
    const Bytes sealed = sealed_seed(trade);
    const auto holds = [&](ByteView bytes) {
        return trade.market.stored_bytes().find(as_text(bytes)) != std::string::npos;
    };
    CHECK(holds(sealed));
    CHECK(compared_contracts(trade).count == 0);
    end_contract(trade, end);

    const json entry = trade.last_entry();
    CHECK(entry.at("kind") == entry_of(end));
    CHECK(entry.at("v") == (end == ContractEvent::kRevoke ? 2 : 1));
    CHECK(entry.at("body").at("key") == "destroyed");
    CHECK(entry.at("body").at("event") == domain::to_string(end));
    const auto row = stored_key(trade);
    REQUIRE(row.has_value());
    CHECK(row->sealed_seed.value().empty());
    CHECK(entry.at("at") == row->destroyed_at.value().rfc3339());
    CHECK_FALSE(holds(sealed));
    CHECK_FALSE(holds(ByteView(sealed).subspan(0, 24)));
    CHECK_FALSE(holds(ByteView(sealed).subspan(24)));

    CHECK(code_of([&] { key_now(trade); }) == "contract.key_destroyed");
    CHECK(code_of([&] { trade.deliver(waiting); }) == "contract.not_live");
    const auto comparison = compared_contracts(trade);
    for (const auto& one : comparison.differences) UNSCOPED_INFO(app::describe(one, "database"));
    CHECK(comparison.count == 0);
    trade.check_books();
}

TEST_CASE("contract key: suspension and resumption leave it as it is", "[app][contract]") {
    Trade trade;
    const Bytes sealed = sealed_seed(trade);
    trade.supervise(ContractEvent::kSuspend);
    CHECK_FALSE(trade.last_entry().at("body").contains("key"));
    trade.supervise(ContractEvent::kResume);
    CHECK_FALSE(trade.last_entry().at("body").contains("key"));
    CHECK(sealed_seed(trade) == sealed);
    CHECK_FALSE(stored_key(trade).value().destroyed_at.has_value());
}

TEST_CASE("contract key: one that was restored is of no use, is named, and is destroyed again",
          "[app][contract]") {
    Trade trade;
    const OrderId waiting = trade.paid();
    const Bytes sealed = sealed_seed(trade);
    const ContractEvent end = GENERATE(from_range(kEnds));
    end_contract(trade, end);
    const auto destroyed = stored_key(trade).value().destroyed_at;
    SECTION("the seed is there again") {
        trade.market.open()->run(kRestore, sealed, trade.contract);
        CHECK(sealed_seed(trade) == sealed);
        CHECK(code_of([&] { key_now(trade); }) == "contract.key_destroyed");
        CHECK(code_of([&] { trade.deliver(waiting); }) == "contract.not_live");
    }
    SECTION("the row is gone") { trade.market.open()->run(kLose, trade.contract); }
    const auto before = compared_contracts(trade);
    REQUIRE(before.count > 0);
    CHECK(before.differences[0].member == "key");

    const std::uint64_t entries = trade.log_size();
    trade.market.restart();
    app::ContractService(trade.market.context()).repair_keys();
    trade.market.context().reads.scrub();
    CHECK(stored_key(trade).value().sealed_seed.value().empty());
    CHECK(stored_key(trade).value().destroyed_at == destroyed);
    CHECK(trade.market.stored_bytes().find(as_text(sealed)) == std::string::npos);
    CHECK(compared_contracts(trade).count == 0);
    CHECK(trade.log_size() == entries);  // the ledger has said it
}

TEST_CASE("contract key: a start leaves the keys of living contracts alone", "[app][contract]") {
    Trade trade;
    const Bytes sealed = sealed_seed(trade);
    const ContractId ended = trade.in_force();
    trade.contracts.supervise(Market::write(trade.authority), ended, ContractEvent::kRevoke, "x");
    trade.contracts.repair_keys();
    trade.contracts.repair_keys();
    CHECK(sealed_seed(trade) == sealed);
}

TEST_CASE("contract key: a damaged one fails closed", "[app][contract][delivery]") {
    Trade trade;
    const OrderId order = trade.paid();
    const Bytes sealed = sealed_seed(trade);
    const auto put = [&](const Bytes& bytes) {
        trade.market.open()->run(kRestore, bytes, trade.contract);
    };
    for (const std::size_t at : {0UL, 30UL, sealed.size() - 1}) {
        Bytes flipped = sealed;
        flipped[at] ^= 1U;
        put(flipped);
        check_fails_closed(trade, order);
    }
    put(Bytes(sealed.begin(), sealed.end() - 1));
    check_fails_closed(trade, order);
    CHECK(compared_contracts(trade).differences.at(0).other == "\"damaged\"");
    put({});
    check_fails_closed(trade, order);
    // A seed of the right length by another's hand, and another contract's.
    const ContractId other = trade.drafted();
    put(store::find_contract_key(*trade.market.open(), other).value().sealed_seed.value());
    check_fails_closed(trade, order);
    trade.market.open()->run(kNever, trade.contract);
    check_fails_closed(trade, order);
    trade.market.open()->run(kLose, trade.contract);
    check_fails_closed(trade, order);
    CHECK(compared_contracts(trade).differences.at(0).other == "\"missing\"");
    // No start makes up for a row that was lost.
    trade.contracts.repair_keys();
    check_fails_closed(trade, order);
    // The contract can be ended for all that.
    trade.supervise(ContractEvent::kRevoke);
    CHECK(stored_key(trade).value().destroyed_at.has_value());
}

TEST_CASE("contract key: a contract of before there were any gets one at the next start",
          "[app][contract]") {
    Trade trade;
    const OrderId order = trade.paid();
    trade.market.open()->run(kNever, trade.contract);
    CHECK(compared_contracts(trade).count == 0);
    trade.contracts.repair_keys();
    const Bytes first = sealed_seed(trade);
    trade.contracts.repair_keys();
    CHECK(sealed_seed(trade) == first);
    trade.deliver(order);
    CHECK(trade.order(order).state == OrderState::kDelivered);
}

TEST_CASE("contract key: the seed of a contract in force is destroyed when the key table says so",
          "[app][contract]") {
    // As when the contracts were restored and the keys were not.
    Trade trade;
    const OrderId order = trade.paid();
    const auto db = trade.market.open();
    REQUIRE(store::destroy_contract_key(*db, trade.contract, trade.market.clock().now()));
    CHECK(code_of([&] { key_now(trade); }) == "contract.key_destroyed");
    const std::uint64_t before = trade.log_size();
    CHECK(code_of([&] { trade.deliver(order); }) == "contract.key_destroyed");
    // The attempt is on record, and the order waits for another.
    CHECK(trade.log_size() == before + 2);
    CHECK(trade.last_entry().at("kind") == "delivery.refused");
    CHECK(trade.last_entry().at("body").at("failure_code") == "contract.key_destroyed");
    CHECK(trade.order(order).state == OrderState::kEscrowed);
    CHECK(compared_contracts(trade).differences.at(0).member == "key");
}
