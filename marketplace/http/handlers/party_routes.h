#pragma once
/// Parties, their tokens and keys.
#include <vector>

#include "marketplace/http/handlers/bind.h"

namespace pdx::http {

std::vector<Route> party_routes(const Bind& bind);

}  // namespace pdx::http
