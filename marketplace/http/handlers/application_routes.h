#pragma once
/// Applications for access, the source department's ruling and the authority's decision.
#include <vector>

#include "marketplace/app/services.h"
#include "marketplace/http/page.h"
#include "marketplace/http/router.h"

namespace pdx::http {

std::vector<Route> application_routes(app::Services& services, const CursorCodec& cursors);

}  // namespace pdx::http
