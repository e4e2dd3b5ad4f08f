#pragma once
/// Orders: placed, paid, cancelled, accepted, rejected.
#include <vector>

#include "marketplace/app/services.h"
#include "marketplace/http/page.h"
#include "marketplace/http/router.h"

namespace pdx::http {

std::vector<Route> order_routes(app::Services& services, const CursorCodec& cursors);

}  // namespace pdx::http
