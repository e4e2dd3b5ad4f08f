#pragma once
/// Tokens turned back into numbers: asked for, approved by two parties, told once.
#include <vector>

#include "marketplace/app/services.h"
#include "marketplace/http/page.h"
#include "marketplace/http/router.h"

namespace pdx::http {

std::vector<Route> token_reversal_routes(app::Services& services, const CursorCodec& cursors);

}  // namespace pdx::http
