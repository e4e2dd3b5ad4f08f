#include "base/durable_file.h"

#include <fcntl.h>
#include <sys/file.h>
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

void write_all(int fd, std::string_view text, const std::filesystem::path& path) {
    while (!text.empty()) {
        const ssize_t count = ::write(fd, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) fail(count == 0 ? ENOSPC : errno, path);
        text.remove_prefix(static_cast<std::size_t>(count));
    }
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

DurableFile::DurableFile(const std::filesystem::path& path, FileAccess access, Existing existing)
    : path_(path),
      staged_(path.string() + ".part"),
      access_(access),
      existing_(existing) {
    try {
        open_staged();
    } catch (...) {
        if (fd_ >= 0) ::close(fd_);
        throw;
    }
}

DurableFile::~DurableFile() {
    if (fd_ < 0) return;
    // Published, the name is gone already or another writer's.
    if (is_ours()) ::unlink(staged_.c_str());
    ::close(fd_);
}

/// The lock tells a file that somebody writes from one that a killed process left.
void DurableFile::open_staged() {
    const mode_t mode = access_ == FileAccess::kOwner ? 0600 : 0644;
    do {
        if (fd_ >= 0) ::close(fd_);
        fd_ = ::open(staged_.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, mode);
        if (fd_ < 0) fail(errno, staged_);
        if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) fail(errno == EWOULDBLOCK ? EBUSY : errno, path_);
    } while (!is_ours());
    // The umask may have taken bits that the readers of a public file need.
    if (::fchmod(fd_, mode) != 0 || ::ftruncate(fd_, 0) != 0) fail(errno, staged_);
}

/// Between open() and the lock another may have published and so removed the name.
bool DurableFile::is_ours() const {
    struct stat opened {};
    struct stat named {};
    return ::fstat(fd_, &opened) == 0 && ::stat(staged_.c_str(), &named) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

void DurableFile::append(std::string_view text) { write_all(fd_, text, staged_); }

void DurableFile::publish() {
    if (::fsync(fd_) != 0) fail(errno, staged_);
    const int error = move_into_place(staged_, path_, existing_);
    if (error != 0) fail(error, path_);
    sync_folder(path_.has_parent_path() ? path_.parent_path() : std::filesystem::path("."));
}

void write_file_durably(const std::filesystem::path& path, std::string_view text, FileAccess access,
                        Existing existing) {
    DurableFile file(path, access, existing);
    file.append(text);
    file.publish();
}

void sync_folder(const std::filesystem::path& folder) {
    const Descriptor open_folder{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (open_folder.fd < 0 || ::fsync(open_folder.fd) != 0) fail(errno, folder);
}

}  // namespace pdx
