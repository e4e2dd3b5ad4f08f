#pragma once
/// Statistics with noise: ask, list, read.
#include <vector>

#include "marketplace/http/handlers/bind.h"

namespace pdx::http {

std::vector<Route> statistic_routes(const Bind& bind);

}  // namespace pdx::http
