#include "marketplace/store/order_store.h"

#include <array>

#include "base/error.h"
#include "marketplace/store/columns.h"

namespace pdx::store {
namespace {

constexpr sql::Query kInsert{
    "order.insert",
    "INSERT INTO orders (order_id, listing_id, product_id, contract_id, operator_id, buyer_id, "
    "amount_fen, refunded_fen, deliveries, acceptance_due, state, version, created_at, updated_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr sql::Query kFind{
    "order.find",
    "SELECT order_id, listing_id, product_id, contract_id, operator_id, buyer_id, "
    "amount_fen, refunded_fen, deliveries, acceptance_due, state, version, created_at, updated_at "
    "FROM orders WHERE order_id = ?"};
constexpr sql::Query kUpdate{
    "order.update",
    "UPDATE orders SET refunded_fen = ?, deliveries = ?, acceptance_due = "
    "?, state = ?, version = ?, updated_at = ? WHERE order_id = ? AND version = ?"};
constexpr sql::Query kList{
    "order.list",
    "SELECT order_id, listing_id, product_id, contract_id, operator_id, buyer_id, "
    "amount_fen, refunded_fen, deliveries, acceptance_due, state, version, created_at, updated_at "
    "FROM orders WHERE order_id > ? ORDER BY order_id LIMIT ?"};
constexpr sql::Query kListOfBuyer{
    "order.by_buyer",
    "SELECT order_id, listing_id, product_id, contract_id, operator_id, buyer_id, "
    "amount_fen, refunded_fen, deliveries, acceptance_due, state, version, created_at, updated_at "
    "FROM orders WHERE buyer_id = ? AND order_id > ? ORDER BY order_id LIMIT ?"};
constexpr sql::Query kListOfOperator{
    "order.by_operator",
    "SELECT order_id, listing_id, product_id, contract_id, operator_id, buyer_id, "
    "amount_fen, refunded_fen, deliveries, acceptance_due, state, version, created_at, updated_at "
    "FROM orders WHERE operator_id = ? AND order_id > ? ORDER BY order_id LIMIT ?"};
constexpr sql::Query kFindReference{"payment.find",
                                    "SELECT order_id FROM payment WHERE reference_key = ?"};
constexpr sql::Query kInsertPayment{
    "payment.insert",
    "INSERT INTO payment (reference_key, order_id, amount_fen, paid_at) VALUES (?, ?, ?, ?)"};
constexpr std::array kQueries{kInsert,      kFind,           kUpdate,        kList,
                              kListOfBuyer, kListOfOperator, kFindReference, kInsertPayment};

Order read_order(const sql::Row& row) {
    Order order;
    order.id = id_at<OrderTag>(row, 0);
    order.listing_id = id_at<ListingTag>(row, 1);
    order.product_id = id_at<ProductTag>(row, 2);
    order.contract_id = id_at<ContractTag>(row, 3);
    order.operator_id = id_at<PartyTag>(row, 4);
    order.buyer_id = id_at<PartyTag>(row, 5);
    order.amount = row.fen(6);
    order.refunded = row.fen(7);
    order.deliveries = row.integer(8);
    order.acceptance_due = optional_date_at(row, 9);
    order.state = name_at<domain::OrderState>(row, 10);
    order.version = row.integer(11);
    order.created_at = row.time(12);
    order.updated_at = row.time(13);
    return order;
}

std::vector<Order> read_orders(const std::vector<sql::Row>& rows) {
    std::vector<Order> orders;
    orders.reserve(rows.size());
    for (const sql::Row& row : rows) orders.push_back(read_order(row));
    return orders;
}

}  // namespace

void insert_order(sql::Connection& db, const Order& order) {
    db.run(kInsert, order.id, order.listing_id, order.product_id, order.contract_id,
           order.operator_id, order.buyer_id, order.amount, order.refunded, order.deliveries,
           iso(order.acceptance_due), domain::to_string(order.state), order.version,
           order.created_at, order.updated_at);
}

std::optional<Order> find_order(sql::Connection& db, const OrderId& id) {
    const auto row = db.one(kFind, id);
    return row ? std::optional(read_order(*row)) : std::nullopt;
}

void update_order(sql::Connection& db, Order& order, Timestamp now) {
    if (db.run(kUpdate, order.refunded, order.deliveries, iso(order.acceptance_due),
               domain::to_string(order.state), order.version + 1, now, order.id,
               order.version) != 1) {
        throw stale("order");
    }
    ++order.version;
    order.updated_at = now;
}

std::vector<Order> list_orders(sql::Connection& db, const std::string& after, std::int64_t limit) {
    return read_orders(db.all(kList, after, limit));
}

std::vector<Order> list_orders_of_buyer(sql::Connection& db, const PartyId& buyer,
                                        const std::string& after, std::int64_t limit) {
    return read_orders(db.all(kListOfBuyer, buyer, after, limit));
}

std::vector<Order> list_orders_of_operator(sql::Connection& db, const PartyId& seller,
                                           const std::string& after, std::int64_t limit) {
    return read_orders(db.all(kListOfOperator, seller, after, limit));
}

bool is_reference_used(sql::Connection& db, const Digest& reference_key) {
    return db.one(kFindReference, reference_key).has_value();
}

void insert_payment(sql::Connection& db, const Payment& payment) {
    db.run(kInsertPayment, payment.reference_key, payment.order_id, payment.amount,
           payment.paid_at);
}

std::span<const sql::Query> order_queries() { return kQueries; }

}  // namespace pdx::store
