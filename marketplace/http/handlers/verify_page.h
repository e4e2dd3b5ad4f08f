#pragma once
/// The page on which anybody verifies a receipt in the browser, without sending it anywhere. One
/// file, marketplace/http/web/verify.html, that also works when it was saved.
#include <string>
#include <string_view>
#include <vector>

#include "marketplace/http/router.h"

namespace pdx::http {

/// `vkey` stands in the page for the reader to compare; the verdict rests on it.
std::vector<Route> verify_page_routes(std::string_view vkey);

}  // namespace pdx::http
