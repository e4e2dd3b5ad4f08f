#include "tests/support/places.h"

namespace pdx::test {

std::filesystem::path source_folder() { return PDX_SOURCE_DIR; }
std::filesystem::path binary_folder() { return PDX_BINARY_DIR; }

}  // namespace pdx::test
