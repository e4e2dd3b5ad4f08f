#pragma once
/// Orders: placed, paid, cancelled, accepted, rejected.
#include <vector>

#include "marketplace/http/handlers/bind.h"

namespace pdx::http {

std::vector<Route> order_routes(const Bind& bind);

}  // namespace pdx::http
