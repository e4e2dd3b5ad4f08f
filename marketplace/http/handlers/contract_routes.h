#pragma once
/// Authorization contracts: their text, signatures and supervision.
#include <vector>

#include "marketplace/app/services.h"
#include "marketplace/http/page.h"
#include "marketplace/http/router.h"

namespace pdx::http {

std::vector<Route> contract_routes(app::Services& services, const CursorCodec& cursors);

}  // namespace pdx::http
