#include "catalog/blob_store.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"

namespace pdx::catalog {
namespace fs = std::filesystem;
namespace {

constexpr std::array<std::uint8_t, 8> kMagic{'P', 'D', 'X', 'B', 'L', 'O', 'B', '1'};
constexpr std::size_t kSecretBytes =
    crypto_secretstream_xchacha20poly1305_KEYBYTES + Digest::kSize + sizeof(std::uint64_t);
constexpr std::size_t kBoxBytes = kSecretBytes + crypto_secretbox_MACBYTES;
constexpr std::size_t kNonceAt = kMagic.size();
constexpr std::size_t kBoxAt = kNonceAt + crypto_secretbox_NONCEBYTES;
constexpr std::size_t kStreamAt = kBoxAt + kBoxBytes;
constexpr std::size_t kHeaderBytes = kStreamAt + crypto_secretstream_xchacha20poly1305_HEADERBYTES;
constexpr std::size_t kSealedBytes =
    BlobStore::kChunkBytes + crypto_secretstream_xchacha20poly1305_ABYTES;

constexpr std::string_view kNewExtension = ".new";

using Header = std::array<std::uint8_t, kHeaderBytes>;
using HeaderSecret = std::array<std::uint8_t, kSecretBytes>;
using StreamState = crypto_secretstream_xchacha20poly1305_state;

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

[[noreturn]] void damaged(const char* context) {
    throw Error(
        ErrorKind::kConflict, "blob.damaged",
        {"The stored file fails its integrity check, so none of it may be used. The operator has "
         "been told; upload the dataset again if you have it.",
         "存储的文件未通过完整性校验，不得使用。已通知运维人员；如您持有原文件，请重新上传。"},
        {}, context);
}

class File {
public:
    File() = default;
    explicit File(int descriptor) : descriptor_(descriptor) {}
    ~File() { close(); }
    File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    File& operator=(File&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    int get() const { return descriptor_; }
    void close() noexcept {
        if (descriptor_ >= 0) {
            ::close(std::exchange(descriptor_, -1));
        }
    }

private:
    int descriptor_ = -1;
};

void sync(int descriptor) {
    if (::fsync(descriptor) != 0) {
        fail("blob: fsync");
    }
}

void sync_folder(const fs::path& folder) {
    const File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (file.get() < 0) {
        fail("blob: open folder");
    }
    sync(file.get());
}

/// Creates one folder, mode 0700, and makes its entry durable; an existing one is fine.
void make_folder(const fs::path& folder) {
    if (::mkdir(folder.c_str(), 0700) == 0) {
        sync_folder(folder.has_parent_path() ? folder.parent_path() : fs::path("."));
    } else if (errno != EEXIST) {
        fail("blob: mkdir");
    }
}

void write_all(int descriptor, ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            fail("blob: write");
        }
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
}

void write_all_at_start(int descriptor, ByteView bytes) {
    if (::lseek(descriptor, 0, SEEK_SET) != 0) {
        fail("blob: seek");
    }
    write_all(descriptor, bytes);
}

/// Fills `out` as far as the file goes. Returns: the count read.
std::size_t read_some(int descriptor, std::span<std::uint8_t> out) {
    std::size_t filled = 0;
    while (filled < out.size()) {
        const ssize_t count = ::read(descriptor, out.data() + filled, out.size() - filled);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            fail("blob: read");
        }
        if (count == 0) {
            break;
        }
        filled += static_cast<std::size_t>(count);
    }
    return filled;
}

void put_length(std::uint64_t length, std::uint8_t* out) {
    for (int byte = 0; byte < 8; ++byte) {
        out[byte] = static_cast<std::uint8_t>(length >> (56 - 8 * byte));
    }
}

std::uint64_t get_length(const std::uint8_t* in) {
    std::uint64_t length = 0;
    for (int byte = 0; byte < 8; ++byte) {
        length = length << 8U | in[byte];
    }
    return length;
}

bool read_header(int descriptor, Header& header) {
    return read_some(descriptor, header) == header.size() &&
           std::equal(kMagic.begin(), kMagic.end(), header.begin());
}

bool open_box(const Header& header, ByteView wrap_key, HeaderSecret& secret) {
    return crypto_secretbox_open_easy(secret.data(), header.data() + kBoxAt, kBoxBytes,
                                      header.data() + kNonceAt, wrap_key.data()) == 0;
}

/// The content that a stored file says it holds; nothing when its box does not open.
std::optional<Digest> digest_in(const fs::path& path, ByteView wrap_key) {
    const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) fail("blob: open");
    Header header{};
    HeaderSecret secret{};
    if (!read_header(file.get(), header) || !open_box(header, wrap_key, secret)) {
        return std::nullopt;
    }
    Digest digest;
    std::copy_n(secret.begin() + crypto_secretstream_xchacha20poly1305_KEYBYTES, Digest::kSize,
                digest.value.begin());
    sodium_memzero(secret.data(), secret.size());
    return digest;
}

}  // namespace

