#pragma once
/// Sketches of what was delivered, by resource. The bytes are in the blob store.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "sql/sql.h"

namespace pdx::store {

struct ReleaseSketch {
    DeliveryId delivery_id;
    ResourceId resource_id;
    PartyId buyer_id;
    std::string subject;  ///< the column that says who a row is about
    Digest sketch_digest;
    bool operator==(const ReleaseSketch&) const = default;
};

void insert_sketch(sql::Connection& db, const ReleaseSketch& sketch);
/// All of one resource and subject, oldest first.
std::vector<ReleaseSketch> list_sketches(sql::Connection& db, const ResourceId& resource,
                                         const std::string& subject);
/// How many deliveries have this sketch: its blob may go when there is none.
std::int64_t sketches_with(sql::Connection& db, const Digest& sketch);

std::span<const sql::Query> sketch_queries();

}  // namespace pdx::store
