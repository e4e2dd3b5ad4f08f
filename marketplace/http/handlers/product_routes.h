#pragma once
/// Data products and their review.
#include <vector>

#include "marketplace/http/handlers/bind.h"

namespace pdx::http {

std::vector<Route> product_routes(const Bind& bind);

}  // namespace pdx::http
