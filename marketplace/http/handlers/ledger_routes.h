#pragma once
/// Receipts and entries of the ledger. Public; a reader needs no account.
#include <vector>

#include "marketplace/http/handlers/bind.h"

namespace pdx::http {

std::vector<Route> ledger_routes(const Bind& bind);

}  // namespace pdx::http
