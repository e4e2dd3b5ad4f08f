#pragma once
/// Settlements and payouts.
#include <vector>

#include "marketplace/app/services.h"
#include "marketplace/http/page.h"
#include "marketplace/http/router.h"

namespace pdx::http {

std::vector<Route> settlement_routes(app::Services& services, const CursorCodec& cursors);

}  // namespace pdx::http
