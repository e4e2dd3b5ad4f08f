#pragma once
/// The ledger: receipts, entries, and the tlog-tiles resources. Public; a reader needs no account.
#include <string>
#include <vector>

#include "marketplace/app/services.h"
#include "marketplace/http/page.h"
#include "marketplace/http/router.h"

namespace pdx::http {

/// `vkey`: the log's public key in C2SP form.
std::vector<Route> ledger_routes(app::Services& services, const CursorCodec& cursors,
                                 std::string vkey);

}  // namespace pdx::http
