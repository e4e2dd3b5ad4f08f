#pragma once
/// Examining a table that stays nobody's: its columns, and the risk of finding persons in it again.
#include <vector>

#include "marketplace/app/services.h"
#include "marketplace/http/router.h"

namespace pdx::http {

std::vector<Route> examination_routes(app::Services& services);

}  // namespace pdx::http