struct BlobStore::Keys {
    Secret wrap;
    Secret name;
    explicit Keys(ByteView master)
        : wrap(derive_key(master, "pdx/blob/wrap/v1")),
          name(derive_key(master, "pdx/blob/name/v1")) {}

    std::string name_of(const Digest& sha256) const {
        return hmac_sha256(name.view(), sha256.view()).hex();
    }
    fs::path relative_path(const Digest& sha256) const {
        const std::string hex = name_of(sha256);
        return fs::path(hex.substr(0, 2)) / hex.substr(2);
    }
    fs::path relative_new_path(const Digest& sha256) const {
        return name_of(sha256).append(kNewExtension);
    }
};

struct BlobWriter::State {
    fs::path folder;
    fs::path part;
    std::shared_ptr<const BlobStore::Keys> keys;
    File file;
    Header header{};
    HeaderSecret secret{};  // data key, then digest and length once known
    StreamState stream{};
    Sha256 hash;
    std::uint64_t bytes = 0;
    Bytes plain;   // waits until it is known whether it is the last chunk
    Bytes sealed;  // the buffer that goes to the file
    enum class Phase { kOpen, kFailed, kDone } phase = Phase::kOpen;

    ~State() {
        file.close();
        if (phase != Phase::kDone && !part.empty()) {
            ::unlink(part.c_str());
        }
        sodium_memzero(secret.data(), secret.size());
        sodium_memzero(&stream, sizeof stream);
    }

    void start() {
        crypto_secretstream_xchacha20poly1305_keygen(secret.data());
        std::copy(kMagic.begin(), kMagic.end(), header.begin());
        randombytes_buf(header.data() + kNonceAt, crypto_secretbox_NONCEBYTES);
        PDX_CHECK(crypto_secretstream_xchacha20poly1305_init_push(
                      &stream, header.data() + kStreamAt, secret.data()) == 0);
        plain.reserve(BlobStore::kChunkBytes);
        sealed.resize(kSealedBytes);
        write_all(file.get(), header);  // the box is still zero: unreadable until finish()
    }

    void seal(unsigned char tag) {
        unsigned long long length = 0;
        PDX_CHECK(crypto_secretstream_xchacha20poly1305_push(&stream, sealed.data(), &length,
                                                             plain.data(), plain.size(), nullptr, 0,
                                                             tag) == 0);
        write_all(file.get(), ByteView(sealed).first(static_cast<std::size_t>(length)));
        plain.clear();
    }

