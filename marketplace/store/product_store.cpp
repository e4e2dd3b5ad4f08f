#include "marketplace/store/product_store.h"

#include <array>

#include "base/check.h"
#include "base/error.h"

namespace pdx::store {
namespace {

constexpr sql::Query kInsert{
    "product.insert",
    "INSERT INTO product (product_id, operator_id, contract_id, resource_id, name_zh, name_en, "
    "description_zh, description_en, product_kind, state, review_reason, version, created_at, "
    "updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr sql::Query kFind{
    "product.find",
    "SELECT product_id, operator_id, contract_id, resource_id, name_zh, name_en, description_zh, "
    "description_en, product_kind, state, review_reason, version, created_at, updated_at "
    "FROM product WHERE product_id = ?"};
constexpr sql::Query kUpdate{
    "product.update",
    "UPDATE product SET state = ?, review_reason = ?, version = ?, updated_at = ? "
    "WHERE product_id = ? AND version = ?"};
constexpr sql::Query kList{
    "product.list",
    "SELECT product_id, operator_id, contract_id, resource_id, name_zh, name_en, description_zh, "
    "description_en, product_kind, state, review_reason, version, created_at, updated_at "
    "FROM product WHERE product_id > ? ORDER BY product_id LIMIT ?"};
constexpr sql::Query kListVisible{
    "product.list_visible",
    "SELECT product_id, operator_id, contract_id, resource_id, name_zh, name_en, description_zh, "
    "description_en, product_kind, state, review_reason, version, created_at, updated_at "
    "FROM product WHERE (state = ? OR operator_id = ?) AND product_id > ? "
    "ORDER BY product_id LIMIT ?"};
constexpr std::array kQueries{kInsert, kFind, kUpdate, kList, kListVisible};

Product read_product(const sql::Row& row) {
    const auto id = ProductId::parse(row.text(0));
    const auto operator_party = PartyId::parse(row.text(1));
    const auto contract = ContractId::parse(row.text(2));
    const auto resource = ResourceId::parse(row.text(3));
    const auto kind = domain::parse<domain::ProductKind>(row.text(8));
    const auto state = domain::parse_product_state(row.text(9));
    PDX_CHECK(id && operator_party && contract && resource && kind && state);
    return {*id,          *operator_party, *contract,    *resource,   row.text(4),
            row.text(5),  row.text(6),     row.text(7),  *kind,       *state,
            row.text(10), row.integer(11), row.time(12), row.time(13)};
}

std::vector<Product> read_all(const std::vector<sql::Row>& rows) {
    std::vector<Product> products;
    products.reserve(rows.size());
    for (const sql::Row& row : rows) products.push_back(read_product(row));
    return products;
}

}  // namespace

void insert_product(sql::Connection& db, const Product& product) {
    db.run(kInsert, product.id, product.operator_party, product.contract, product.resource,
           product.name_zh, product.name_en, product.description_zh, product.description_en,
           domain::to_string(product.kind), domain::to_string(product.state), product.review_reason,
           product.version, product.created_at, product.updated_at);
}

std::optional<Product> find_product(sql::Connection& db, const ProductId& id) {
    const auto row = db.one(kFind, id);
    return row ? std::optional(read_product(*row)) : std::nullopt;
}

void save_product(sql::Connection& db, const Product& product) {
    const std::int64_t changed =
        db.run(kUpdate, domain::to_string(product.state), product.review_reason, product.version,
               product.updated_at, product.id, product.version - 1);
    if (changed != 1) throw stale("product");
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
