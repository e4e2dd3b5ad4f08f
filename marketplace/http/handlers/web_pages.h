#pragma once
/// The pages of marketplace/http/web: each one file, whose policy names its script and style by
/// their hashes.
#include <string_view>
#include <vector>

#include "marketplace/http/router.h"

namespace pdx::http {

/// `vkey`: the ledger's public key, which the page that verifies receipts begins with.
std::vector<Route> web_page_routes(std::string_view vkey);

}  // namespace pdx::http
