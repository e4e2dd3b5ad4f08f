#pragma once
/// The exchange about itself: health, the API's description, the page.
#include <functional>
#include <vector>

#include "marketplace/app/services.h"
#include "marketplace/http/router.h"

namespace pdx::http {

/// `described`: the rows that the API's description shows. `ready`: do writes get through?
std::vector<Route> system_routes(app::Services& services, const std::vector<Route>& described,
                                 std::function<bool()> ready);

}  // namespace pdx::http
