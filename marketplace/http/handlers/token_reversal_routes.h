#pragma once
/// Tokens turned back into numbers: asked for, approved by two parties, told once.
#include <vector>

#include "marketplace/http/handlers/bind.h"

namespace pdx::http {

std::vector<Route> token_reversal_routes(const Bind& bind);

}  // namespace pdx::http
