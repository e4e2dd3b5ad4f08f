#include "marketplace/cli/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "base/check.h"
#include "base/durable_file.h"
#include "base/error.h"
#include "base/sealed_key.h"
#include "marketplace/cli/passphrase.h"

namespace pdx::cli {
namespace {

/// Unit: bytes of a key file, sealed or plain.
constexpr std::size_t kFileBytesMax = 16U << 10U;

[[noreturn]] void fail(const std::filesystem::path& path) {
    throw std::system_error(errno, std::generic_category(), path.string());
}

Error wrong_content(const std::filesystem::path& path) {
    return invalid("key_file.content",
                   {"This file does not hold a key of the expected form and length.",
                    "该文件不是所需格式与长度的密钥文件。"},
                   {.pointer = path.string()});
}

/// A file descriptor that closes itself.
struct File {
    int fd;
    ~File() {
        if (fd >= 0) ::close(fd);
    }
};

/// Of the opened file, so that it cannot be exchanged between the check and the reading.
void check_private(const struct stat& status, const std::filesystem::path& path) {
    if (!S_ISREG(status.st_mode)) throw wrong_content(path);
    if ((status.st_mode & 0077U) != 0) {
        throw invalid("key_file.mode",
                      {"Others may read this key file. Run: chmod 600 FILE",
                       "该密钥文件可被他人读取，请执行：chmod 600 文件"},
                      {.pointer = path.string()});
    }
    if (status.st_uid != ::geteuid()) {
        throw invalid("key_file.owner",
                      {"This key file belongs to another user. Run pdx as its owner, or chown it.",
                       "该密钥文件属于其他用户，请以其所有者身份运行，或更改文件所有者。"},
                      {.pointer = path.string()});
    }
}

/// All bytes of a private file.
Secret read_private(const std::filesystem::path& path) {
    // Not to hang on a FIFO that somebody put there.
    const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (file.fd < 0) fail(path);
    struct stat status {};
    if (::fstat(file.fd, &status) != 0) fail(path);
    check_private(status, path);
    Secret room = Secret::of_size(kFileBytesMax + 1);
    std::size_t size = 0;
    for (;;) {
        const ssize_t count = ::read(file.fd, room.writable().data() + size, room.size() - size);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(path);
        if (count == 0) break;
        size += static_cast<std::size_t>(count);
        if (size > kFileBytesMax) throw wrong_content(path);
    }
    return Secret(room.view().first(size));
}

Secret parse_plain(const Secret& bytes, const std::filesystem::path& path) {
    std::string_view text = as_text(bytes.view());
    if (text.ends_with('\n')) text.remove_suffix(1);
    auto decoded = from_hex(text);
    if (!decoded || decoded->empty()) throw wrong_content(path);
    Secret secret(*decoded);
    wipe(*decoded);
    return secret;
}

Secret read_key_file(const std::filesystem::path& path) {
    Secret key = read_private(path);
    if (key.size() == kSealKeyFileBytes) return key;
    throw invalid(
        "key_file.length",
        {"A key file to seal with holds exactly 32 bytes. Make one with: (umask 077; head "
         "-c 32 /dev/urandom > FILE)",
         "用于封存的密钥文件须恰为 32 字节，可执行：(umask 077; head -c 32 /dev/urandom > "
         "文件)"},
        {.pointer = path.string()});
}

Secret plain_text(const Secret& secret) {
    std::string hex = to_hex(secret.view()) + "\n";
    Secret text(as_bytes(hex));
    wipe(hex);
    return text;
}

void write_plain(const std::filesystem::path& path, const Secret& secret, Existing existing) {
    write_file_durably(path, as_text(plain_text(secret).view()), FileAccess::kOwner, existing);
}

Secret open_sealed_file(const std::filesystem::path& path, KeySealing& sealing) {
    const Secret file = read_private(path);
    const std::string_view text = as_text(file.view());
    if (claims_to_be_sealed(text)) return sealing.open(std::string(text), path);
    throw conflict("key_file.plain", {"This key is not sealed.", "该密钥未封存。"},
                   {.pointer = path.string()});
}

}  // namespace

KeySealing::KeySealing(std::filesystem::path key_file, const char* variable)
    : key_file_(std::move(key_file)),
      passphrase_(take_from_environment(variable)) {}

const Secret& KeySealing::passphrase(bool is_new) {
    if (!passphrase_) {
        passphrase_ = is_new ? ask_new_passphrase("New passphrase 新口令")
                             : ask_passphrase("Passphrase of the keys 密钥口令");
    }
    if (!passphrase_) {
        throw invalid("key_file.no_passphrase",
                      {"A passphrase is needed: set PDX_KEY_PASSPHRASE, run this on a terminal, or "
                       "name a key file with --key-file.",
                       "需要口令：请设置 PDX_KEY_PASSPHRASE，或在终端中运行，或用 --key-file "
                       "指定密钥文件。"});
    }
    return *passphrase_;
}

std::string KeySealing::seal(const Secret& secret) {
    if (!key_file_.empty()) return seal_under_key_file(secret, read_key_file(key_file_)).text();
    const Secret& words = passphrase(true);
    require_good_passphrase(words);
    return seal_under_passphrase(secret, words).text();
}

Secret KeySealing::open(const std::string& text, const std::filesystem::path& path) {
    const auto sealed = SealedKey::parse(text);
    if (!sealed) throw wrong_content(path);
    if (sealed->under == SealedUnder::kPassphrase) {
        auto secret = open_sealed(*sealed, passphrase(false));
        if (secret) return std::move(*secret);
        throw invalid("key_file.wrong_passphrase",
                      {"The passphrase does not open this key, or the file was changed.",
                       "口令无法解开该密钥，或文件已被改动。"},
                      {.pointer = path.string()});
    }
    if (key_file_.empty()) {
        throw invalid("key_file.no_key_file",
                      {"This key is sealed under a key file. Name it with --key-file.",
                       "该密钥由密钥文件封存，请用 --key-file 指定。"},
                      {.pointer = path.string()});
    }
    auto secret = open_sealed(*sealed, read_key_file(key_file_));
    if (secret) return std::move(*secret);
    throw invalid("key_file.wrong_key_file",
                  {"The key file does not open this key, or the file was changed.",
                   "该密钥文件无法解开此密钥，或文件已被改动。"},
                  {.pointer = path.string()});
}

Secret load_secret(const std::filesystem::path& path, std::size_t bytes, KeySealing& sealing) {
    const Secret file = read_private(path);
    const std::string_view text = as_text(file.view());
    Secret secret =
        claims_to_be_sealed(text) ? sealing.open(std::string(text), path) : parse_plain(file, path);
    if (secret.size() != bytes) throw wrong_content(path);
    return secret;
}

Secret load_or_create_secret(const std::filesystem::path& path, std::size_t bytes,
                             KeySealing& sealing) {
    if (!std::filesystem::exists(path)) {
        Bytes fresh = random_bytes(bytes);
        const Secret secret(fresh);
        wipe(fresh);
        create_secret(path, secret, sealing.configured() ? &sealing : nullptr);
    }
    return load_secret(path, bytes, sealing);
}

void create_secret(const std::filesystem::path& path, const Secret& secret, KeySealing* sealing) {
    if (std::filesystem::exists(path)) {
        throw conflict("key_file.exists",
                       {"There is a file of this name. Keys are never overwritten.",
                        "同名文件已存在，密钥文件不会被覆盖。"},
                       {.pointer = path.string()});
    }
    if (sealing == nullptr) return write_plain(path, secret, Existing::kRefuse);
    write_file_durably(path, sealing->seal(secret), FileAccess::kOwner, Existing::kRefuse);
}

bool is_sealed_file(const std::filesystem::path& path) {
    return claims_to_be_sealed(as_text(read_private(path).view()));
}

void seal_file(const std::filesystem::path& path, KeySealing& sealing) {
    const Secret file = read_private(path);
    if (claims_to_be_sealed(as_text(file.view()))) {
        throw conflict("key_file.sealed",
                       {"This key is sealed already. To change what opens it: pdx key rewrap FILE",
                        "该密钥已封存。如需更换口令请执行：pdx key rewrap 文件"},
                       {.pointer = path.string()});
    }
    const std::string text = sealing.seal(parse_plain(file, path));
    write_file_durably(path, text, FileAccess::kOwner, Existing::kReplace);
}

void unseal_file(const std::filesystem::path& path, KeySealing& sealing) {
    write_plain(path, open_sealed_file(path, sealing), Existing::kReplace);
}

void rewrap_file(const std::filesystem::path& path, KeySealing& before, KeySealing& after) {
    const std::string text = after.seal(open_sealed_file(path, before));
    write_file_durably(path, text, FileAccess::kOwner, Existing::kReplace);
}

SigningKey create_signing_key(const std::filesystem::path& path, KeySealing* sealing) {
    SigningKey key = SigningKey::generate();
    create_secret(path, key.seed(), sealing);
    return key;
}

SigningKey load_signing_key(const std::filesystem::path& path, KeySealing& sealing) {
    auto key = SigningKey::from_seed(load_secret(path, SigningKey::kSeedSize, sealing).view());
    PDX_CHECK(key.has_value());
    return std::move(*key);
}

}  // namespace pdx::cli
