#pragma once
/// The one page: what this is, the catalog, the latest ledger entries, the API reference. Plain
/// HTML that works without scripts, in the language asked for.
#include <string>

#include "marketplace/app/services.h"
#include "marketplace/http/message.h"

namespace pdx::http {

/// `?q=` searches the catalog. `reference`: the API reference as HTML.
Response home_page(const Request& request, app::Services& services, const std::string& reference);
const std::string& home_style();
/// SVG. Under /favicon.ico, where browsers look for one also beside pages that name none.
const std::string& home_icon();

}  // namespace pdx::http
