#pragma once
/// Who sees what of an order. What is not the caller's does not exist for it: 404, never 403.
#include "base/error.h"
#include "marketplace/app/caller.h"
#include "marketplace/app/oversight.h"
#include "marketplace/store/order_store.h"

namespace pdx::app {

inline bool is_party_of(const Caller& caller, const store::Order& order) {
    return !caller.party.empty() &&
           (caller.party == order.buyer_id || caller.party == order.operator_id);
}

/// For commands whose right is the role's: settlement, decisions.
/// Throws: not_found("order").
inline store::Order load_order(sql::Connection& db, const OrderId& id) {
    auto order = store::find_order(db, id);
    if (!order) throw not_found("order");
    return *order;
}

inline store::Order load_order_of_buyer(sql::Connection& db, const Caller& caller,
                                        const OrderId& id) {
    store::Order order = load_order(db, id);
    if (caller.party.empty() || caller.party != order.buyer_id) throw not_found("order");
    return order;
}

inline store::Order load_order_of_operator(sql::Connection& db, const Caller& caller,
                                           const OrderId& id) {
    store::Order order = load_order(db, id);
    if (caller.party.empty() || caller.party != order.operator_id) throw not_found("order");
    return order;
}

}  // namespace pdx::app
