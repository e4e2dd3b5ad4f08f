#pragma once
/// What the end of its contract does to an order.
#include "marketplace/store/order_store.h"
#include "sql/sql.h"

namespace pdx::app {

/// Nothing can be delivered again, and nothing downloaded.
bool has_contract_ended(sql::Connection& db, const store::Order& order);

/// The same, and nobody downloaded what was delivered: the buyer's silence accepts nothing then,
/// and a rejection is never too late.
bool is_out_of_reach(sql::Connection& db, const store::Order& order);

}  // namespace pdx::app
