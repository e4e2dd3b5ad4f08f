#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/catch.h"
#include "tests/support/places.h"

TEST_CASE("sources: docs/SOURCES.md names only files that exist", "[domain][sources]") {
    const std::filesystem::path root(pdx::test::source_folder());
    std::ifstream file(root / "docs/SOURCES.md");
    REQUIRE(file);
    std::size_t paths = 0;
    for (std::string line; std::getline(file, line);) {
        for (std::size_t open = line.find('`'); open != std::string::npos;) {
            const std::size_t close = line.find('`', open + 1);
            REQUIRE(close != std::string::npos);
            const std::string path = line.substr(open + 1, close - open - 1);
            INFO(path);
            CHECK(std::filesystem::is_regular_file(root / path));
            ++paths;
            open = line.find('`', close + 1);
        }
    }
    CHECK(paths > 50);
}
