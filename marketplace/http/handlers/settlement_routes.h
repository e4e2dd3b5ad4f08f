#pragma once
/// Settlements and payouts.
#include <vector>

#include "marketplace/http/handlers/bind.h"

namespace pdx::http {

std::vector<Route> settlement_routes(const Bind& bind);

}  // namespace pdx::http
