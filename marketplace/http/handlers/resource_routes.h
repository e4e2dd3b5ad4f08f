#pragma once
/// Resources, their registration, and their datasets.
#include <vector>

#include "marketplace/http/handlers/bind.h"

namespace pdx::http {

std::vector<Route> resource_routes(const Bind& bind);
std::vector<Route> dataset_routes(const Bind& bind);

}  // namespace pdx::http
