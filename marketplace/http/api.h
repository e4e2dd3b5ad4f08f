#pragma once
/// THE route table: every operation of the exchange, joined from the resources' rows.
#include <functional>
#include <string>
#include <vector>

#include "marketplace/app/services.h"
#include "marketplace/http/page.h"
#include "marketplace/http/router.h"

namespace pdx::http {

struct ApiOptions {
    std::string vkey;             ///< the log's public key
    std::function<bool()> ready;  ///< do writes get through?
};

/// Requires: the references outlive the routes.
std::vector<Route> api_routes(app::Services& services, const CursorCodec& cursors,
                              ApiOptions options);

}  // namespace pdx::http
