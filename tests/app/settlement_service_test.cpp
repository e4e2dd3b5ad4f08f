#include "marketplace/app/settlement_service.h"

#include <functional>
#include <utility>

#include "base/crypto.h"
#include "tests/app/support/refused.h"
#include "tests/app/support/trade.h"
#include "tests/support/catch.h"

using namespace pdx;
using bank::TransferResult;
using domain::AccountKind;
using domain::OrderState;
using domain::SettlementState;
using nlohmann::json;
using test::answer_of;
using test::code_of;
using test::Market;
using test::Trade;

namespace {

/// While the first transfer is under way, somebody asks for the same payout again.
class InterruptedBank final : public bank::Bank {
public:
    explicit InterruptedBank(std::function<void()> meanwhile) : meanwhile_(std::move(meanwhile)) {}
    std::optional<bank::Arrival> arrival(std::string_view /*reference*/) override {
        return std::nullopt;
    }
    TransferResult transfer(std::string_view /*key*/, std::string_view /*payee_id*/,
                            Money /*amount*/) override {
        if (meanwhile_) std::exchange(meanwhile_, nullptr)();
        return TransferResult::kPaid;
    }

private:
    std::function<void()> meanwhile_;
};

std::string pay_out(Trade& trade, const SettlementId& id) {
    return answer_of(trade.settlements.pay_out(Market::write(trade.admin), id))
        .at("state")
        .get<std::string>();
}

}  // namespace

