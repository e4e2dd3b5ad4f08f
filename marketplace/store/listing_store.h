#pragma once
/// Offers of products at a price.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/money.h"
#include "base/time.h"
#include "marketplace/domain/listing.h"
#include "marketplace/domain/terms.h"
#include "sql/sql.h"

namespace pdx::store {

struct Listing {
    ListingId id;
    ProductId product_id;
    PartyId operator_id;
    Money price;
    int inspection_days =
        0;  ///< in which the buyer inspects a delivery; see LegalClock::kInspection
    domain::ListingState state = domain::ListingState::kDraft;
    std::int64_t version = 1;
    Timestamp created_at;
    Timestamp updated_at;
    /// Of the product, so that a list can be read by itself. Read only.
    std::string product_name_zh;
    std::string product_name_en;
    domain::ProductKind product_kind = domain::ProductKind::kDataset;
};

void insert_listing(sql::Connection& db, const Listing& listing);
std::optional<Listing> find_listing(sql::Connection& db, const ListingId& id);
/// Writes state, version and updated_at.
/// Ensures: `listing` has the new version and time. Throws: stale("listing").
void update_listing(sql::Connection& db, Listing& listing, Timestamp now);

/// Ordered by id, from after `after`: the listed ones, and those of the party whatever their
/// state. `party` may be empty.
std::vector<Listing> list_listings_visible_to(sql::Connection& db, const PartyId& party,
                                              const std::string& after, std::int64_t limit);

std::span<const sql::Query> listing_queries();

}  // namespace pdx::store
