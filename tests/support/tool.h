#pragma once
/// Programs of other packages that tests run. A missing one is a failure: what nobody tests does
/// not work. PDX_SKIP, names with commas between them, leaves the tests of a program out.
#include <initializer_list>
#include <string>
#include <string_view>

namespace pdx::test {

/// True, with a line that says so, when PDX_SKIP names the tool.
bool is_left_out(std::string_view tool);

/// The first of the paths that is a program. Throws: std::runtime_error that names the Debian
/// package when there is none.
std::string find_tool(std::string_view tool, std::initializer_list<const char*> paths,
                      std::string_view package);

}  // namespace pdx::test