    void append(ByteView input) {
        hash.update(input);
        bytes += input.size();
        while (!input.empty()) {
            if (plain.size() == BlobStore::kChunkBytes) {
                seal(crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
            }
            const std::size_t count = std::min(input.size(), BlobStore::kChunkBytes - plain.size());
            plain.insert(plain.end(), input.begin(),
                         input.begin() + static_cast<std::ptrdiff_t>(count));
            input = input.subspan(count);
        }
    }

    BlobInfo finish() {
        const BlobInfo info{hash.finish(), bytes};
        seal(crypto_secretstream_xchacha20poly1305_TAG_FINAL);
        std::uint8_t* after_key = secret.data() + crypto_secretstream_xchacha20poly1305_KEYBYTES;
        std::copy(info.sha256.value.begin(), info.sha256.value.end(), after_key);
        put_length(info.bytes, after_key + Digest::kSize);
        PDX_CHECK(crypto_secretbox_easy(header.data() + kBoxAt, secret.data(), secret.size(),
                                        header.data() + kNonceAt, keys->wrap.view().data()) == 0);
        write_all_at_start(file.get(), header);
        sync(file.get());
        const fs::path target = folder / keys->relative_new_path(info.sha256);
        if (::rename(part.c_str(), target.c_str()) != 0) {
            fail("blob: rename");
        }
        phase = Phase::kDone;
        sync_folder(folder);
        return info;
    }
};

BlobWriter::BlobWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
BlobWriter::~BlobWriter() = default;
BlobWriter::BlobWriter(BlobWriter&&) noexcept = default;
BlobWriter& BlobWriter::operator=(BlobWriter&&) noexcept = default;

void BlobWriter::append(ByteView bytes) {
    PDX_CHECK(state_ && state_->phase == State::Phase::kOpen);
    state_->phase = State::Phase::kFailed;  // unless what follows returns
    state_->append(bytes);
    state_->phase = State::Phase::kOpen;
}

BlobInfo BlobWriter::finish() {
    PDX_CHECK(state_ && state_->phase == State::Phase::kOpen);
    state_->phase = State::Phase::kFailed;
    const BlobInfo info = state_->finish();
    state_.reset();
    return info;
}

struct BlobReader::State {
    File file;
    BlobInfo info;
    StreamState stream{};
    std::uint64_t delivered = 0;
    bool final_seen = false;
    Bytes sealed = Bytes(kSealedBytes);
    Bytes plain = Bytes(BlobStore::kChunkBytes);

    ~State() { sodium_memzero(&stream, sizeof stream); }

    void start(const Digest& expected, ByteView wrap_key) {
        Header header{};
        if (!read_header(file.get(), header)) damaged("blob header");
        HeaderSecret secret{};
        const bool opened = open_box(header, wrap_key, secret);
        const std::uint8_t* after_key =
            secret.data() + crypto_secretstream_xchacha20poly1305_KEYBYTES;
        const bool expected_one =
            opened && std::equal(expected.value.begin(), expected.value.end(), after_key);
        if (expected_one) {
            info = {expected, get_length(after_key + Digest::kSize)};
        }
        const bool started =
            expected_one && crypto_secretstream_xchacha20poly1305_init_pull(
                                &stream, header.data() + kStreamAt, secret.data()) == 0;
        sodium_memzero(secret.data(), secret.size());
        if (!started) {
            damaged(opened ? "blob under another name" : "blob key box");
        }
    }

