#pragma once
/// Deliveries: which dataset went to whom, under which policy, with which digests. The bytes are in
/// the blob store under output_digest.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/time.h"
#include "marketplace/domain/delivery.h"
#include "sql/sql.h"

namespace pdx::store {

struct Delivery {
    DeliveryId id;
    OrderId order_id;
    ContractId contract_id;
    DatasetId dataset_id;
    PartyId operator_id;
    PartyId buyer_id;
    Digest policy_digest;
    Digest input_digest;
    Digest output_digest;  ///< zero until published
    std::int64_t output_bytes = 0;
    std::int64_t output_rows = 0;
    std::string report = "{}";  ///< JSON: per column the operation and counts, no values
    std::string failure_code;   ///< code of the refusal; empty unless failed or refused
    std::int64_t downloads = 0;
    domain::DeliveryState state = domain::DeliveryState::kRequested;
    std::int64_t version = 1;
    Timestamp created_at;
    Timestamp updated_at;
};

void insert_delivery(sql::Connection& db, const Delivery& delivery);
std::optional<Delivery> find_delivery(sql::Connection& db, const DeliveryId& id);
/// Saves what changes in a delivery's life. Ensures: `delivery` has the new version and time.
/// Throws: Error kStale when it is not at `delivery.version` any more.
void update_delivery(sql::Connection& db, Delivery& delivery, Timestamp now);
/// Oldest first, from after `after`.
std::vector<Delivery> list_deliveries(sql::Connection& db, const OrderId& order,
                                      const std::string& after, std::int64_t limit);
std::vector<Delivery> list_deliveries_of_contract(sql::Connection& db, const ContractId& contract,
                                                  const std::string& after, std::int64_t limit);
std::vector<Delivery> list_deliveries_in(sql::Connection& db, domain::DeliveryState state,
                                         const std::string& after, std::int64_t limit);

/// How many deliveries have this content: its blob may go when there is none. Reads the whole
/// table.
std::int64_t deliveries_with(sql::Connection& db, const Digest& output);

std::span<const sql::Query> delivery_queries();

}  // namespace pdx::store
