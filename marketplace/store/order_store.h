#pragma once
/// Orders and the payments that funded them. Purpose, rejection and the bank's reference are
/// private parts (private_part_store.h).
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/money.h"
#include "base/time.h"
#include "marketplace/domain/order.h"
#include "sql/sql.h"

namespace pdx::store {

struct Order {
    OrderId id;
    ListingId listing_id;
    ProductId product_id;
    ContractId contract_id;
    PartyId operator_id;
    PartyId buyer_id;
    Money amount;
    Money refunded;
    std::int64_t deliveries = 0;  ///< published ones
    std::optional<Date> acceptance_due;
    domain::OrderState state = domain::OrderState::kPlaced;
    std::int64_t version = 1;
    Timestamp created_at;
    Timestamp updated_at;
};

struct Payment {
    Digest reference_key;  ///< app/private_vault.h: keyed, of the bank's reference
    OrderId order_id;
    Money amount;
    Timestamp paid_at;
};

void insert_order(sql::Connection& db, const Order& order);
std::optional<Order> find_order(sql::Connection& db, const OrderId& id);
/// Saves what changes in an order's life. Ensures: `order` has the new version and time.
/// Throws: Error kStale when it is not at `order.version` any more.
void update_order(sql::Connection& db, Order& order, Timestamp now);
/// Ordered by id, from after `after`.
std::vector<Order> list_orders(sql::Connection& db, const std::string& after, std::int64_t limit);
std::vector<Order> list_orders_of_buyer(sql::Connection& db, const PartyId& buyer,
                                        const std::string& after, std::int64_t limit);
std::vector<Order> list_orders_of_operator(sql::Connection& db, const PartyId& seller,
                                           const std::string& after, std::int64_t limit);

bool is_reference_used(sql::Connection& db, const Digest& reference_key);
/// Throws: Error kConflict "database.duplicate" when the reference or the order has paid already.
void insert_payment(sql::Connection& db, const Payment& payment);

std::span<const sql::Query> order_queries();

}  // namespace pdx::store
