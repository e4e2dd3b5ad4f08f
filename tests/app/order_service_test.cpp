#include "marketplace/app/order_service.h"

#include "tests/app/support/refused.h"
#include "tests/app/support/trade.h"
#include "tests/support/catch.h"

using namespace pdx;
using domain::AccountKind;
using domain::OrderState;
using nlohmann::json;
using test::answer_of;
using test::code_of;
using test::Market;
using test::Trade;

TEST_CASE("order: what is listed can be ordered, and the fact holds no purpose", "[app][order]") {
    Trade trade;
    const OrderId id = trade.placed();
    const store::Order order = trade.order(id);
    CHECK(order.state == OrderState::kPlaced);
    CHECK(order.amount == Money::fen(trade.price));
    CHECK(order.contract_id == trade.contract);
    CHECK(order.operator_id == trade.licensed_operator.party);
    const json entry = trade.last_entry();
    CHECK(entry.at("kind") == "order.placed");
    CHECK(entry.at("rule") == "demo@1");
    CHECK(entry.at("body").at("state") == "placed");
    CHECK(entry.at("body").at("amount") == std::to_string(trade.price));
    CHECK(entry.dump().find("信贷") == std::string::npos);
}

TEST_CASE("order: only a live listing of somebody else can be ordered", "[app][order]") {
    Trade trade;
    const auto place = [&](const app::Caller& caller) {
        return code_of([&] { trade.orders.place(Market::write(caller), {trade.listing, "x"}); });
    };
    CHECK(place(trade.licensed_operator) == "order.related_party");
    CHECK(code_of([&] {
              trade.orders.place(Market::write(trade.buyer),
                                 {ListingId::parse(trade.placed().text()).value(), "x"});
          }) == "listing.not_found");
    trade.supervise(domain::ContractEvent::kSuspend);
    CHECK(place(trade.buyer) == "contract.not_live");
    trade.supervise(domain::ContractEvent::kResume);
    trade.listings.delist(Market::write(trade.licensed_operator), trade.listing);
    CHECK(place(trade.buyer) == "listing.not_listed");
}

TEST_CASE("order: a payment fills the escrow of its order and nothing else", "[app][order]") {
    Trade trade;
    const OrderId id = trade.paid();
    CHECK(trade.order(id).state == OrderState::kEscrowed);
    CHECK(trade.escrow(id) == trade.price);
    CHECK(trade.wallet() == 0);
    CHECK(trade.balance(AccountKind::kBankClearing) == trade.price);
    const json body = trade.last_entry().at("body");
    CHECK(body.at("journals").size() == 2);
    CHECK(body.at("journals").at(0).at("event") == "wallet_funded");
    CHECK_FALSE(body.contains("bank_reference"));
    trade.check_books();
}

TEST_CASE("order: a payment is refused unless exactly its price arrived, once", "[app][order]") {
    Trade trade;
    const OrderId id = trade.placed();
    const auto pay = [&](const app::Caller& caller, const OrderId& order,
                         const std::string& reference) {
        return code_of([&] { trade.orders.pay(Market::write(caller), order, reference); });
    };
    const std::string exact = "SIM-" + std::to_string(trade.price) + "-a";
    CHECK(pay(trade.stranger, id, exact) == "order.not_found");
    CHECK(pay(trade.licensed_operator, id, exact) == "order.not_found");
    CHECK(pay(trade.buyer, id, "NOTHING") == "payment.not_arrived");
    CHECK(pay(trade.buyer, id, "SIM-1-a") == "payment.amount");
    CHECK(trade.order(id).state == OrderState::kPlaced);
    CHECK(pay(trade.buyer, id, exact) == "none");
    CHECK(pay(trade.buyer, id, "SIM-" + std::to_string(trade.price) + "-b") == "order.transition");
    CHECK(pay(trade.buyer, trade.placed(), exact) == "payment.reference_used");
    CHECK(trade.balance(AccountKind::kBankClearing) == trade.price);
    trade.supervise(domain::ContractEvent::kSuspend);
    trade.supervise(domain::ContractEvent::kResume);
    trade.check_books();
}

TEST_CASE("order: a repeated payment gives the same answer and one effect", "[app][order]") {
    Trade trade;
    const OrderId id = trade.placed();
    const app::WriteRequest write{trade.buyer, app::IdempotencyKey{"pay-1", sha256("pay")}};
    const std::string reference = "SIM-" + std::to_string(trade.price) + "-a";
    const app::Outcome first = trade.orders.pay(write, id, reference);
    const app::Outcome again = trade.orders.pay(write, id, reference);
    CHECK(again.replayed);
    CHECK(again.answer == first.answer);
    CHECK(again.receipt.index == first.receipt.index);
    CHECK(trade.escrow(id) == trade.price);
    const app::WriteRequest other{trade.buyer, app::IdempotencyKey{"pay-1", sha256("other")}};
    CHECK(code_of([&] { trade.orders.pay(other, id, reference); }) == "idempotency.key_reused");
}

