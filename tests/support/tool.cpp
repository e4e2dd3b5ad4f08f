#include "tests/support/tool.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <stdexcept>

namespace pdx::test {

bool is_left_out(std::string_view tool) {
    const char* value = std::getenv("PDX_SKIP");  // NOLINT(concurrency-mt-unsafe)
    const std::string names = "," + std::string(value == nullptr ? "" : value) + ",";
    if (names.find("," + std::string(tool) + ",") == std::string::npos) return false;
    std::cout << "left out, as PDX_SKIP asks: what needs " << tool << '\n';
    return true;
}

std::string find_tool(std::string_view tool, std::initializer_list<const char*> paths,
                      std::string_view package) {
    for (const char* path : paths) {
        if (::access(path, X_OK) == 0) return path;
    }
    throw std::runtime_error(std::string(tool) +
                             " is not installed (Debian: " + std::string(package) +
                             "); PDX_SKIP=" + std::string(tool) + " leaves its tests out");
}

}  // namespace pdx::test
