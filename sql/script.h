#pragma once
/// Cuts a script into its statements. Knows quotes and comments, so that a ';' inside them does not
/// cut; does not know BEGIN ... END bodies, which migrations therefore do not use on MySQL.
#include <string>
#include <string_view>
#include <vector>

namespace pdx::sql {

/// Ensures: the statements in order, without their ';' and without comments (`--` to the end of the
/// line, slash-star); what holds nothing else is left out.
/// A backslash inside quotes means itself, on both databases as we set them up.
/// Throws: InvariantViolation for a `#` outside of quotes, which only MySQL takes for a comment,
/// and for a script that ends inside quotes or a comment.
std::vector<std::string> split_script(std::string_view script);

}  // namespace pdx::sql
