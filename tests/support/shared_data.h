#pragma once
/// Test vectors that are kept beside the project and not in it.
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include "tests/support/places.h"

namespace pdx::test {

/// The file under $PDX_SHARED_DATA, or under ../shared/data beside the project. Absent: says so on
/// standard output; the test that asks for it then has nothing to check.
inline std::optional<std::filesystem::path> shared_data(const std::string& name) {
    const char* folder = std::getenv("PDX_SHARED_DATA");  // NOLINT(concurrency-mt-unsafe)
    const std::filesystem::path root =
        folder != nullptr ? folder : source_folder() / "../shared/data";
    if (std::filesystem::exists(root / name)) return root / name;
    std::cout << "left out: " << (root / name).string() << " is not there\n";
    return std::nullopt;
}

}  // namespace pdx::test
