#pragma once
/// The books, for those who watch over them.
#include <vector>

#include "marketplace/http/handlers/bind.h"

namespace pdx::http {

std::vector<Route> books_routes(const Bind& bind);

}  // namespace pdx::http
