#pragma once
/// Examining a table that stays nobody's: its columns, and the risk of finding persons in it again.
#include <vector>

#include "marketplace/http/handlers/bind.h"

namespace pdx::http {

std::vector<Route> examination_routes(const Bind& bind);

}  // namespace pdx::http
