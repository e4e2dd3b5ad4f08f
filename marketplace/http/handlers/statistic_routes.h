#pragma once
/// Statistics with noise: ask, list, read.
#include <vector>

#include "marketplace/app/services.h"
#include "marketplace/http/page.h"
#include "marketplace/http/router.h"

namespace pdx::http {

std::vector<Route> statistic_routes(app::Services& services, const CursorCodec& cursors);

}  // namespace pdx::http
