#include "ledger/export.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>

#include "base/check.h"
#include "base/durable_file.h"
#include "base/error.h"
#include "ledger/checkpoint.h"

namespace pdx::ledger {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_io(const fs::path& path) {
    throw std::system_error(errno, std::generic_category(), path.string());
}

std::optional<Bytes> read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    return Bytes(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

std::optional<Checkpoint> read_checkpoint(ByteView bytes) {
    const auto note = parse_note(as_text(bytes));
    return note ? parse_checkpoint(note->text) : std::nullopt;
}

bool is_whole(const TilePath& path, ByteView bytes) {
    if (!path.is_bundle) return bytes.size() == path.width * Digest::kSize;
    const DecodedBundle decoded = decode_bundle(bytes, path.width);
    return decoded.entries.size() == path.width && decoded.end == bytes.size();
}

/// One exporter at a time: two would write the same staged file.
class FolderHandle {
public:
    explicit FolderHandle(const fs::path& folder) : folder_(folder) {
        fs::create_directories(folder);
        fd_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd_ < 0) fail_io(folder);
        if (::flock(fd_, LOCK_EX | LOCK_NB) == 0) return;
        ::close(fd_);
        throw busy("export.running", {"Another export is writing into this folder.",
                                      "另一个导出任务正在写入该目录。"});
    }
    ~FolderHandle() { ::close(fd_); }
    FolderHandle(const FolderHandle&) = delete;
    FolderHandle& operator=(const FolderHandle&) = delete;

    /// Everything written so far; one call for all files is cheaper than one for each.
    void sync_all() const {
        if (::syncfs(fd_) != 0) fail_io(folder_);
    }

    /// Under its own name only once it is whole. The staged file has one name, so that what an
    /// export that was killed left behind goes with the next one.
    void write(const std::string& name, ByteView bytes) const {
        const fs::path path = folder_ / name;
        const fs::path staged = folder_ / ".part";
        fs::create_directories(path.parent_path());
        std::ofstream file(staged, std::ios::binary | std::ios::trunc);
        const std::string_view text = as_text(bytes);
        file.write(text.data(), static_cast<std::streamsize>(text.size()));
        file.close();
        if (!file) throw std::runtime_error("cannot write " + path.string());
        fs::rename(staged, path);
    }

    const fs::path& path() const { return folder_; }

private:
    fs::path folder_;
    int fd_ = -1;
};

/// What the folder holds by its own checkpoint; an empty tree when it has none.
Checkpoint exported_before(const fs::path& folder, const Checkpoint& next, TileReader& reader) {
    const auto bytes = read_file(folder / "checkpoint");
    if (!bytes) return {};
    const auto old = read_checkpoint(*bytes);
    if (!old || old->origin != next.origin) {
        const std::string held = old ? ": " + old->origin : ".";
        throw conflict("export.other_log", {"This folder holds something else than this log" + held,
                                            "该目录中不是本账本的导出文件" + held});
    }
    const std::string sizes = std::to_string(old->size) + " > " + std::to_string(next.size);
    if (old->size > next.size) {
        throw conflict("export.shrunk", {"This folder holds more entries than the log (" + sizes +
                                             "). Keep it: if it is signed, the log was cut back.",
                                         "该目录中的记录多于账本现有记录（" + sizes +
                                             "）。请保留该目录：若其签名有效，则账本曾被截短。"});
    }
    const bool continues =
        old->size == next.size ? old->root == next.root : root_at(reader, old->size) == old->root;
    if (!continues) {
        throw conflict("export.fork",
                       {"The log does not continue what this folder holds at size " +
                            std::to_string(old->size) + ". Keep both: one of them was forged.",
                        "账本与该目录中长度为 " + std::to_string(old->size) +
                            " 的记录不一致。请保留两者作为证据。"});
    }
    return *old;
}

class Export {
public:
    Export(TileReader& reader, const FolderHandle& folder, std::uint64_t old_size,
           std::uint64_t size)
        : reader_(reader),
          folder_(folder),
          old_size_(old_size),
          size_(size) {}

    void write_level(unsigned level, const Progress& progress) {
        for (std::uint64_t index = full_tile_count(old_size_, level);; ++index) {
            const unsigned width = tile_width(size_, level, index);
            if (width == 0) return;
            write({.level = level, .index = index, .width = width});
            if (level != 0) continue;
            write({.is_bundle = true, .index = index, .width = width});
            if (progress) progress(index * kTileWidth + width, size_);
        }
    }

    /// The right edge of the earlier export, where it has been filled.
    void remove_old_partials() const {
        for (unsigned level = 0; level < kTileLevels; ++level) {
            const std::uint64_t edge = full_tile_count(old_size_, level);
            if (partial_tile_width(old_size_, level) == 0) continue;
            if (tile_width(size_, level, edge) != kTileWidth) continue;
            TilePath path{.level = level, .index = edge};
            fs::remove_all(folder_.path() / (format_tile_path(path) + ".p"));
            path.is_bundle = level == 0;
            if (path.is_bundle) fs::remove_all(folder_.path() / (format_tile_path(path) + ".p"));
        }
    }

private:
    void write(const TilePath& path) {
        if (path.width == tile_width(old_size_, path.level, path.index)) return;
        const std::string name = format_tile_path(path);
        if (path.width == kTileWidth) {
            // Left by an export that was cut short; after a power cut it may be empty.
            const auto there = read_file(folder_.path() / name);
            if (there && is_whole(path, *there)) return;
        }
        const auto bytes = path.is_bundle ? reader_.read_bundle(path.index, path.width)
                                          : reader_.read_tile(path.level, path.index, path.width);
        if (!bytes) throw LedgerViolation("absent from the log: " + name);
        if (!is_whole(path, *bytes)) throw std::runtime_error("not a whole tile: " + name);
        folder_.write(name, *bytes);
    }

    TileReader& reader_;
    const FolderHandle& folder_;
    std::uint64_t old_size_;
    std::uint64_t size_;
};

}  // namespace

void export_log(TileReader& reader, std::uint64_t size, std::string_view note,
                const std::filesystem::path& folder, const Progress& progress,
                OldPartials old_partials) {
    const auto next = read_checkpoint(as_bytes(note));
    if (!next || next->size != size) {
        throw std::runtime_error("this is no checkpoint of size " + std::to_string(size));
    }
    const FolderHandle handle(folder);
    const Checkpoint old = exported_before(folder, *next, reader);
    Export run(reader, handle, old.size, size);
    for (unsigned level = 0; level < kTileLevels; ++level) run.write_level(level, progress);
    // The head may be seen, after a power cut too, only when everything below it can be.
    handle.sync_all();
    write_file_durably(folder / "checkpoint", note, FileAccess::kAll, Existing::kReplace);
    if (old_partials == OldPartials::kRemove) run.remove_old_partials();
}

}  // namespace pdx::ledger
