#pragma once
/// Parties, their tokens and keys.
#include <vector>

#include "marketplace/app/services.h"
#include "marketplace/http/page.h"
#include "marketplace/http/router.h"

namespace pdx::http {

std::vector<Route> party_routes(app::Services& services, const CursorCodec& cursors);

}  // namespace pdx::http
