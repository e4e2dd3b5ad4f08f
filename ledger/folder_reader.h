#pragma once
/// A downloaded log on disk: how its files are read, and its tiles for whoever makes proofs.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>

#include "ledger/entry.h"
#include "ledger/tile.h"
#include "ledger/tree.h"

namespace pdx::ledger {

/// Unit: bytes. The longest hash tile and the longest bundle.
inline constexpr std::size_t kTileFileBytes = kTileWidth * Digest::kSize;
inline constexpr std::size_t kBundleFileBytesMax = kTileWidth * (kEntryBytesMax + 2);

/// Puts the first `limit` + 1 bytes of a regular file into the buffer, so that a longer file shows.
/// The buffer keeps its capacity from file to file. False for a link, a device or what cannot be
/// read; the buffer is then anything. Does not throw for what the disk holds.
bool read_log_file(const std::filesystem::path& path, std::size_t limit, Bytes& buffer);
std::optional<Bytes> read_log_file(const std::filesystem::path& path, std::size_t limit);

/// The tiles of a folder whose checkpoint is of `size`. What it gives is as good as the folder:
/// proofs from it are to be verified.
class FolderReader final : public TileReader {
public:
    FolderReader(std::filesystem::path folder, std::uint64_t size)
        : folder_(std::move(folder)),
          size_(size) {}
    std::optional<Bytes> read_tile(unsigned level, std::uint64_t index, unsigned width) override;
    std::optional<Bytes> read_bundle(std::uint64_t index, unsigned width) override;

private:
    std::filesystem::path folder_;
    std::uint64_t size_;
};

}  // namespace pdx::ledger
