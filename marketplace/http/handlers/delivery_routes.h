#pragma once
/// Deliveries and their content.
#include <vector>

#include "marketplace/app/services.h"
#include "marketplace/http/page.h"
#include "marketplace/http/router.h"

namespace pdx::http {

std::vector<Route> delivery_routes(app::Services& services, const CursorCodec& cursors);

}  // namespace pdx::http
