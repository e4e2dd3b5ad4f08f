#pragma once
/// THE route table: every operation of the exchange, joined from the resources' rows.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "marketplace/app/ledger_patrol.h"
#include "marketplace/app/services.h"
#include "marketplace/http/page.h"
#include "marketplace/http/router.h"

namespace pdx::http {

struct ApiOptions {
    std::vector<std::string> vkeys;  ///< the log's public keys that are valid now; not empty
    std::function<bool()> ready;     ///< do writes get through?
    /// Of the background check of the ledger; absent, or nothing when there is no such check.
    std::function<std::optional<app::PatrolStatus>()> patrol = {};
};

/// Requires: the references outlive the routes.
std::vector<Route> api_routes(app::Services& services, const CursorCodec& cursors,
                              ApiOptions options);

}  // namespace pdx::http
