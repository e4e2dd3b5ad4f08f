#pragma once
/// The log as files, for any client of c2sp.org/tlog-tiles: checkpoint, hash tiles, entry bundles,
/// public key. What is absent is a 404 and nothing else.
#include <string>
#include <vector>

#include "marketplace/app/log_files.h"
#include "marketplace/http/router.h"

namespace pdx::http {

/// `vkeys`: the log's public keys in C2SP form. Requires: `files` outlives the routes.
std::vector<Route> tile_routes(app::LogFiles& files, std::vector<std::string> vkeys);

}  // namespace pdx::http
