#include "marketplace/app/dispute_money.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "marketplace/app/books.h"
#include "marketplace/app/order_view.h"

namespace pdx::app {
namespace {

using domain::OrderState;
using domain::SettlementState;
using nlohmann::json;

store::Settlement settlement_of(sql::Connection& db, const store::Order& order) {
    auto settlement = store::find_settlement_of(db, order.id);
    PDX_CHECK(settlement.has_value());
    return *settlement;
}

std::vector<Money> remaining_of(const store::Settlement& settlement) {
    std::vector<Money> remaining;
    remaining.reserve(settlement.lines.size());
    for (const store::SettlementLine& line : settlement.lines) {
        remaining.push_back(line.remaining());
    }
    return remaining;
}

void refund_lines(Transaction& tx, HeldMoney& held, Money refund, bool reverse) {
    const std::vector<Money> refunds = domain::refund_by_leg(held.legs, refund);
    for (std::size_t leg = 0; leg < refunds.size(); ++leg) {
        store::SettlementLine& line = held.settlement->lines.at(held.lines.at(leg));
        line.refunded = line.refunded.plus(refunds[leg]);
    }
    if (reverse) {
        held.settlement->state =
            domain::apply(held.settlement->state, domain::SettlementEvent::kReverse);
    }
    store::update_settlement(tx.db(), *held.settlement, tx.now());
}

}  // namespace

Money holdable(sql::Connection& db, const store::Order& order, OrderState state) {
    if (state != OrderState::kSettled) return order.amount.minus(order.refunded);
    const store::Settlement settlement = settlement_of(db, order);
    if (settlement.state == SettlementState::kInstructed) {
        ErrorDetail detail;
        detail.state = domain::to_string(settlement.state);
        throw conflict("dispute.payout_started",
                       {"The bank has been instructed to pay this order out; what it has paid "
                        "cannot be held.",
                        "该订单款项已指令银行划付，无法冻结。"},
                       std::move(detail));
    }
    Money sum = Money::fen(0);
    for (const Money& rest : remaining_of(settlement)) sum = sum.plus(rest);
    return sum;
}

HeldMoney held_money(sql::Connection& db, const store::Order& order, OrderState state,
                     Money amount) {
    HeldMoney held;
    if (state != OrderState::kSettled) {
        held.legs = domain::hold_from_escrow(order.id, amount);
        return held;
    }
    held.settlement = settlement_of(db, order);
    std::vector<domain::SettlementLine> lines;
    for (const store::SettlementLine& line : held.settlement->lines) lines.push_back(line.share);
    const std::vector<Money> remaining = remaining_of(*held.settlement);
    held.legs = domain::hold_from_lines(lines, remaining, amount);
    // Two lines may be booked to one account, so a leg is traced by its position, not its account.
    const std::vector<Money> shares = domain::take_from_legs(remaining, amount);
    for (std::size_t i = 0; i < shares.size(); ++i) {
        if (!shares[i].is_zero()) held.lines.push_back(i);
    }
    PDX_CHECK(held.lines.size() == held.legs.size());
    return held;
}

json release_hold(Transaction& tx, const store::Dispute& dispute, store::Order& order, Money refund,
                  domain::DisputeEnd end) {
    HeldMoney held = held_money(tx.db(), order, dispute.order_state, dispute.held);
    order.refunded = order.refunded.plus(refund);
    const bool fully_refunded = order.refunded == order.amount;
    order.state = domain::apply(order.state,
                                domain::dispute_return(dispute.order_state, end, fully_refunded));
    json body = json::object();
    if (held.settlement) {
        refund_lines(tx, held, refund, fully_refunded);
        body["settlement"] = fact_of(*held.settlement);
    }
    store::update_order(tx.db(), order, tx.now());
    body["journals"] = post_all(
        tx, order.id, domain::execute_decision(dispute.id, order.buyer_id, held.legs, refund));
    check_order_books(tx.db(), order);
    body["order"] = fact_of(order);
    return body;
}

}  // namespace pdx::app
