#pragma once
/// What the ledger said of one entity up to an entry.
#include <vector>

#include "marketplace/http/handlers/bind.h"

namespace pdx::http {

std::vector<Route> entity_routes(const Bind& bind);

}  // namespace pdx::http
