#include "base/check.h"
#include "ledger/tile.h"
#include "tests/fuzz/targets.h"

namespace pdx::fuzz {

/// A tile has one name, and no name leads out of the folder.
void tile_path(ByteView bytes) {
    const std::string_view text = as_text(bytes);
    const auto path = ledger::parse_tile_path(text);
    if (!path) return;
    PDX_CHECK(ledger::format_tile_path(*path) == text);
    PDX_CHECK(path->width >= 1 && path->width <= ledger::kTileWidth && path->level <= 63);
    PDX_CHECK(text.starts_with("tile/") && text.find("..") == std::string_view::npos);
}

}  // namespace pdx::fuzz
