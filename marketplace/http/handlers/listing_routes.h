#pragma once
/// Listings: what buyers can order, at which price.
#include <vector>

#include "marketplace/http/handlers/bind.h"

namespace pdx::http {

std::vector<Route> listing_routes(const Bind& bind);

}  // namespace pdx::http
