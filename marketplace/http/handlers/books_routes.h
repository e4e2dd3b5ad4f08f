#pragma once
/// The books, for those who watch over them.
#include <vector>

#include "marketplace/app/services.h"
#include "marketplace/http/page.h"
#include "marketplace/http/router.h"

namespace pdx::http {

std::vector<Route> books_routes(app::Services& services, const CursorCodec& cursors);

}  // namespace pdx::http
