#pragma once
/// The OpenAPI 3.1 document, printed from the route table: what is published is what is enforced.
/// The same table always prints the same bytes.
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "marketplace/http/router.h"

namespace pdx::http {

struct ApiInfo {
    Text title;
    Text text;
    std::string version;
};

/// The refusals that a route can answer beyond its own rows, because the edge makes them.
std::vector<ErrorRow> edge_errors(const Route& route);
/// Own rows and edge rows, by status then code, each once.
std::vector<ErrorRow> all_errors(const Route& route);
/// The template as OpenAPI writes it: "{path...}" is "{path}".
std::string openapi_path(std::string_view path_template);

nlohmann::ordered_json openapi(const std::vector<Route>& routes, const ApiInfo& info);
/// Shape: indented JSON with a line feed at the end.
std::string openapi_text(const std::vector<Route>& routes, const ApiInfo& info);

}  // namespace pdx::http
