#pragma once
/// Authorization contracts: their text, signatures and supervision.
#include <vector>

#include "marketplace/http/handlers/bind.h"

namespace pdx::http {

std::vector<Route> contract_routes(const Bind& bind);

}  // namespace pdx::http
