#include "marketplace/store/relation_store.h"

#include <array>

namespace pdx::store {
namespace {

using sql::Query;

constexpr Query kOrderOfDelivery{"relation.order_of_delivery",
                                 "SELECT order_id FROM delivery WHERE delivery_id = ?"};
constexpr Query kOrderOfSettlement{"relation.order_of_settlement",
                                   "SELECT order_id FROM settlement WHERE settlement_id = ?"};
constexpr Query kOrderOfDispute{"relation.order_of_dispute",
                                "SELECT order_id FROM dispute WHERE dispute_id = ?"};
constexpr Query kDeliveries{"relation.deliveries_of_order",
                            "SELECT delivery_id FROM delivery WHERE order_id = ? "
                            "ORDER BY delivery_id LIMIT 1000"};
constexpr Query kSettlements{"relation.settlements_of_order",
                             "SELECT settlement_id FROM settlement WHERE order_id = ? "
                             "ORDER BY settlement_id LIMIT 1000"};
constexpr Query kDisputes{"relation.disputes_of_order",
                          "SELECT dispute_id FROM dispute WHERE order_id = ? "
                          "ORDER BY dispute_id LIMIT 1000"};
constexpr Query kContract{"relation.contract_of_application",
                          "SELECT contract_id FROM contract WHERE application_id = ?"};
constexpr Query kApplication{"relation.application_of_contract",
                             "SELECT application_id FROM contract WHERE contract_id = ?"};
constexpr Query kResource{"relation.resource_of_dataset",
                          "SELECT resource_id FROM dataset WHERE dataset_id = ?"};
constexpr Query kEntityOfPart{"relation.entity_of_private_part",
                              "SELECT entity_type, entity_id FROM private_part "
                              "WHERE commitment = ?"};
constexpr std::array kQueries{kOrderOfDelivery, kOrderOfSettlement, kOrderOfDispute, kDeliveries,
                              kSettlements,     kDisputes,          kContract,       kApplication,
                              kResource,        kEntityOfPart};

using Family = std::vector<std::pair<std::string, std::string>>;

void add(sql::Connection& db, const Query& query, const std::string& id, std::string_view type,
         Family& family) {
    for (const sql::Row& row : db.all(query, id)) {
        family.emplace_back(std::string(type), row.text(0));
    }
}

Family of_order(sql::Connection& db, const std::string& order) {
    Family family{{"order", order}};
    add(db, kDeliveries, order, "delivery", family);
    add(db, kSettlements, order, "settlement", family);
    add(db, kDisputes, order, "dispute", family);
    return family;
}

Family of_member(sql::Connection& db, const Query& order_of, std::string_view type,
                 const std::string& id) {
    const auto row = db.one(order_of, id);
    return row ? of_order(db, row->text(0)) : Family{{std::string(type), id}};
}

}  // namespace

Family family_of(sql::Connection& db, std::string_view type, const std::string& id) {
    if (type == "order") return of_order(db, id);
    if (type == "delivery") return of_member(db, kOrderOfDelivery, type, id);
    if (type == "settlement") return of_member(db, kOrderOfSettlement, type, id);
    if (type == "dispute") return of_member(db, kOrderOfDispute, type, id);
    if (type == "private_part") {
        const auto commitment = Digest::from_hex(id);
        const auto row = commitment ? db.one(kEntityOfPart, *commitment) : std::nullopt;
        return row ? family_of(db, row->text(0), row->text(1)) : Family{};
    }
    Family family{{std::string(type), id}};
    if (type == "application") add(db, kContract, id, "contract", family);
    if (type == "contract") add(db, kApplication, id, "application", family);
    if (type == "dataset") add(db, kResource, id, "resource", family);
    return family;
}

std::span<const sql::Query> relation_queries() { return kQueries; }

}  // namespace pdx::store
