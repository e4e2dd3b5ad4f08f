#pragma once
/// Deliveries and their content.
#include <vector>

#include "marketplace/http/handlers/bind.h"

namespace pdx::http {

std::vector<Route> delivery_routes(const Bind& bind);

}  // namespace pdx::http
