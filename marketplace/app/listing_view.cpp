#include "marketplace/app/listing_view.h"

#include <nlohmann/json.hpp>

#include "marketplace/app/money_view.h"

namespace pdx::app {

nlohmann::json to_json(const store::Listing& listing) {
    return {{"listing_id", listing.id.text()},
            {"product_id", listing.product_id.text()},
            {"operator_id", listing.operator_id.text()},
            {"product_name_zh", listing.product_name_zh},
            {"product_name_en", listing.product_name_en},
            {"product_kind", domain::to_string(listing.product_kind)},
            {"price", to_json(listing.price)},
            {"inspection_days", listing.inspection_days},
            {"state", domain::to_string(listing.state)},
            {"created_at", listing.created_at.rfc3339()},
            {"updated_at", listing.updated_at.rfc3339()},
            {"version", listing.version}};
}

}  // namespace pdx::app
