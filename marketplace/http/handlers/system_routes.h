#pragma once
/// The exchange about itself: health, the API's description, the page.
#include <functional>
#include <optional>
#include <vector>

#include "marketplace/app/ledger_patrol.h"
#include "marketplace/app/services.h"
#include "marketplace/http/router.h"

namespace pdx::http {

/// What the background check of the ledger has done; nothing when there is no such check.
using PatrolReader = std::function<std::optional<app::PatrolStatus>()>;

/// `described`: the rows that the API's description shows. `ready`: do writes get through?
/// `patrol` may be empty.
std::vector<Route> system_routes(app::Services& services, const std::vector<Route>& described,
                                 std::function<bool()> ready, PatrolReader patrol);

}  // namespace pdx::http
