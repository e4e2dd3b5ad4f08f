#include "ledger/export.h"

#include <fstream>
#include <stdexcept>
#include <string>

#include "base/check.h"

namespace pdx::ledger {
namespace {

/// Under its own name only once it is whole.
void write_file(const std::filesystem::path& path, ByteView bytes) {
    std::filesystem::create_directories(path.parent_path());
    const std::filesystem::path staged = path.string() + ".part";
    std::ofstream file(staged, std::ios::binary | std::ios::trunc);
    const std::string_view text = as_text(bytes);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file) throw std::runtime_error("cannot write " + path.string());
    std::filesystem::rename(staged, path);
}

void write_tile(TileReader& reader, const TilePath& path, const std::filesystem::path& folder) {
    const bool is_final = path.width == kTileWidth;
    if (is_final && std::filesystem::exists(folder / format_tile_path(path))) return;
    const auto bytes = path.is_bundle ? reader.read_bundle(path.index, path.width)
                                      : reader.read_tile(path.level, path.index, path.width);
    if (!bytes) throw LedgerViolation("absent from the log: " + format_tile_path(path));
    write_file(folder / format_tile_path(path), *bytes);
}

}  // namespace

void export_log(TileReader& reader, std::uint64_t size, std::string_view note,
                const std::filesystem::path& folder, const Progress& progress) {
    for (unsigned level = 0; level < kTileLevels; ++level) {
        for (std::uint64_t index = 0;; ++index) {
            const unsigned width = tile_width(size, level, index);
            if (width == 0) break;
            write_tile(reader, {.level = level, .index = index, .width = width}, folder);
            if (level != 0) continue;
            write_tile(reader, {.is_bundle = true, .index = index, .width = width}, folder);
            if (progress) progress(index * kTileWidth + width, size);
        }
    }
    write_file(folder / "checkpoint", as_bytes(note));
}

}  // namespace pdx::ledger
