#pragma once
/// A listing as the API shows it.
#include <nlohmann/json_fwd.hpp>

#include "marketplace/store/listing_store.h"
#include "privacy/policy.h"

namespace pdx::app {

nlohmann::json to_json(const store::Listing& listing);
/// The same with how its data leaves, and which coarser operations may come on top of that to keep
/// the limits of risk: what a buyer is to know before it orders. Of marks and
/// canaries that they are there and how large they may be, and not how they are found.
nlohmann::json to_json(const store::Listing& listing, const privacy::Policy& policy);

}  // namespace pdx::app
