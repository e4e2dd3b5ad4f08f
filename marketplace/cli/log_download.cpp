#include "marketplace/cli/log_download.h"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

#include "ledger/checkpoint.h"
#include "ledger/note.h"
#include "ledger/tile.h"

namespace pdx::cli {
namespace {

std::string fetch(const ApiClient& client, const std::string& path) {
    const ApiAnswer answer = client.get(path);
    if (answer.status != 200) {
        throw std::runtime_error("GET " + path + " answered " + std::to_string(answer.status));
    }
    return answer.body;
}

void write_file(const std::filesystem::path& path, const std::string& bytes) {
    std::filesystem::create_directories(path.parent_path());
    const std::filesystem::path staged = path.string() + ".part";
    {
        std::ofstream file(staged, std::ios::binary | std::ios::trunc);
        file << bytes;
        if (!file.flush()) throw std::runtime_error("cannot write " + staged.string());
    }
    std::filesystem::rename(staged, path);
}

/// Every file of a log of this size: bundles, then hash tiles level by level.
std::vector<ledger::TilePath> files_of(std::uint64_t size) {
    std::vector<ledger::TilePath> files;
    const auto add_level = [&](bool is_bundle, unsigned level) {
        const std::uint64_t full = ledger::full_tile_count(size, level);
        for (std::uint64_t i = 0; i < full; ++i) {
            files.push_back({is_bundle, level, i, ledger::kTileWidth});
        }
        const unsigned partial = ledger::partial_tile_width(size, level);
        if (partial > 0) files.push_back({is_bundle, level, full, partial});
        return full > 0 || partial > 0;
    };
    add_level(true, 0);
    for (unsigned level = 0; level < ledger::kTileLevels && add_level(false, level); ++level) {
    }
    return files;
}

}  // namespace

std::uint64_t download_log(
    const ApiClient& client, const std::filesystem::path& folder,
    const std::function<void(std::uint64_t done, std::uint64_t total)>& progress) {
    const std::string note = fetch(client, "/ledger/checkpoint");
    const auto parsed = ledger::parse_note(note);
    const auto checkpoint =
        parsed ? ledger::parse_checkpoint(parsed->text) : std::optional<ledger::Checkpoint>();
    if (!checkpoint) throw std::runtime_error("/ledger/checkpoint holds no checkpoint");
    const std::vector<ledger::TilePath> files = files_of(checkpoint->size);
    std::uint64_t done = 0;
    for (const ledger::TilePath& file : files) {
        const std::string name = ledger::format_tile_path(file);
        const bool is_final = file.width == ledger::kTileWidth;
        if (!is_final || !std::filesystem::exists(folder / name)) {
            write_file(folder / name, fetch(client, "/ledger/" + name));
        }
        progress(++done, files.size());
    }
    write_file(folder / "checkpoint", note);  // last: an interrupted download shows no new head
    return checkpoint->size;
}

}  // namespace pdx::cli
