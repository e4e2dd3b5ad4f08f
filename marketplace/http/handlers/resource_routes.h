#pragma once
/// Resources, their registration, and their datasets.
#include <vector>

#include "marketplace/app/services.h"
#include "marketplace/http/page.h"
#include "marketplace/http/router.h"

namespace pdx::http {

std::vector<Route> resource_routes(app::Services& services, const CursorCodec& cursors);
std::vector<Route> dataset_routes(app::Services& services, const CursorCodec& cursors);

}  // namespace pdx::http
