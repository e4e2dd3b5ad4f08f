#pragma once
/// Data products that operators make under a contract.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "marketplace/domain/product.h"
#include "marketplace/domain/terms.h"
#include "sql/sql.h"

namespace pdx::store {

struct Product {
    ProductId id;
    PartyId operator_id;
    ContractId contract_id;
    ResourceId resource_id;
    std::string name_zh;
    std::string name_en;
    std::string description_zh;
    std::string description_en;
    domain::ProductKind kind = domain::ProductKind::kDataset;
    domain::ProductState state = domain::ProductState::kDraft;
    std::int64_t version = 1;
    Timestamp created_at;
    Timestamp updated_at;
};

void insert_product(sql::Connection& db, const Product& product);
std::optional<Product> find_product(sql::Connection& db, const ProductId& id);
/// Writes state, version and updated_at.
/// Ensures: `product` has the new version and time. Throws: stale("product").
void update_product(sql::Connection& db, Product& product, Timestamp now);

/// Lists are ordered by id, from after `after`.
std::vector<Product> list_products(sql::Connection& db, const std::string& after,
                                   std::int64_t limit);
/// The registered ones, and those of the party whatever their state. `party` may be empty.
std::vector<Product> list_products_visible_to(sql::Connection& db, const PartyId& party,
                                              const std::string& after, std::int64_t limit);

std::span<const sql::Query> product_queries();

}  // namespace pdx::store
