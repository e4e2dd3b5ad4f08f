#pragma once
/// Listings: what buyers can order, at which price.
#include <vector>

#include "marketplace/app/services.h"
#include "marketplace/http/page.h"
#include "marketplace/http/router.h"

namespace pdx::http {

std::vector<Route> listing_routes(app::Services& services, const CursorCodec& cursors);

}  // namespace pdx::http
