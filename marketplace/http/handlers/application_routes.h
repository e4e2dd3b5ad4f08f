#pragma once
/// Applications for access, the source department's ruling and the authority's decision.
#include <vector>

#include "marketplace/http/handlers/bind.h"

namespace pdx::http {

std::vector<Route> application_routes(const Bind& bind);

}  // namespace pdx::http