TEST_CASE("settlement: escrow is split to the last fen", "[app][settlement]") {
    Trade trade(10'007);
    const OrderId order = trade.settled();
    const store::Settlement settlement = trade.settlement(trade.settlement_of(order));
    REQUIRE(settlement.lines.size() == 3);
    // 3 %, 10 % and 87 % of 10,007: 300.21, 1000.70 and 8706.09; the one fen left goes to .70.
    CHECK(settlement.lines[0].share.amount == Money::fen(300));
    CHECK(settlement.lines[1].share.amount == Money::fen(1'001));
    CHECK(settlement.lines[2].share.amount == Money::fen(8'706));
    CHECK(trade.escrow(order) == 0);
    CHECK(trade.balance(AccountKind::kPlatformRevenue) == 300);
    CHECK(trade.balance(AccountKind::kFiscalShare, trade.provider.party.text()) == 1'001);
    CHECK(trade.balance(AccountKind::kPayeePayable, trade.licensed_operator.party.text()) == 8'706);
    const json body = trade.last_entry().at("body");
    CHECK(body.at("state") == "calculated");
    CHECK(body.at("order").at("state") == "settled");
    CHECK(body.at("deemed_accepted") == false);
    trade.check_books();
}

TEST_CASE("settlement: only what was accepted is settled, once", "[app][settlement]") {
    Trade trade;
    const auto settle = [&](const OrderId& id) {
        return code_of([&] { trade.settlements.settle(Market::write(trade.admin), id); });
    };
    CHECK(settle(trade.placed()) == "order.transition");
    CHECK(settle(trade.paid()) == "order.transition");
    CHECK(settle(trade.delivered()) == "order.transition");
    const OrderId order = trade.accepted();
    CHECK(settle(order) == "none");
    CHECK(settle(order) == "order.transition");
    trade.check_books();
}

TEST_CASE("settlement: silence beyond the inspection period counts as acceptance",
          "[app][settlement]") {
    Trade trade;
    const OrderId order = trade.delivered();
    const Date due = trade.order(order).acceptance_due.value();
    trade.market.clock().set(due.begin());
    CHECK(code_of([&] { trade.settlements.settle(Market::write(trade.admin), order); }) ==
          "order.transition");
    trade.market.clock().set(due.plus_days(1).begin());
    trade.settlements.settle(Market::write(trade.admin), order);
    CHECK(trade.order(order).state == OrderState::kSettled);
    CHECK(trade.last_entry().at("body").at("deemed_accepted") == true);
}

TEST_CASE("settlement: a payout pays each line under its own lasting key", "[app][settlement]") {
    Trade trade;
    const OrderId order = trade.settled();
    const SettlementId id = trade.settlement_of(order);
    CHECK(pay_out(trade, id) == "paid");
    CHECK(trade.order(order).state == OrderState::kClosed);
    const auto paid = trade.market.bank().paid();
    REQUIRE(paid.size() == 3);
    CHECK(paid.at(id.text() + ":0") == Money::fen(300));
    CHECK(paid.at(id.text() + ":2") == Money::fen(8'706));
    CHECK(trade.balance(AccountKind::kBankClearing) == 0);
    CHECK(code_of([&] { pay_out(trade, id); }) == "settlement.transition");
    CHECK(trade.market.bank().paid().size() == 3);
    CHECK(trade.kinds_of(id.text()) == std::vector<std::string>{"settlement.calculated",
                                                                "settlement.instructed",
                                                                "settlement.paid"});
    trade.check_books();
}

TEST_CASE("settlement: an unknown answer leaves it instructed, and asking again pays once",
          "[app][settlement]") {
    Trade trade;
    const OrderId order = trade.settled();
    const SettlementId id = trade.settlement_of(order);
    trade.market.bank().script({TransferResult::kPaid, TransferResult::kUnknown});
    CHECK(pay_out(trade, id) == "instructed");
    CHECK(trade.last_entry().at("kind") == "settlement.payout_unknown");
    CHECK(trade.settlement(id).lines[0].paid == Money::fen(300));
    CHECK(trade.settlement(id).lines[1].paid.is_zero());
    CHECK(trade.order(order).state == OrderState::kSettled);
    CHECK(code_of([&] { trade.dispute(order, 1); }) == "dispute.payout_started");
    CHECK(pay_out(trade, id) == "paid");
    CHECK(trade.market.bank().paid().size() == 3);
    CHECK(trade.balance(AccountKind::kBankClearing) == 0);
    trade.check_books();
}

TEST_CASE("settlement: what failed is retried for the rest alone", "[app][settlement]") {
    Trade trade;
    const OrderId order = trade.settled();
    const SettlementId id = trade.settlement_of(order);
    trade.market.bank().script(
        {TransferResult::kPaid, TransferResult::kFailed, TransferResult::kPaid});
    CHECK(pay_out(trade, id) == "failed");
    CHECK(trade.balance(AccountKind::kBankClearing) == 1'001);
    CHECK(pay_out(trade, id) == "paid");
    CHECK(trade.order(order).state == OrderState::kClosed);
    CHECK(trade.balance(AccountKind::kBankClearing) == 0);
    trade.check_books();
}

TEST_CASE("settlement: a final payout is kept for its key, an unknown one is not",
          "[app][settlement]") {
    Trade trade;
    const SettlementId id = trade.settlement_of(trade.settled());
    const app::WriteRequest write{trade.admin, app::IdempotencyKey{"payout-1", sha256("payout")}};
    trade.market.bank().script({TransferResult::kUnknown});
    CHECK(answer_of(trade.settlements.pay_out(write, id)).at("state") == "instructed");
    const app::Outcome paid = trade.settlements.pay_out(write, id);
    CHECK(answer_of(paid).at("state") == "paid");
    const app::Outcome again = trade.settlements.pay_out(write, id);
    CHECK(again.replayed);
    CHECK(again.answer == paid.answer);
}

TEST_CASE("settlement: a disputed order is neither settled nor paid out", "[app][settlement]") {
    Trade trade;
    const OrderId accepted = trade.accepted();
    trade.dispute(accepted, 100);
    CHECK(code_of([&] { trade.settlements.settle(Market::write(trade.admin), accepted); }) ==
          "order.transition");
    const OrderId settled = trade.settled();
    trade.dispute(settled, 100);
    CHECK(code_of([&] { pay_out(trade, trade.settlement_of(settled)); }) == "order.transition");
    CHECK(trade.settlement(trade.settlement_of(settled)).state == SettlementState::kCalculated);
    CHECK(trade.market.bank().paid().empty());
    trade.check_books();
}

TEST_CASE("settlement: it is seen by the order's parties, its payees and the watchers",
          "[app][settlement]") {
    Trade trade;
    const OrderId order = trade.settled();
    const SettlementId id = trade.settlement_of(order);
    for (const app::Caller& reader :
         {trade.buyer, trade.licensed_operator, trade.provider, trade.admin, trade.auditor}) {
        CHECK(trade.settlements.find(reader, id).id == id);
    }
    for (const app::Caller& other : {trade.stranger, trade.arbitrator, app::Caller{}}) {
        CHECK(code_of([&] { trade.settlements.find(other, id); }) == "settlement.not_found");
        CHECK(code_of([&] { trade.settlements.find_of_order(other, order); }) ==
              "settlement.not_found");
    }
}

TEST_CASE("settlement: two payouts of one settlement never run side by side", "[app][settlement]") {
    Trade trade;
    const SettlementId id = trade.settlement_of(trade.settled());
    app::SettlementService* service = nullptr;
    std::string second;
    InterruptedBank bank(
        [&] { second = code_of([&] { service->pay_out(Market::write(trade.admin), id); }); });
    const app::Context& usual = trade.market.context();
    app::Context context{usual.reads, usual.writer,     usual.clock,
                         usual.ids,   usual.blobs,      bank,
                         usual.rules, usual.log_origin, usual.master_key.copy()};
    app::SettlementService settlements(context);
    service = &settlements;
    settlements.pay_out(Market::write(trade.admin), id);
    CHECK(second == "settlement.in_progress");
    CHECK(trade.settlement(id).state == SettlementState::kPaid);
    // It is over: the next one is refused for what it is.
    CHECK(code_of([&] { settlements.pay_out(Market::write(trade.admin), id); }) ==
          "settlement.transition");
    trade.check_books();
}

TEST_CASE("settlement: a payout that was refused stays refused for its key", "[app][settlement]") {
    Trade trade;
    const OrderId order = trade.settled();
    const SettlementId id = trade.settlement_of(order);
    const DisputeId dispute = trade.dispute(order, 100);
    const app::WriteRequest write{trade.admin, app::IdempotencyKey{"once", sha256("payout")}};
    const auto ask = [&] { return code_of([&] { trade.settlements.pay_out(write, id); }); };
    CHECK(ask() == "order.transition");
    trade.resolve(dispute, 50);
    CHECK(ask() == "order.transition");
    CHECK(pay_out(trade, id) == "paid");
    CHECK(ask() == "order.transition");
    trade.check_books();
}
