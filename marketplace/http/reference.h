#pragma once
/// The API reference for people: plain, accessible, bilingual HTML from the same route table.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "marketplace/http/openapi.h"

namespace pdx::http {

/// Text made safe inside HTML elements and quoted attributes.
std::string html_escape(std::string_view text);

/// Every code that a problem can carry, with its status.
std::map<std::string, int> problem_codes(const std::vector<Route>& routes);

/// One <section id="api"> with a list of contents, one <article> per operation and the table of
/// problem codes; to be put into a page, whose style it takes. Headings begin at h2.
std::string reference_html(const std::vector<Route>& routes);

}  // namespace pdx::http
