#pragma once
/// Disputes.
#include <vector>

#include "marketplace/http/handlers/bind.h"

namespace pdx::http {

std::vector<Route> dispute_routes(const Bind& bind);

}  // namespace pdx::http
