#include "marketplace/store/order_store.h"

#include <array>

#include "base/error.h"
#include "marketplace/store/columns.h"

namespace pdx::store {
namespace {

constexpr sql::Query kInsert{
    "order.insert",
    "INSERT INTO orders (order_id, listing_id, product_id, contract_id, operator_id, buyer_id, "
    "purpose, amount_fen, refunded_fen, deliveries, acceptance_due, rejection, state, version, "
    "created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr sql::Query kFind{
    "order.find",
    "SELECT order_id, listing_id, product_id, contract_id, operator_id, buyer_id, purpose, "
    "amount_fen, refunded_fen, deliveries, acceptance_due, rejection, state, version, created_at, "
    "updated_at "
    "FROM orders WHERE order_id = ?"};
constexpr sql::Query kUpdate{"order.update",
                             "UPDATE orders SET refunded_fen = ?, deliveries = ?, acceptance_due = "
                             "?, rejection = ?, state = ?, "
                             "version = ?, updated_at = ? WHERE order_id = ? AND version = ?"};
constexpr sql::Query kList{
    "order.list",
    "SELECT order_id, listing_id, product_id, contract_id, operator_id, buyer_id, purpose, "
    "amount_fen, refunded_fen, deliveries, acceptance_due, rejection, state, version, created_at, "
    "updated_at "
    "FROM orders WHERE order_id > ? ORDER BY order_id LIMIT ?"};
constexpr sql::Query kListOfBuyer{
    "order.by_buyer",
    "SELECT order_id, listing_id, product_id, contract_id, operator_id, buyer_id, purpose, "
    "amount_fen, refunded_fen, deliveries, acceptance_due, rejection, state, version, created_at, "
    "updated_at "
    "FROM orders WHERE buyer_id = ? AND order_id > ? ORDER BY order_id LIMIT ?"};
constexpr sql::Query kListOfOperator{
    "order.by_operator",
    "SELECT order_id, listing_id, product_id, contract_id, operator_id, buyer_id, purpose, "
    "amount_fen, refunded_fen, deliveries, acceptance_due, rejection, state, version, created_at, "
    "updated_at "
    "FROM orders WHERE operator_id = ? AND order_id > ? ORDER BY order_id LIMIT ?"};
constexpr sql::Query kFindReference{"payment.find",
                                    "SELECT order_id FROM payment WHERE bank_reference = ?"};
constexpr sql::Query kInsertPayment{
    "payment.insert",
    "INSERT INTO payment (bank_reference, order_id, amount_fen, paid_at) VALUES (?, ?, ?, ?)"};
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
    order.purpose = row.text(6);
    order.amount = row.fen(7);
    order.refunded = row.fen(8);
    order.deliveries = row.integer(9);
    order.acceptance_due = optional_date_at(row, 10);
    order.rejection = optional_text_at(row, 11);
    order.state = name_at<domain::OrderState>(row, 12);
    order.version = row.integer(13);
    order.created_at = row.time(14);
    order.updated_at = row.time(15);
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
           order.operator_id, order.buyer_id, order.purpose, order.amount, order.refunded,
           order.deliveries, iso(order.acceptance_due), order.rejection,
           domain::to_string(order.state), order.version, order.created_at, order.updated_at);
}

std::optional<Order> find_order(sql::Connection& db, const OrderId& id) {
    const auto row = db.one(kFind, id);
    return row ? std::optional(read_order(*row)) : std::nullopt;
}

void update_order(sql::Connection& db, Order& order, Timestamp now) {
    if (db.run(kUpdate, order.refunded, order.deliveries, iso(order.acceptance_due),
               order.rejection, domain::to_string(order.state), order.version + 1, now, order.id,
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

bool is_reference_used(sql::Connection& db, std::string_view bank_reference) {
    return db.one(kFindReference, bank_reference).has_value();
}

void insert_payment(sql::Connection& db, const Payment& payment) {
    db.run(kInsertPayment, payment.bank_reference, payment.order_id, payment.amount,
           payment.paid_at);
}

std::span<const sql::Query> order_queries() { return kQueries; }

}  // namespace pdx::store
