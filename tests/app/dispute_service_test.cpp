#include "marketplace/app/dispute_service.h"

#include <algorithm>
#include <iostream>
#include <random>

#include "marketplace/store/private_part_store.h"
#include "tests/app/support/refused.h"
#include "tests/app/support/trade.h"
#include "tests/support/catch.h"

using namespace pdx;
using domain::AccountKind;
using domain::DisputeState;
using domain::OrderState;
using domain::SettlementState;
using nlohmann::json;
using test::code_of;
using test::Market;
using test::Trade;

TEST_CASE("dispute: filing freezes the claim, and the ledger holds no words", "[app][dispute]") {
    Trade trade;
    const OrderId order = trade.delivered();
    const DisputeId id = trade.dispute(order, 3'000);
    const store::Dispute dispute = trade.disputes.find(trade.buyer, id);
    CHECK(dispute.held == Money::fen(3'000));
    CHECK(dispute.order_state == OrderState::kDelivered);
    CHECK(trade.order(order).state == OrderState::kDisputed);
    CHECK(trade.escrow(order) == trade.price - 3'000);
    CHECK(trade.balance(AccountKind::kDisputeHold, id.text()) == 3'000);
    const json entry = trade.last_entry();
    CHECK(entry.at("kind") == "dispute.filed");
    CHECK(entry.dump().find("陈旧") == std::string::npos);
    const auto part = store::list_private_parts(*trade.market.open(), "dispute", id.text()).at(0);
    CHECK(entry.at("body").at("private_commitment") == part.commitment.hex());
    trade.check_books();
}

TEST_CASE("dispute: a claim is held up to what the order still nets", "[app][dispute]") {
    Trade trade;
    const OrderId order = trade.delivered();
    CHECK(code_of([&] { trade.dispute(order, 0); }) == "dispute.amount");
    const DisputeId id = trade.dispute(order, trade.price + 1'000'000);
    CHECK(trade.disputes.find(trade.admin, id).held == Money::fen(trade.price));
    CHECK(trade.escrow(order) == 0);
    CHECK(code_of([&] { trade.dispute(order, 1); }) == "dispute.already_open");
    trade.check_books();
}

TEST_CASE("dispute: only the order's parties file one, on an order that takes it",
          "[app][dispute]") {
    Trade trade;
    const OrderId order = trade.delivered();
    for (const app::Caller& other : {trade.stranger, trade.admin, trade.arbitrator}) {
        CHECK(code_of([&] {
                  trade.disputes.file(Market::write(other),
                                      {order, domain::DisputeReason::kQuality, Money::fen(1), "x"});
              }) == "order.not_found");
    }
    CHECK(code_of([&] { trade.dispute(trade.placed(), 1); }) == "order.transition");
    trade.market.clock().advance(std::chrono::hours(24 * 40));
    CHECK(code_of([&] { trade.dispute(order, 1); }) == "deadline.passed");
    CHECK(trade.order(order).state == OrderState::kDelivered);
}

TEST_CASE("dispute: one that is not accepted leaves no trace in the books", "[app][dispute]") {
    Trade trade;
    const OrderId order = trade.delivered();
    const DisputeId id = trade.dispute(order, 3'000);
    trade.disputes.decide_acceptance(Market::write(trade.arbitrator), id,
                                     app::AcceptanceDecision::kNotAccept, "超出范围");
    CHECK(trade.disputes.find(trade.buyer, id).state == DisputeState::kNotAccepted);
    CHECK(trade.order(order).state == OrderState::kDelivered);
    CHECK(trade.escrow(order) == trade.price);
    CHECK(trade.balance(AccountKind::kDisputeHold, id.text()) == 0);
    trade.dispute(order, 5);
    trade.check_books();
}

TEST_CASE("dispute: only the respondent answers, which locks the evidence", "[app][dispute]") {
    Trade trade;
    const OrderId order = trade.delivered();
    const DisputeId id = trade.dispute(order, 3'000);
    const auto answer = [&](const app::Caller& caller) {
        return code_of([&] { trade.disputes.answer(Market::write(caller), id, "有部分中断。"); });
    };
    CHECK(answer(trade.licensed_operator) == "dispute.transition");
    trade.disputes.decide_acceptance(Market::write(trade.arbitrator), id,
                                     app::AcceptanceDecision::kAccept, "");
    CHECK(answer(trade.buyer) == "dispute.respondent");
    CHECK(answer(trade.stranger) == "dispute.not_found");
    CHECK(answer(trade.licensed_operator) == "none");
    const store::Dispute dispute = trade.disputes.find(trade.arbitrator, id);
    CHECK(dispute.state == DisputeState::kEvidenceLocked);
    const json indexes = json::parse(dispute.evidence.value());
    const std::vector<json> entries = trade.entries();
    std::vector<std::string> kinds;
    for (const json& index : indexes) {
        kinds.push_back(entries.at(index.get<std::size_t>()).at("kind").get<std::string>());
    }
    CHECK(kinds == std::vector<std::string>{"order.placed", "order.paid", "delivery.requested",
                                            "delivery.published"});
    CHECK(entries.back().at("body").at("evidence") == indexes);
    CHECK(entries.back().dump().find("中断") == std::string::npos);
}

TEST_CASE("dispute: a silent respondent is decided against on the record", "[app][dispute]") {
    Trade trade;
    const DisputeId id = trade.dispute(trade.delivered(), 3'000);
    trade.disputes.decide_acceptance(Market::write(trade.arbitrator), id,
                                     app::AcceptanceDecision::kAccept, "");
    const auto decide = [&](std::int64_t refund) {
        return code_of([&] {
            trade.disputes.decide(Market::write(trade.arbitrator), id, Money::fen(refund), "理由");
        });
    };
    CHECK(decide(100) == "deadline.not_over");
    trade.market.clock().advance(std::chrono::hours(24 * 30));
    CHECK(decide(3'001) == "dispute.refund");
    CHECK(decide(100) == "none");
    CHECK(trade.disputes.find(trade.admin, id).evidence.has_value());
    CHECK(decide(100) == "dispute.transition");
}

TEST_CASE("dispute: a partial refund leaves the rest to be settled", "[app][dispute]") {
    Trade trade;
    const OrderId order = trade.delivered();
    trade.resolve(trade.dispute(order, 3'000), 1'201);
    CHECK(trade.order(order).state == OrderState::kAccepted);
    CHECK(trade.order(order).refunded == Money::fen(1'201));
    CHECK(trade.wallet() == 1'201);
    CHECK(trade.escrow(order) == trade.price - 1'201);
    trade.settlements.settle(Market::write(trade.admin), order);
    CHECK(trade.settlement(trade.settlement_of(order)).gross == Money::fen(trade.price - 1'201));
    trade.check_books();
}

TEST_CASE("dispute: a refund after settlement is taken from the lines by what each has left",
          "[app][dispute]") {
    Trade trade;
    const OrderId order = trade.settled();
    const SettlementId settlement = trade.settlement_of(order);
    trade.resolve(trade.dispute(order, 3'000), 1'201);
    CHECK(trade.order(order).state == OrderState::kSettled);
    std::int64_t refunded = 0;
    for (const store::SettlementLine& line : trade.settlement(settlement).lines) {
        CHECK_FALSE(line.remaining().is_negative());
        refunded += line.refunded.minor();
    }
    CHECK(refunded == 1'201);
    CHECK(trade.wallet() == 1'201);
    trade.settlements.pay_out(Market::write(trade.admin), settlement);
    CHECK(trade.order(order).state == OrderState::kClosed);
    CHECK(trade.balance(AccountKind::kBankClearing) == 1'201);
    trade.check_books();
}

TEST_CASE("dispute: a full refund ends the order, and reverses its settlement", "[app][dispute]") {
    Trade trade;
    const OrderId unsettled = trade.delivered();
    trade.resolve(trade.dispute(unsettled, trade.price), trade.price);
    CHECK(trade.order(unsettled).state == OrderState::kRefunded);
    const OrderId settled = trade.settled();
    trade.resolve(trade.dispute(settled, trade.price), trade.price);
    CHECK(trade.order(settled).state == OrderState::kRefunded);
    CHECK(trade.settlement(trade.settlement_of(settled)).state == SettlementState::kReversed);
    CHECK(trade.wallet() == 2 * trade.price);
    trade.check_books();
}

TEST_CASE("dispute: it is seen by its parties, the arbitrator and the watchers", "[app][dispute]") {
    Trade trade;
    const DisputeId id = trade.dispute(trade.delivered(), 1);
    for (const app::Caller& reader :
         {trade.buyer, trade.licensed_operator, trade.arbitrator, trade.admin, trade.auditor}) {
        CHECK(trade.disputes.find(reader, id).id == id);
        CHECK(trade.disputes.list(reader, "", 10).size() == 1);
    }
    for (const app::Caller& other : {trade.stranger, trade.provider, app::Caller{}}) {
        CHECK(code_of([&] { trade.disputes.find(other, id); }) == "dispute.not_found");
        CHECK(trade.disputes.list(other, "", 10).empty());
    }
}

namespace {

/// One random command on a random order; refusals are part of the game, bugs are not.
void step(Trade& trade, std::mt19937& random, std::vector<OrderId>& orders,
          std::vector<DisputeId>& disputes) {
    const auto below = [&](std::int64_t count) {
        return std::uniform_int_distribution<std::int64_t>(0, count - 1)(random);
    };
    if (orders.empty() || below(8) == 0) orders.push_back(trade.placed());
    const OrderId order = orders[static_cast<std::size_t>(below(std::ssize(orders)))];
    const auto buyer = Market::write(trade.buyer);
    const auto admin = Market::write(trade.admin);
    constexpr std::int64_t kCommands = 10;
    switch (below(kCommands)) {
        case 0: trade.pay(order); return;
        case 1: trade.deliver(order); return;
        case 2: trade.orders.accept(buyer, order); return;
        case 3: trade.orders.reject(buyer, order, "不合格"); return;
        case 4: trade.orders.cancel(buyer, order); return;
        case 5: trade.settlements.settle(admin, order); return;
        case 6: {
            using bank::TransferResult;
            std::deque<TransferResult> script;
            for (int i = 0; i < 3; ++i) {
                script.push_back(static_cast<TransferResult>(below(3)));
            }
            trade.market.bank().script(script);
            trade.settlements.pay_out(admin, trade.settlement_of(order));
            return;
        }
        case 7: disputes.push_back(trade.dispute(order, 1 + below(trade.price * 3 / 2))); return;
        default: break;
    }
    if (disputes.empty()) return;
    const DisputeId id = disputes[static_cast<std::size_t>(below(std::ssize(disputes)))];
    if (below(4) == 0) {
        trade.disputes.decide_acceptance(Market::write(trade.arbitrator), id,
                                         app::AcceptanceDecision::kNotAccept, "不予受理");
        return;
    }
    trade.resolve(id, below(trade.disputes.find(trade.admin, id).held.minor() + 1));
}

}  // namespace

TEST_CASE("dispute: random histories keep the books and every order's money whole",
          "[app][dispute][property]") {
    const auto seed = std::random_device{}();
    std::cout << "dispute property seed " << seed << "\n";
    std::mt19937 random(seed);
    Trade trade;
    std::vector<OrderId> orders;
    std::vector<DisputeId> disputes;
    constexpr int kSteps = 300;
    constexpr int kCheckedEvery = 50;
    for (int i = 1; i <= kSteps; ++i) {
        try {
            step(trade, random, orders, disputes);
        } catch (const Error&) {
            // A refusal; an InvariantViolation is no Error and fails the test.
        }
        if (i % kCheckedEvery == 0) trade.check_books();
    }
    for (const OrderId& id : orders) {
        const OrderState state = trade.order(id).state;
        CAPTURE(seed, id.text(), domain::to_string(state));
        CHECK(trade.escrow(id) >= 0);
        if (state == OrderState::kClosed || state == OrderState::kRefunded ||
            state == OrderState::kCancelled || state == OrderState::kSettled) {
            CHECK(trade.escrow(id) == 0);
        }
    }
    for (const DisputeId& id : disputes) {
        if (!domain::holds_money(trade.disputes.find(trade.admin, id).state)) {
            CHECK(trade.balance(AccountKind::kDisputeHold, id.text()) == 0);
        }
    }
}
