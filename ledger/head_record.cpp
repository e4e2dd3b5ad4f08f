#include "ledger/head_record.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include "base/durable_file.h"
#include "base/error.h"

namespace pdx::ledger {
namespace {

constexpr std::string_view kName = "pdx-ledger-record v1 ";
/// Unit: bytes. Longer than the first line and than any other.
constexpr std::size_t kWindow = 1024;

[[noreturn]] void fail(const std::filesystem::path& path) {
    throw std::system_error(errno, std::generic_category(), path.string());
}

[[noreturn]] void refuse_damaged(const std::filesystem::path& path) {
    throw conflict(
        "ledger_record.damaged",
        {"The record of what this ledger signed is damaged. Keep it, restore it from a "
         "copy; only when every other source agrees with the database, move it away.",
         "账本签发记录文件已损坏。请保留该文件并从备份恢复；仅当其他来源均与数据库一致时，"
         "方可将其移走。"},
        {.pointer = path.string()});
}

/// A file descriptor that closes itself.
struct RecordFile {
    int fd;
    ~RecordFile() {
        if (fd >= 0) ::close(fd);
    }
};

std::string read_at(int fd, std::uint64_t offset, std::size_t size,
                    const std::filesystem::path& path) {
    std::string bytes(size, '\0');
    std::size_t filled = 0;
    while (filled < size) {
        const ssize_t count =
            ::pread(fd, bytes.data() + filled, size - filled, static_cast<off_t>(offset + filled));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(path);
        if (count == 0) break;
        filled += static_cast<std::size_t>(count);
    }
    bytes.resize(filled);
    return bytes;
}

std::string format_head(const RecordedHead& head) {
    return std::to_string(head.size) + ' ' + to_base64(head.root.view()) + '\n';
}

std::optional<RecordedHead> parse_head(std::string_view line) {
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    RecordedHead head;
    const auto [end, error] = std::from_chars(line.data(), line.data() + space, head.size);
    const auto root = from_base64(line.substr(space + 1));
    if (error != std::errc{} || end != line.data() + space || !root) return std::nullopt;
    const auto digest = Digest::from_bytes(*root);
    if (!digest) return std::nullopt;
    head.root = *digest;
    // One text per value: no leading zeros.
    if (format_head(head) != std::string(line) + '\n') return std::nullopt;
    return head;
}

struct RecordEnd {
    std::uint64_t end = 0;  ///< where the last whole line ends; 0: not even the first is there
    std::optional<RecordedHead> last;
};

void check_first_line(std::string_view begin, const std::string& origin,
                      const std::filesystem::path& path) {
    const std::string_view line = begin.substr(0, begin.find('\n'));
    if (!line.starts_with(kName)) refuse_damaged(path);
    if (line.substr(kName.size()) != origin) {
        throw conflict(
            "ledger_record.other_log",
            {"The record in this folder is of another ledger.", "该目录中的签发记录属于另一账本。"},
            {.pointer = path.string()});
    }
}

RecordEnd read_end(int fd, const std::string& origin, const std::filesystem::path& path) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) fail(path);
    const auto size = static_cast<std::uint64_t>(status.st_size);
    const std::string begin = read_at(fd, 0, std::min<std::uint64_t>(size, kWindow), path);
    const std::size_t first_end = begin.find('\n');
    if (first_end == std::string::npos) {
        // The very first write was cut short, or this is no record at all.
        const std::string expected = std::string(kName) + origin + '\n';
        if (!expected.starts_with(begin)) refuse_damaged(path);
        return {};
    }
    check_first_line(begin, origin, path);
    const std::uint64_t from = size > kWindow ? size - kWindow : 0;
    const std::string tail = read_at(fd, from, static_cast<std::size_t>(size - from), path);
    const std::size_t last_end = tail.rfind('\n');
    if (last_end == std::string::npos) refuse_damaged(path);
    if (from + last_end == first_end) return {first_end + 1, std::nullopt};
    const std::size_t before = tail.rfind('\n', last_end - 1);
    if (last_end == 0 || before == std::string::npos) refuse_damaged(path);
    const auto last = parse_head(std::string_view(tail).substr(before + 1, last_end - before - 1));
    if (!last) refuse_damaged(path);
    return {from + last_end + 1, last};
}

}  // namespace

std::optional<RecordedHead> read_last_head(const std::filesystem::path& path,
                                           const std::string& origin) {
    const RecordFile file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.fd < 0 && errno == ENOENT) return std::nullopt;
    if (file.fd < 0) fail(path);
    return read_end(file.fd, origin, path).last;
}

HeadRecord::HeadRecord(const std::filesystem::path& path, const std::string& origin) : path_(path) {
    RecordFile file{::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
    if (file.fd < 0) fail(path);
    const RecordEnd found = read_end(file.fd, origin, path);
    end_ = found.end;
    last_ = found.last;
    struct stat status {};
    if (::fstat(file.fd, &status) != 0) fail(path);
    // Only when there is something to cut off, so that the file may be append-only (chattr +a).
    if (static_cast<std::uint64_t>(status.st_size) != end_ &&
        ::ftruncate(file.fd, static_cast<off_t>(end_)) != 0) {
        fail(path);
    }
    fd_ = std::exchange(file.fd, -1);
    if (end_ == 0) append_line(std::string(kName) + origin + '\n');
    sync_folder(path.has_parent_path() ? path.parent_path() : std::filesystem::path("."));
}

HeadRecord::~HeadRecord() {
    if (fd_ >= 0) ::close(fd_);
}

void HeadRecord::append(const RecordedHead& head) {
    if (last_ && head.size <= last_->size) return;
    append_line(format_head(head));
    last_ = head;
}

void HeadRecord::append_line(const std::string& line) {
    if (unfinished_ && ::ftruncate(fd_, static_cast<off_t>(end_)) != 0) fail(path_);
    unfinished_ = true;
    const ssize_t count = ::write(fd_, line.data(), line.size());
    if (count >= 0 && count != static_cast<ssize_t>(line.size())) errno = ENOSPC;
    if (count != static_cast<ssize_t>(line.size()) || ::fdatasync(fd_) != 0) fail(path_);
    unfinished_ = false;
    end_ += line.size();
}

}  // namespace pdx::ledger
