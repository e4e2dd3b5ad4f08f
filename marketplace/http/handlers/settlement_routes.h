#pragma once
/// Settlements, payouts, and the books.
#include <vector>

#include "marketplace/app/services.h"
#include "marketplace/http/page.h"
#include "marketplace/http/router.h"

namespace pdx::http {

std::vector<Route> settlement_routes(app::Services& services);
std::vector<Route> account_routes(app::Services& services, const CursorCodec& cursors);

}  // namespace pdx::http
