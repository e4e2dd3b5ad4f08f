#include "base/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace pdx {
namespace {

[[noreturn]] void fail(int error, const std::filesystem::path& path) {
    throw std::system_error(error, std::generic_category(), path.string());
}

/// A file descriptor that closes itself.
struct Descriptor {
    int fd;
    ~Descriptor() {
        if (fd >= 0) ::close(fd);
    }
};

/// The name beside the file's place: free before, free again after.
struct StagedFile {
    std::string path;
    explicit StagedFile(const std::filesystem::path& place) : path(place.string() + ".part") {
        ::unlink(path.c_str());
    }
    ~StagedFile() { ::unlink(path.c_str()); }
    StagedFile(const StagedFile&) = delete;
    StagedFile& operator=(const StagedFile&) = delete;
};

void write_all(int fd, std::string_view text, const std::filesystem::path& path) {
    while (!text.empty()) {
        const ssize_t count = ::write(fd, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) fail(count == 0 ? ENOSPC : errno, path);
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

void write_synced(const std::filesystem::path& staged, std::string_view text, FileAccess access) {
    const mode_t mode = access == FileAccess::kOwner ? 0600 : 0644;
    const Descriptor file{::open(staged.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)};
    if (file.fd < 0) fail(errno, staged);
    // The umask may have taken bits that the readers of a public file need.
    if (::fchmod(file.fd, mode) != 0) fail(errno, staged);
    write_all(file.fd, text, staged);
    if (::fsync(file.fd) != 0) fail(errno, staged);
}

/// link() fails when the file exists, so two processes cannot overwrite each other's.
int move_into_place(const std::string& staged, const std::filesystem::path& path,
                    Existing existing) {
    if (existing == Existing::kReplace) {
        return ::rename(staged.c_str(), path.c_str()) == 0 ? 0 : errno;
    }
    return ::link(staged.c_str(), path.c_str()) == 0 ? 0 : errno;
}

}  // namespace

void write_file_durably(const std::filesystem::path& path, std::string_view text, FileAccess access,
                        Existing existing) {
    const StagedFile staged(path);
    write_synced(staged.path, text, access);
    const int error = move_into_place(staged.path, path, existing);
    if (error != 0) fail(error, path);
    sync_folder(path.has_parent_path() ? path.parent_path() : std::filesystem::path("."));
}

void sync_folder(const std::filesystem::path& folder) {
    const Descriptor open_folder{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (open_folder.fd < 0 || ::fsync(open_folder.fd) != 0) fail(errno, folder);
}

}  // namespace pdx
