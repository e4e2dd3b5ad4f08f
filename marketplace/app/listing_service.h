#pragma once
/// Listings: an operator offers a registered product at a price under the ceiling.
#include <string>
#include <vector>

#include "base/money.h"
#include "marketplace/app/context.h"
#include "marketplace/store/listing_store.h"
#include "privacy/policy.h"

namespace pdx::app {

/// Unit: days in which a buyer inspects a delivery. Source: design; never shorter than one, and
/// a buyer's money is not held longer than a quarter.
inline constexpr int kInspectionDaysMin = 1;
inline constexpr int kInspectionDaysMax = 90;

struct CreateListing {
    ProductId product;
    Money price;
    int inspection_days = 0;
};

class ListingService {
public:
    explicit ListingService(Context& context) : context_(context) {}

    /// Throws: not_found("product") unless it is the caller's; kConflict `listing.gate` with every
    /// reason; kInvalid `listing.inspection_days`.
    Outcome create(const WriteRequest& write, const CreateListing& input);
    /// Throws: not_found("listing") unless it is the caller's; kConflict `listing.transition`.
    Outcome delist(const WriteRequest& write, const ListingId& id);

    /// Public once listed, also after it was suspended or delisted: orders refer to it.
    /// Throws: not_found("listing").
    store::Listing find(const Caller& caller, const ListingId& id);
    /// How its data leaves: what its contract says of fields, marks and canaries.
    privacy::Policy policy(const store::Listing& listing);
    /// The listed ones and the caller's own.
    std::vector<store::Listing> list(const Caller& caller, const std::string& after,
                                     std::int64_t limit);

private:
    Context& context_;
};

}  // namespace pdx::app
