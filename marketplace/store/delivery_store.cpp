#include "marketplace/store/delivery_store.h"

#include <array>

#include "base/error.h"
#include "marketplace/store/columns.h"

namespace pdx::store {
namespace {

constexpr sql::Query kInsert{
    "delivery.insert",
    "INSERT INTO delivery (delivery_id, order_id, contract_id, dataset_id, operator_id, buyer_id, "
    "policy_digest, input_digest, output_digest, output_bytes, output_rows, report, failure_code, "
    "downloads, state, version, created_at, updated_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr sql::Query kFind{
    "delivery.find",
    "SELECT delivery_id, order_id, contract_id, dataset_id, operator_id, buyer_id, policy_digest, "
    "input_digest, output_digest, output_bytes, output_rows, report, failure_code, downloads, "
    "state, version, created_at, updated_at FROM delivery WHERE delivery_id = ?"};
constexpr sql::Query kUpdate{
    "delivery.update",
    "UPDATE delivery SET output_digest = ?, output_bytes = ?, output_rows = ?, report = ?, "
    "failure_code = ?, downloads = ?, state = ?, version = ?, updated_at = ? "
    "WHERE delivery_id = ? AND version = ?"};
constexpr sql::Query kListOfOrder{
    "delivery.by_order",
    "SELECT delivery_id, order_id, contract_id, dataset_id, operator_id, buyer_id, policy_digest, "
    "input_digest, output_digest, output_bytes, output_rows, report, failure_code, downloads, "
    "state, version, created_at, updated_at FROM delivery "
    "WHERE order_id = ? AND delivery_id > ? ORDER BY delivery_id LIMIT ?"};
constexpr sql::Query kListOfContract{
    "delivery.by_contract",
    "SELECT delivery_id, order_id, contract_id, dataset_id, operator_id, buyer_id, policy_digest, "
    "input_digest, output_digest, output_bytes, output_rows, report, failure_code, downloads, "
    "state, version, created_at, updated_at FROM delivery "
    "WHERE contract_id = ? AND delivery_id > ? ORDER BY delivery_id LIMIT ?"};
constexpr sql::Query kListInState{
    "delivery.by_state",
    "SELECT delivery_id, order_id, contract_id, dataset_id, operator_id, buyer_id, policy_digest, "
    "input_digest, output_digest, output_bytes, output_rows, report, failure_code, downloads, "
    "state, version, created_at, updated_at FROM delivery "
    "WHERE state = ? AND delivery_id > ? ORDER BY delivery_id LIMIT ?"};
constexpr sql::Query kCountWithOutput{"delivery.count_with_output",
                                      "SELECT COUNT(*) FROM delivery WHERE output_digest = ?"};
constexpr std::array kQueries{kInsert,         kFind,        kUpdate,         kListOfOrder,
                              kListOfContract, kListInState, kCountWithOutput};

Delivery read_delivery(const sql::Row& row) {
    Delivery delivery;
    delivery.id = id_at<DeliveryTag>(row, 0);
    delivery.order_id = id_at<OrderTag>(row, 1);
    delivery.contract_id = id_at<ContractTag>(row, 2);
    delivery.dataset_id = id_at<DatasetTag>(row, 3);
    delivery.operator_id = id_at<PartyTag>(row, 4);
    delivery.buyer_id = id_at<PartyTag>(row, 5);
    delivery.policy_digest = row.digest(6);
    delivery.input_digest = row.digest(7);
    delivery.output_digest = row.digest(8);
    delivery.output_bytes = row.integer(9);
    delivery.output_rows = row.integer(10);
    delivery.report = row.text(11);
    delivery.failure_code = row.text(12);
    delivery.downloads = row.integer(13);
    delivery.state = name_at<domain::DeliveryState>(row, 14);
    delivery.version = row.integer(15);
    delivery.created_at = row.time(16);
    delivery.updated_at = row.time(17);
    return delivery;
}

std::vector<Delivery> read_deliveries(const std::vector<sql::Row>& rows) {
    std::vector<Delivery> deliveries;
    deliveries.reserve(rows.size());
    for (const sql::Row& row : rows) deliveries.push_back(read_delivery(row));
    return deliveries;
}

}  // namespace

void insert_delivery(sql::Connection& db, const Delivery& delivery) {
    db.run(kInsert, delivery.id, delivery.order_id, delivery.contract_id, delivery.dataset_id,
           delivery.operator_id, delivery.buyer_id, delivery.policy_digest, delivery.input_digest,
           delivery.output_digest, delivery.output_bytes, delivery.output_rows, delivery.report,
           delivery.failure_code, delivery.downloads, domain::to_string(delivery.state),
           delivery.version, delivery.created_at, delivery.updated_at);
}

std::optional<Delivery> find_delivery(sql::Connection& db, const DeliveryId& id) {
    const auto row = db.one(kFind, id);
    return row ? std::optional(read_delivery(*row)) : std::nullopt;
}

void update_delivery(sql::Connection& db, Delivery& delivery, Timestamp now) {
    if (db.run(kUpdate, delivery.output_digest, delivery.output_bytes, delivery.output_rows,
               delivery.report, delivery.failure_code, delivery.downloads,
               domain::to_string(delivery.state), delivery.version + 1, now, delivery.id,
               delivery.version) != 1) {
        throw stale("delivery");
    }
    ++delivery.version;
    delivery.updated_at = now;
}

std::vector<Delivery> list_deliveries(sql::Connection& db, const OrderId& order,
                                      const std::string& after, std::int64_t limit) {
    return read_deliveries(db.all(kListOfOrder, order, after, limit));
}

std::vector<Delivery> list_deliveries_of_contract(sql::Connection& db, const ContractId& contract,
                                                  const std::string& after, std::int64_t limit) {
    return read_deliveries(db.all(kListOfContract, contract, after, limit));
}

std::vector<Delivery> list_deliveries_in(sql::Connection& db, domain::DeliveryState state,
                                         const std::string& after, std::int64_t limit) {
    return read_deliveries(db.all(kListInState, domain::to_string(state), after, limit));
}

std::int64_t deliveries_with(sql::Connection& db, const Digest& output) {
    return db.one(kCountWithOutput, output).value().integer(0);
}

std::span<const sql::Query> delivery_queries() { return kQueries; }

}  // namespace pdx::store
