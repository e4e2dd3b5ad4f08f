/// The end of a contract: by its term, by the authority, and what becomes of what is open under it.
#include "marketplace/app/private_part_service.h"
#include "marketplace/store/contract_key_store.h"
#include "tests/app/support/paused_reading.h"
#include "tests/app/support/refused.h"
#include "tests/app/support/trade.h"
#include "tests/support/catch.h"

using namespace pdx;
using domain::ContractEvent;
using domain::ContractState;
using domain::DeliveryState;
using domain::OrderState;
using nlohmann::json;
using test::code_of;
using test::Licensed;
using test::Market;
using test::Trade;

namespace {

constexpr sql::Query kSpoilTerm{"test.spoil_term",
                                "UPDATE contract SET term_to = '2026-1' WHERE contract_id = ?"};

ContractState state_of(Licensed& market, const ContractId& id) {
    return market.contracts.find(market.auditor, id).contract.state;
}

std::string act(Licensed& market, const app::Caller& caller, const ContractId& id,
                ContractEvent event) {
    return code_of([&] { market.contracts.supervise(Market::write(caller), id, event, "x"); });
}

Timestamp at(const char* text) { return Timestamp::parse(text).value(); }

}  // namespace

TEST_CASE("contract end: it expires at the end of its last day in Asia/Shanghai",
          "[app][contract]") {
    Licensed market;
    const ContractId running = market.in_force();
    const ContractId suspended = market.in_force();
    REQUIRE(act(market, market.authority, suspended, ContractEvent::kSuspend) == "none");
    const ContractId drafted = market.drafted();
    const ContractId half_signed = market.drafted();
    market.sign(half_signed, market.licensed_operator, market.operator_key);
    CHECK(market.contracts.expire_due() == 0);

    // The term is to 2027-02-28.
    market.market.clock().set(at("2027-02-28T15:59:59.999999Z"));
    const std::uint64_t before = market.log_size();
    CHECK(market.contracts.expire_due() == 0);
    CHECK(market.log_size() == before);
    CHECK(state_of(market, running) == ContractState::kInForce);

    market.market.clock().set(at("2027-02-28T16:00:00Z"));
    CHECK(market.contracts.expire_due() == 2);
    CHECK(market.log_size() == before + 2);
    for (const ContractId& id : {running, suspended}) {
        CHECK(state_of(market, id) == ContractState::kExpired);
        const auto key = store::find_contract_key(*market.market.open(), id).value();
        CHECK(key.destroyed_at == at("2027-02-28T16:00:00Z"));
    }
    const json entry = market.last_entry();
    CHECK(entry.at("kind") == "contract.expired");
    CHECK(entry.at("actor") == "system");
    CHECK(entry.at("role") == "exchange_admin");
    CHECK(entry.at("at") == "2027-02-28T16:00:00.000000Z");
    CHECK(entry.at("body") ==
          json{{"event", "expire"}, {"key", "destroyed"}, {"state", "expired"}, {"version", 5}});

    // What never ran does not expire, and nothing expires twice.
    CHECK(state_of(market, drafted) == ContractState::kDrafted);
    CHECK(state_of(market, half_signed) == ContractState::kSignedByOperator);
    CHECK(market.contracts.expire_due() == 0);
    CHECK(market.log_size() == before + 2);
    CHECK(act(market, market.authority, running, ContractEvent::kTerminate) ==
          "contract.transition");
}

TEST_CASE("contract end: one that cannot be ended keeps no other from it", "[app][contract]") {
    Licensed market;
    const ContractId broken = market.in_force();
    const ContractId sound = market.in_force();
    REQUIRE(broken.text() < sound.text());
    market.market.open()->run(kSpoilTerm, broken);
    market.market.clock().set(at("2027-03-05T00:00:00Z"));
    CHECK(market.contracts.expire_due() == 1);
    CHECK(state_of(market, sound) == ContractState::kExpired);
    CHECK(market.last_entry().at("entity").at("id") == sound.text());
    CHECK(market.contracts.expire_due() == 0);
}

TEST_CASE("contract end: many are found, page after page", "[app][contract]") {
    constexpr std::size_t kContracts = 103;
    Licensed market;
    for (std::size_t i = 0; i < kContracts; ++i) market.in_force();
    market.market.clock().set(at("2027-03-05T00:00:00Z"));
    CHECK(market.contracts.expire_due() == kContracts);
    CHECK(market.contracts.expire_due() == 0);
}

TEST_CASE("contract end: the authority terminates with a reason, from every state that lives",
          "[app][contract]") {
    Licensed market;
    const ContractId drafted = market.drafted();
    const ContractId half_signed = market.drafted();
    market.sign(half_signed, market.authority, market.authority_key);
    const ContractId running = market.in_force();
    const ContractId suspended = market.in_force();
    REQUIRE(act(market, market.authority, suspended, ContractEvent::kSuspend) == "none");
    const app::Caller other = market.market.party(domain::Role::kDataAuthority);
    app::PrivatePartService parts(market.market.context());
    for (const ContractId& id : {drafted, half_signed, running, suspended}) {
        for (const app::Caller& stranger : {other, market.licensed_operator, market.admin}) {
            CHECK(act(market, stranger, id, ContractEvent::kTerminate) == "contract.not_found");
        }
        market.contracts.supervise(Market::write(market.authority), id, ContractEvent::kTerminate,
                                   "双方协商一致");
        CHECK(state_of(market, id) == ContractState::kTerminated);
        const json entry = market.last_entry();
        CHECK(entry.at("kind") == "contract.terminated");
        CHECK(entry.at("v") == 1);
        CHECK(entry.at("body").at("key") == "destroyed");
        CHECK(entry.dump().find("协商") == std::string::npos);
        CHECK(parts.texts_of("contract", id.text()).at("state_reason") == "双方协商一致");
        const auto key = store::find_contract_key(*market.market.open(), id).value();
        CHECK(key.sealed_seed.value().empty());
        for (const ContractEvent event : {ContractEvent::kTerminate, ContractEvent::kRevoke,
                                          ContractEvent::kSuspend, ContractEvent::kResume}) {
            CHECK(act(market, market.authority, id, event) == "contract.transition");
        }
    }
    CHECK(code_of([&] { market.sign(drafted, market.licensed_operator, market.operator_key); }) ==
          "contract.transition");
}

