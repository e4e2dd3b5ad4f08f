#include "marketplace/cli/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include "base/check.h"
#include "base/error.h"

namespace pdx::cli {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path) {
    throw std::system_error(errno, std::generic_category(), path.string());
}

/// A file descriptor that closes itself.
struct File {
    int fd;
    ~File() { ::close(fd); }
};

void write_secret(const std::filesystem::path& path, ByteView secret) {
    const std::filesystem::path staged = path.string() + ".part";
    ::unlink(staged.c_str());
    {
        const File file{::open(staged.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
        if (file.fd < 0) fail(path);
        const std::string text = to_hex(secret) + "\n";
        if (::write(file.fd, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
            ::fsync(file.fd) != 0) {
            fail(path);
        }
    }
    // link() fails when the file exists, so two starts cannot overwrite each other's key.
    const bool linked = ::link(staged.c_str(), path.c_str()) == 0;
    const int error = errno;
    ::unlink(staged.c_str());
    if (!linked) throw std::system_error(error, std::generic_category(), path.string());
}

Bytes read_secret(const std::filesystem::path& path, std::size_t bytes) {
    const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.fd < 0) fail(path);
    struct stat status {};
    if (::fstat(file.fd, &status) != 0) fail(path);
    if ((status.st_mode & 0077U) != 0) {
        throw invalid("key_file.mode",
                      {"Others may read this key file. Run: chmod 600 FILE",
                       "该密钥文件可被他人读取，请执行：chmod 600 文件"},
                      {.pointer = path.string()});
    }
    std::array<char, 256> buffer{};
    const ssize_t count = ::read(file.fd, buffer.data(), buffer.size());
    if (count < 0) fail(path);
    std::string_view text(buffer.data(), static_cast<std::size_t>(count));
    if (text.ends_with('\n')) text.remove_suffix(1);
    auto secret = from_hex(text);
    if (!secret || secret->size() != bytes) {
        throw invalid("key_file.content",
                      {"This file does not hold a key of the expected length.",
                       "该文件不是所需长度的密钥文件。"},
                      {.pointer = path.string()});
    }
    return *secret;
}

}  // namespace

Bytes load_or_create_secret(const std::filesystem::path& path, std::size_t bytes) {
    if (!std::filesystem::exists(path)) write_secret(path, random_bytes(bytes));
    return read_secret(path, bytes);
}

SigningKey create_signing_key(const std::filesystem::path& path) {
    if (std::filesystem::exists(path)) {
        throw conflict("key_file.exists",
                       {"There is a file of this name. Keys are never overwritten.",
                        "同名文件已存在，密钥文件不会被覆盖。"},
                       {.pointer = path.string()});
    }
    write_secret(path, random_bytes(SigningKey::kSeedSize));
    return load_signing_key(path);
}

SigningKey load_signing_key(const std::filesystem::path& path) {
    auto key = SigningKey::from_seed(read_secret(path, SigningKey::kSeedSize));
    PDX_CHECK(key.has_value());
    return std::move(*key);
}

}  // namespace pdx::cli