TEST_CASE("order: an order that costs nothing needs no payment", "[app][order]") {
    Trade trade(0);
    const OrderId id = trade.placed();
    CHECK(trade.order(id).state == OrderState::kEscrowed);
    trade.deliver(id);
    trade.orders.accept(Market::write(trade.buyer), id);
    trade.settlements.settle(Market::write(trade.admin), id);
    trade.settlements.pay_out(Market::write(trade.admin), trade.settlement_of(id));
    CHECK(trade.order(id).state == OrderState::kClosed);
    CHECK(trade.market.bank().paid().empty());
    trade.check_books();
}

TEST_CASE("order: cancelling gives back all of the escrow", "[app][order]") {
    Trade trade;
    const OrderId unpaid = trade.placed();
    trade.orders.cancel(Market::write(trade.buyer), unpaid);
    CHECK(trade.order(unpaid).state == OrderState::kCancelled);
    const OrderId id = trade.paid();
    CHECK(code_of([&] { trade.orders.cancel(Market::write(trade.stranger), id); }) ==
          "order.not_found");
    trade.orders.cancel(Market::write(trade.buyer), id);
    CHECK(trade.order(id).state == OrderState::kRefunded);
    CHECK(trade.order(id).refunded == Money::fen(trade.price));
    CHECK(trade.escrow(id) == 0);
    CHECK(trade.wallet() == trade.price);
    CHECK(code_of([&] { trade.orders.cancel(Market::write(trade.buyer), id); }) ==
          "order.transition");
    const OrderId delivered = trade.delivered();
    CHECK(code_of([&] { trade.orders.cancel(Market::write(trade.buyer), delivered); }) ==
          "order.transition");
    trade.check_books();
}

TEST_CASE("order: a rejection has a last day", "[app][order]") {
    Trade trade;
    const OrderId id = trade.delivered();
    // Ten working days by the rules, later than the ten days that the listing promised.
    CHECK(trade.order(id).acceptance_due == Date{2026, 3, 16});
    const OrderId late = trade.delivered();
    trade.market.clock().set(Date{2026, 3, 16}.begin());
    trade.orders.reject(Market::write(trade.buyer), id, "缺少字段");
    CHECK(trade.order(id).state == OrderState::kRejected);
    CHECK(trade.last_entry().at("body").contains("private_commitment"));
    CHECK(trade.last_entry().dump().find("缺少") == std::string::npos);
    trade.market.clock().set(Date{2026, 3, 17}.begin());
    const auto refusal =
        test::refusal_of([&] { trade.orders.reject(Market::write(trade.buyer), late, "迟到"); });
    REQUIRE(refusal.has_value());
    CHECK(refusal->code() == "deadline.passed");
    CHECK(refusal->detail().deadline == "2026-03-16");
    trade.orders.accept(Market::write(trade.buyer), late);
    CHECK(trade.order(late).state == OrderState::kAccepted);
}

TEST_CASE("order: after the last redelivery the buyer may take its money back", "[app][order]") {
    Trade trade;
    const OrderId id = trade.delivered();
    for (int redelivery = 0; redelivery < 2; ++redelivery) {
        trade.orders.reject(Market::write(trade.buyer), id, "不合格");
        CHECK(code_of([&] { trade.orders.cancel(Market::write(trade.buyer), id); }) ==
              "order.redelivery_open");
        trade.deliver(id);
    }
    trade.orders.reject(Market::write(trade.buyer), id, "不合格");
    CHECK(code_of([&] { trade.deliver(id); }) == "order.redeliveries");
    trade.orders.cancel(Market::write(trade.buyer), id);
    CHECK(trade.order(id).state == OrderState::kRefunded);
    CHECK(trade.wallet() == trade.price);
    trade.check_books();
}

TEST_CASE("order: an order exists for its two parties and for whoever watches", "[app][order]") {
    Trade trade;
    const OrderId id = trade.placed();
    for (const app::Caller& reader :
         {trade.buyer, trade.licensed_operator, trade.admin, trade.auditor}) {
        CHECK(trade.orders.find(reader, id).id == id);
        CHECK(trade.orders.list(reader, "", 10).size() == 1);
        CHECK(trade.orders.list(reader, id.text(), 10).empty());
    }
    for (const app::Caller& other : {trade.stranger, trade.provider, trade.arbitrator}) {
        CHECK(code_of([&] { trade.orders.find(other, id); }) == "order.not_found");
        CHECK(trade.orders.list(other, "", 10).empty());
    }
    CHECK(code_of([&] { trade.orders.find(app::Caller{}, id); }) == "order.not_found");
}
