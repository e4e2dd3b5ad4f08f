#include "ledger/folder_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace pdx::ledger {
namespace {

bool read_all(int file, std::size_t limit, Bytes& buffer) {
    struct stat status {};
    if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size < 0) return false;
    buffer.resize(std::min(static_cast<std::uint64_t>(status.st_size),
                           static_cast<std::uint64_t>(limit) + 1));
    std::size_t done = 0;
    while (done < buffer.size()) {
        const ssize_t count = ::read(file, buffer.data() + done, buffer.size() - done);
        if (count <= 0) return false;
        done += static_cast<std::size_t>(count);
    }
    return true;
}

}  // namespace

bool read_log_file(const std::filesystem::path& path, std::size_t limit, Bytes& buffer) {
    // Without waiting, since a pipe may stand there under the name of a tile.
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) return false;
    const bool whole = read_all(file, limit, buffer);
    ::close(file);
    return whole;
}

std::optional<Bytes> read_log_file(const std::filesystem::path& path, std::size_t limit) {
    Bytes bytes;
    return read_log_file(path, limit, bytes) ? std::optional(std::move(bytes)) : std::nullopt;
}

std::optional<Bytes> FolderReader::read_tile(unsigned level, std::uint64_t index, unsigned width) {
    const TilePath path{.level = level, .index = index, .width = tile_width(size_, level, index)};
    auto bytes = read_log_file(folder_ / format_tile_path(path), kTileFileBytes);
    if (!bytes || bytes->size() < width * Digest::kSize) return std::nullopt;
    bytes->resize(width * Digest::kSize);
    return bytes;
}

std::optional<Bytes> FolderReader::read_bundle(std::uint64_t index, unsigned width) {
    const TilePath path{.is_bundle = true, .index = index, .width = tile_width(size_, 0, index)};
    auto bytes = read_log_file(folder_ / format_tile_path(path), kBundleFileBytesMax);
    if (!bytes) return std::nullopt;
    const DecodedBundle decoded = decode_bundle(*bytes, width);
    if (decoded.entries.size() != width) return std::nullopt;
    bytes->resize(decoded.end);
    return bytes;
}

}  // namespace pdx::ledger
