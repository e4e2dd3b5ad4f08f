#pragma once
/// A product as the API shows it.
#include <nlohmann/json_fwd.hpp>

#include "marketplace/store/product_store.h"

namespace pdx::app {

nlohmann::json to_json(const store::Product& product);

}  // namespace pdx::app
