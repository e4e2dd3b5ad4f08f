#pragma once
/// Receipts and entries of the ledger. Public; a reader needs no account.
#include <vector>

#include "marketplace/app/services.h"
#include "marketplace/http/page.h"
#include "marketplace/http/router.h"

namespace pdx::http {

std::vector<Route> ledger_routes(app::Services& services, const CursorCodec& cursors);

}  // namespace pdx::http
