#include "marketplace/store/sketch_store.h"

#include <array>

#include "marketplace/store/columns.h"

namespace pdx::store {
namespace {

constexpr sql::Query kInsert{
    "release_sketch.insert",
    "INSERT INTO release_sketch (delivery_id, resource_id, buyer_id, subject, sketch_digest) "
    "VALUES (?, ?, ?, ?, ?)"};
constexpr sql::Query kList{
    "release_sketch.of_resource",
    "SELECT delivery_id, resource_id, buyer_id, subject, sketch_digest FROM release_sketch "
    "WHERE resource_id = ? AND subject = ? ORDER BY delivery_id"};
constexpr sql::Query kCount{"release_sketch.count",
                            "SELECT COUNT(*) FROM release_sketch WHERE sketch_digest = ?"};
constexpr std::array kQueries{kInsert, kList, kCount};

}  // namespace

void insert_sketch(sql::Connection& db, const ReleaseSketch& sketch) {
    db.run(kInsert, sketch.delivery_id, sketch.resource_id, sketch.buyer_id, sketch.subject,
           sketch.sketch_digest);
}

std::vector<ReleaseSketch> list_sketches(sql::Connection& db, const ResourceId& resource,
                                         const std::string& subject) {
    std::vector<ReleaseSketch> sketches;
    for (const sql::Row& row : db.all(kList, resource, subject)) {
        sketches.push_back({id_at<DeliveryTag>(row, 0), id_at<ResourceTag>(row, 1),
                            id_at<PartyTag>(row, 2), row.text(3), row.digest(4)});
    }
    return sketches;
}

std::int64_t sketches_with(sql::Connection& db, const Digest& sketch) {
    return db.one(kCount, sketch).value().integer(0);
}

std::span<const sql::Query> sketch_queries() { return kQueries; }

}  // namespace pdx::store
