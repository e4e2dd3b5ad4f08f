#pragma once
/// What the ledger said of one entity up to an entry.
#include <vector>

#include "marketplace/app/services.h"
#include "marketplace/http/router.h"

namespace pdx::http {

std::vector<Route> entity_routes(app::Services& services);

}  // namespace pdx::http
