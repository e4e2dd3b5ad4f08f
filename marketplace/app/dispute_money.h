#pragma once
/// The money side of a dispute: which legs a hold is taken from, and what a decision does to them.
#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "marketplace/app/context.h"
#include "marketplace/domain/settlement_rules.h"
#include "marketplace/store/dispute_store.h"
#include "marketplace/store/order_store.h"
#include "marketplace/store/settlement_store.h"

namespace pdx::app {

/// The legs of a hold; for a settled order also the settlement and which of its lines each leg is.
struct HeldMoney {
    std::vector<domain::HeldLeg> legs;
    std::optional<store::Settlement> settlement;
    std::vector<std::size_t> lines;  ///< one per leg; empty without a settlement
};

/// What the order can still give: escrow, or what the lines of its settlement have left.
/// Throws: kConflict "dispute.payout_started" once the bank was instructed.
Money holdable(sql::Connection& db, const store::Order& order, domain::OrderState state);

/// The legs from which `amount` is or was taken. Ensures: the same while the dispute is open, since
/// a disputed order is neither refunded, settled nor paid out.
HeldMoney held_money(sql::Connection& db, const store::Order& order, domain::OrderState state,
                     Money amount);

/// Empties the hold: `refund` to the buyer, the rest back to its legs; books it, counts it on the
/// order and the settlement's lines, moves the order on and saves them. A settlement of which
/// everything is refunded is reversed.
/// Returns: members for the fact: "journals", "order" and, where there is one, "settlement".
nlohmann::json release_hold(Transaction& tx, const store::Dispute& dispute, store::Order& order,
                            Money refund, domain::DisputeEnd end);

}  // namespace pdx::app
