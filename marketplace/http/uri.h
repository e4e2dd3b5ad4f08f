#pragma once
/// Request targets, strictly: one spelling of a path means one resource. Source: RFC 3986.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pdx::http {

/// Sorted by name. A parameter that comes twice does not come at all: parsing fails.
using Parameters = std::map<std::string, std::string, std::less<>>;

/// The target as path and query. Absolute form loses its authority, which nothing here depends on.
/// Refuses other characters than RFC 3986 gives a path and query, and incomplete escapes.
std::optional<std::string> origin_form(std::string_view target);

enum class Plus { kLiteral, kSpace };

/// Ensures: well-formed UTF-8 without control characters.
std::optional<std::string> percent_decode(std::string_view text, Plus plus);
/// Leaves only unreserved characters bare.
std::string percent_encode(std::string_view text);

/// The decoded segments after the leading '/'. Refuses "." and ".." in any spelling.
std::optional<std::vector<std::string>> split_path(std::string_view path);

struct QueryResult {
    Parameters parameters;
    bool well_formed = true;
    std::string duplicate;  ///< the first name that came twice
};
QueryResult parse_query(std::string_view query);

}  // namespace pdx::http
