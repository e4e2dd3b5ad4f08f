#include "marketplace/store/product_store.h"

#include <array>

#include "base/error.h"
#include "marketplace/store/columns.h"

namespace pdx::store {
namespace {

constexpr sql::Query kInsert{
    "product.insert",
    "INSERT INTO product (product_id, operator_id, contract_id, resource_id, name_zh, name_en, "
    "description_zh, description_en, product_kind, state, version, created_at, "
    "updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr sql::Query kFind{
    "product.find",
    "SELECT product_id, operator_id, contract_id, resource_id, name_zh, name_en, description_zh, "
    "description_en, product_kind, state, version, created_at, updated_at "
    "FROM product WHERE product_id = ?"};
constexpr sql::Query kUpdate{"product.update",
                             "UPDATE product SET state = ?, version = ?, updated_at = ? "
                             "WHERE product_id = ? AND version = ?"};
constexpr sql::Query kList{
    "product.list",
    "SELECT product_id, operator_id, contract_id, resource_id, name_zh, name_en, description_zh, "
    "description_en, product_kind, state, version, created_at, updated_at "
    "FROM product WHERE product_id > ? ORDER BY product_id LIMIT ?"};
constexpr sql::Query kListVisible{
    "product.list_visible",
    "SELECT product_id, operator_id, contract_id, resource_id, name_zh, name_en, description_zh, "
    "description_en, product_kind, state, version, created_at, updated_at "
    "FROM product WHERE (state = ? OR operator_id = ?) AND product_id > ? "
    "ORDER BY product_id LIMIT ?"};
constexpr std::array kQueries{kInsert, kFind, kUpdate, kList, kListVisible};

Product read_product(const sql::Row& row) {
    Product product;
    product.id = id_at<ProductTag>(row, 0);
    product.operator_id = id_at<PartyTag>(row, 1);
    product.contract_id = id_at<ContractTag>(row, 2);
    product.resource_id = id_at<ResourceTag>(row, 3);
    product.name_zh = row.text(4);
    product.name_en = row.text(5);
    product.description_zh = row.text(6);
    product.description_en = row.text(7);
    product.kind = name_at<domain::ProductKind>(row, 8);
    product.state = name_at<domain::ProductState>(row, 9);
    product.version = row.integer(10);
    product.created_at = row.time(11);
    product.updated_at = row.time(12);
    return product;
}

std::vector<Product> read_all(const std::vector<sql::Row>& rows) {
    std::vector<Product> products;
    products.reserve(rows.size());
    for (const sql::Row& row : rows) products.push_back(read_product(row));
    return products;
}

}  // namespace

void insert_product(sql::Connection& db, const Product& product) {
    db.run(kInsert, product.id, product.operator_id, product.contract_id, product.resource_id,
           product.name_zh, product.name_en, product.description_zh, product.description_en,
           domain::to_string(product.kind), domain::to_string(product.state), product.version,
           product.created_at, product.updated_at);
}

std::optional<Product> find_product(sql::Connection& db, const ProductId& id) {
    const auto row = db.one(kFind, id);
    return row ? std::optional(read_product(*row)) : std::nullopt;
}

void update_product(sql::Connection& db, Product& product, Timestamp now) {
    if (db.run(kUpdate, domain::to_string(product.state), product.version + 1, now, product.id,
               product.version) != 1) {
        throw stale("product");
    }
    ++product.version;
    product.updated_at = now;
}

std::vector<Product> list_products(sql::Connection& db, const std::string& after,
                                   std::int64_t limit) {
    return read_all(db.all(kList, after, limit));
}

std::vector<Product> list_products_visible_to(sql::Connection& db, const PartyId& party,
                                              const std::string& after, std::int64_t limit) {
    return read_all(db.all(kListVisible, domain::to_string(domain::ProductState::kRegistered),
                           party, after, limit));
}

std::span<const sql::Query> product_queries() { return kQueries; }

}  // namespace pdx::store
