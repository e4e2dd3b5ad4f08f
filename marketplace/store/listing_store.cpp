#include "marketplace/store/listing_store.h"

#include <array>

#include "base/error.h"
#include "marketplace/store/columns.h"

namespace pdx::store {
namespace {

constexpr sql::Query kInsert{
    "listing.insert",
    "INSERT INTO listing (listing_id, product_id, operator_id, price_fen, inspection_days, state, "
    "version, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr sql::Query kFind{
    "listing.find",
    "SELECT l.listing_id, l.product_id, l.operator_id, l.price_fen, l.inspection_days, l.state, "
    "l.version, l.created_at, l.updated_at, p.name_zh, p.name_en, p.product_kind "
    "FROM listing l JOIN product p ON p.product_id = l.product_id WHERE l.listing_id = ?"};
constexpr sql::Query kUpdate{"listing.update",
                             "UPDATE listing SET state = ?, version = ?, updated_at = ? "
                             "WHERE listing_id = ? AND version = ?"};
constexpr sql::Query kListVisible{
    "listing.list_visible",
    "SELECT l.listing_id, l.product_id, l.operator_id, l.price_fen, l.inspection_days, l.state, "
    "l.version, l.created_at, l.updated_at, p.name_zh, p.name_en, p.product_kind "
    "FROM listing l JOIN product p ON p.product_id = l.product_id "
    "WHERE (l.state = ? OR l.operator_id = ?) AND l.listing_id > ? ORDER BY l.listing_id LIMIT ?"};
constexpr std::array kQueries{kInsert, kFind, kUpdate, kListVisible};

Listing read_listing(const sql::Row& row) {
    Listing listing;
    listing.id = id_at<ListingTag>(row, 0);
    listing.product_id = id_at<ProductTag>(row, 1);
    listing.operator_id = id_at<PartyTag>(row, 2);
    listing.price = row.fen(3);
    listing.inspection_days = static_cast<int>(row.integer(4));
    listing.state = name_at<domain::ListingState>(row, 5);
    listing.version = row.integer(6);
    listing.created_at = row.time(7);
    listing.updated_at = row.time(8);
    listing.product_name_zh = row.text(9);
    listing.product_name_en = row.text(10);
    listing.product_kind = name_at<domain::ProductKind>(row, 11);
    return listing;
}

}  // namespace

void insert_listing(sql::Connection& db, const Listing& listing) {
    db.run(kInsert, listing.id, listing.product_id, listing.operator_id, listing.price,
           listing.inspection_days, domain::to_string(listing.state), listing.version,
           listing.created_at, listing.updated_at);
}

std::optional<Listing> find_listing(sql::Connection& db, const ListingId& id) {
    const auto row = db.one(kFind, id);
    return row ? std::optional(read_listing(*row)) : std::nullopt;
}

void update_listing(sql::Connection& db, Listing& listing, Timestamp now) {
    if (db.run(kUpdate, domain::to_string(listing.state), listing.version + 1, now, listing.id,
               listing.version) != 1) {
        throw stale("listing");
    }
    ++listing.version;
    listing.updated_at = now;
}

std::vector<Listing> list_listings_visible_to(sql::Connection& db, const PartyId& party,
                                              const std::string& after, std::int64_t limit) {
    std::vector<Listing> listings;
    for (const sql::Row& row : db.all(
             kListVisible, domain::to_string(domain::ListingState::kListed), party, after, limit)) {
        listings.push_back(read_listing(row));
    }
    return listings;
}

std::span<const sql::Query> listing_queries() { return kQueries; }

}  // namespace pdx::store
