#pragma once
/// Deliveries and their content.
#include <vector>

#include "marketplace/app/services.h"
#include "marketplace/http/router.h"

namespace pdx::http {

std::vector<Route> delivery_routes(app::Services& services);

}  // namespace pdx::http
