#pragma once
/// A listing as the API shows it.
#include <nlohmann/json_fwd.hpp>

#include "marketplace/store/listing_store.h"

namespace pdx::app {

nlohmann::json to_json(const store::Listing& listing);

}  // namespace pdx::app