TEST_CASE("contract end: a repeated request gives the first answer, and nothing is destroyed twice",
          "[app][contract]") {
    Licensed market;
    const ContractId id = market.in_force();
    const app::WriteRequest write{market.authority,
                                  app::IdempotencyKey{"terminate-1", sha256("terminate")}};
    const auto first = market.contracts.supervise(write, id, ContractEvent::kTerminate, "x");
    const std::uint64_t size = market.log_size();
    const auto second = market.contracts.supervise(write, id, ContractEvent::kTerminate, "x");
    CHECK(second.replayed);
    CHECK(second.answer == first.answer);
    CHECK(market.log_size() == size);
}

TEST_CASE("contract end: what is open under it fails closed, and the buyers get their money",
          "[app][contract][order]") {
    const ContractEvent end =
        GENERATE(ContractEvent::kRevoke, ContractEvent::kTerminate, ContractEvent::kExpire);
    Trade trade;
    const OrderId placed = trade.placed();
    const OrderId paid = trade.paid();
    const OrderId rejected = trade.delivered();
    trade.orders.reject(Market::write(trade.buyer), rejected, "缺少字段");
    CHECK(code_of([&] { trade.orders.cancel(Market::write(trade.buyer), rejected); }) ==
          "order.redelivery_open");
    const OrderId delivered = trade.paid();
    const DeliveryId delivery = trade.deliver(delivered);
    const OrderId received = trade.paid();
    trade.download(trade.deliver(received));
    const OrderId accepted = trade.accepted();
    if (end == ContractEvent::kExpire) {
        trade.market.clock().set(Date{2027, 3, 1}.begin());
        REQUIRE(trade.contracts.expire_due() == 1);
    } else {
        trade.supervise(end);
    }
    const std::uint64_t before = trade.log_size();
    CHECK(code_of([&] { trade.placed(); }) == "contract.not_live");
    CHECK(code_of([&] { trade.pay(placed); }) == "contract.not_live");
    CHECK(code_of([&] { trade.deliver(paid); }) == "contract.not_live");
    CHECK(code_of([&] { trade.deliver(rejected); }) == "contract.not_live");
    CHECK(code_of([&] { trade.download(delivery); }) == "delivery.gate");
    CHECK(code_of([&] { trade.submitted(trade.contract); }) == "contract.not_live");
    CHECK(trade.log_size() == before);
    CHECK(trade.delivery(delivery).downloads == 0);

    // Nothing more can come: whoever has nothing to show for the money takes it back.
    trade.orders.cancel(Market::write(trade.buyer), placed);
    CHECK(trade.order(placed).state == OrderState::kCancelled);
    for (const OrderId& id : {paid, rejected}) {
        trade.orders.cancel(Market::write(trade.buyer), id);
        CHECK(trade.order(id).state == OrderState::kRefunded);
        CHECK(trade.escrow(id) == 0);
    }
    // Silence about what nobody downloaded, and nobody can, accepts nothing.
    trade.market.clock().advance(std::chrono::days(60));
    const std::uint64_t settled = trade.log_size();
    CHECK(code_of([&] { trade.settlements.settle(Market::write(trade.admin), delivered); }) ==
          "order.not_received");
    CHECK(trade.log_size() == settled);
    trade.orders.reject(Market::write(trade.buyer), delivered, "协议终结前未能下载");
    trade.orders.cancel(Market::write(trade.buyer), delivered);
    CHECK(trade.order(delivered).state == OrderState::kRefunded);
    CHECK(trade.escrow(delivered) == 0);
    // What was downloaded is accepted by silence as ever, and its rejection comes too late.
    CHECK(code_of([&] { trade.orders.reject(Market::write(trade.buyer), received, "x"); }) ==
          "deadline.passed");
    trade.settlements.settle(Market::write(trade.admin), received);
    CHECK(trade.order(received).state == OrderState::kSettled);
    // What was earned before is paid.
    trade.settlements.settle(Market::write(trade.admin), accepted);
    trade.settlements.pay_out(Market::write(trade.admin), trade.settlement_of(accepted));
    CHECK(trade.order(accepted).state == OrderState::kClosed);
    trade.check_books();
}

TEST_CASE("contract end: a delivery that is being masked meanwhile is refused, and leaves nothing",
          "[app][contract][delivery]") {
    Trade trade;
    const OrderId order = trade.paid();
    {
        const test::PausedReading reading(trade.market.context().blobs.folder(),
                                          [&] { trade.supervise(ContractEvent::kTerminate); });
        CHECK(code_of([&] { trade.deliver(order); }) == "contract.not_live");
    }
    const auto all = trade.deliveries.list(trade.admin, order, "", 10);
    REQUIRE(all.size() == 1);
    CHECK(all[0].state == DeliveryState::kRefused);
    CHECK(all[0].failure_code == "contract.not_live");
    CHECK(all[0].output_digest == Digest{});
    CHECK(trade.order(order).state == OrderState::kEscrowed);
    CHECK(trade.kinds_of(trade.contract.text()).back() == "contract.terminated");
    CHECK(trade.last_entry().at("kind") == "delivery.refused");
}
