#include "marketplace/app/order_reach.h"

#include <algorithm>

#include "base/check.h"
#include "marketplace/store/contract_store.h"
#include "marketplace/store/delivery_store.h"

namespace pdx::app {

bool has_contract_ended(sql::Connection& db, const store::Order& order) {
    const auto contract = store::find_contract(db, order.contract_id);
    PDX_CHECK(contract.has_value());
    return domain::is_terminal(contract->state);
}

bool is_out_of_reach(sql::Connection& db, const store::Order& order) {
    constexpr std::int64_t kDeliveriesMax = 1'000;  // an order has a few
    if (!has_contract_ended(db, order)) return false;
    const auto deliveries = store::list_deliveries(db, order.id, "", kDeliveriesMax);
    return std::none_of(deliveries.begin(), deliveries.end(),
                        [](const store::Delivery& one) { return one.downloads > 0; });
}

}  // namespace pdx::app
