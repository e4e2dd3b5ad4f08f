#include "marketplace/cli/log_download.h"

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "ledger/checkpoint.h"
#include "ledger/note.h"
#include "ledger/tile.h"
#include "ledger/tree.h"

namespace pdx::cli {
namespace {

/// Throws: std::runtime_error when the answer is neither 200 nor 404.
std::optional<std::string> fetch(const ApiClient& client, const std::string& path) {
    ApiAnswer answer = client.get(path);
    if (answer.status == 404) return std::nullopt;
    if (answer.status != 200) {
        throw std::runtime_error("GET " + path + " answered " + std::to_string(answer.status));
    }
    return std::move(answer.body);
}

class HttpTiles final : public ledger::TileReader {
public:
    explicit HttpTiles(const ApiClient& client) : client_(client) {}

    std::optional<Bytes> read_tile(unsigned level, std::uint64_t index, unsigned width) override {
        return read({.level = level, .index = index, .width = width});
    }
    std::optional<Bytes> read_bundle(std::uint64_t index, unsigned width) override {
        return read({.is_bundle = true, .index = index, .width = width});
    }

private:
    std::optional<Bytes> read(const ledger::TilePath& path) {
        const auto body = fetch(client_, "/ledger/" + ledger::format_tile_path(path));
        if (!body) return std::nullopt;
        const ByteView bytes = as_bytes(*body);
        return Bytes(bytes.begin(), bytes.end());
    }

    const ApiClient& client_;
};

}  // namespace

std::uint64_t download_log(const ApiClient& client, const std::filesystem::path& folder,
                           const ledger::Progress& progress) {
    const auto note = fetch(client, "/ledger/checkpoint");
    const auto parsed = note ? ledger::parse_note(*note) : std::optional<ledger::Note>();
    const auto checkpoint =
        parsed ? ledger::parse_checkpoint(parsed->text) : std::optional<ledger::Checkpoint>();
    if (!checkpoint) throw std::runtime_error("/ledger/checkpoint holds no checkpoint");
    HttpTiles tiles(client);
    ledger::export_log(tiles, checkpoint->size, *note, folder, progress);
    return checkpoint->size;
}

}  // namespace pdx::cli