    ByteView next() {
        if (final_seen) {
            return {};
        }
        const std::size_t count = read_some(file.get(), sealed);
        if (count < crypto_secretstream_xchacha20poly1305_ABYTES) {
            damaged("blob truncated");
        }
        unsigned long long length = 0;
        unsigned char tag = 0;
        if (crypto_secretstream_xchacha20poly1305_pull(&stream, plain.data(), &length, &tag,
                                                       sealed.data(), count, nullptr, 0) != 0) {
            damaged("blob chunk");
        }
        delivered += length;
        final_seen = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
        if (final_seen) {
            std::array<std::uint8_t, 1> extra{};
            if (read_some(file.get(), extra) != 0 || delivered != info.bytes) {
                damaged("blob length");
            }
        }
        return ByteView(plain).first(static_cast<std::size_t>(length));
    }
};

BlobReader::BlobReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
BlobReader::~BlobReader() = default;
BlobReader::BlobReader(BlobReader&&) noexcept = default;
BlobReader& BlobReader::operator=(BlobReader&&) noexcept = default;

const BlobInfo& BlobReader::info() const { return state_->info; }

ByteView BlobReader::next() { return state_->next(); }

BlobStore::BlobStore(fs::path folder, ByteView master_key) : folder_(std::move(folder)) {
    PDX_CHECK(master_key.size() == kKeySize);
    PDX_CHECK(sodium_init() >= 0);
    keys_ = std::make_shared<const Keys>(master_key);
    make_folder(folder_);
}

BlobStore::~BlobStore() = default;

fs::path BlobStore::path_of(const Digest& sha256) const {
    return folder_ / keys_->relative_path(sha256);
}

fs::path BlobStore::new_path_of(const Digest& sha256) const {
    return folder_ / keys_->relative_new_path(sha256);
}

BlobWriter BlobStore::create() const {
    auto state = std::make_unique<BlobWriter::State>();
    state->folder = folder_;
    state->keys = keys_;
    const fs::path part = folder_ / (to_hex(random_bytes(16)) + ".part");
    state->file = File(::open(part.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (state->file.get() < 0) {
        fail("blob: create");
    }
    state->part = part;
    state->start();
    return BlobWriter(std::move(state));
}

BlobReader BlobStore::open(const Digest& sha256) const {
    auto state = std::make_unique<BlobReader::State>();
    // This order: between the two looks the blob may be kept, which moves it to the second place.
    state->file = File(::open(new_path_of(sha256).c_str(), O_RDONLY | O_CLOEXEC));
    if (state->file.get() < 0 && errno == ENOENT) {
        state->file = File(::open(path_of(sha256).c_str(), O_RDONLY | O_CLOEXEC));
    }
    if (state->file.get() < 0 && errno == ENOENT) {
        throw not_found("blob");
    }
    if (state->file.get() < 0) {
        fail("blob: open");
    }
    state->start(sha256, keys_->wrap.view());
    return BlobReader(std::move(state));
}

bool BlobStore::contains(const Digest& sha256) const {
    return fs::exists(new_path_of(sha256)) || fs::exists(path_of(sha256));
}

void BlobStore::keep(const Digest& sha256) const noexcept {
    try {
        const fs::path target = path_of(sha256);
        make_folder(target.parent_path());
        ::rename(new_path_of(sha256).c_str(), target.c_str());
    } catch (const std::exception&) {
        // A full disk, for one: the blob stays where it is, and is read from there.
    }
}

void BlobStore::remove(const Digest& sha256) const {
    for (const fs::path& path : {new_path_of(sha256), path_of(sha256)}) {
        if (fs::remove(path)) sync_folder(path.parent_path());
    }
}

std::size_t BlobStore::remove_unnamed(const std::function<bool(const Digest&)>& is_named) const {
    std::vector<fs::path> waiting;
    for (const auto& entry : fs::directory_iterator(folder_)) {
        if (entry.path().extension() == kNewExtension) waiting.push_back(entry.path());
    }
    std::size_t count = 0;
    for (const fs::path& path : waiting) {
        const auto digest = digest_in(path, keys_->wrap.view());
        if (!digest || path != new_path_of(*digest)) continue;
        if (is_named(*digest)) {
            keep(*digest);
        } else if (fs::remove(path)) {
            ++count;
        }
    }
    if (count > 0) sync_folder(folder_);
    return count;
}

std::size_t BlobStore::remove_stale_parts() const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(folder_)) {
        if (entry.path().extension() == ".part" && fs::remove(entry.path())) {
            ++count;
        }
    }
    return count;
}

}  // namespace pdx::catalog
