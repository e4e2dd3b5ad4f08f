#include "catalog/blob_store.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <system_error>
#include <vector>

#include "base/crypto.h"
#include "base/error.h"
#include "tests/support/catch.h"

namespace fs = std::filesystem;
using pdx::Bytes;
using pdx::ByteView;
using pdx::catalog::BlobInfo;
using pdx::catalog::BlobReader;
using pdx::catalog::BlobStore;

namespace {

constexpr std::size_t kChunk = BlobStore::kChunkBytes;
constexpr std::size_t kSealedChunk = kChunk + 17;
constexpr std::size_t kHeader = 8 + 24 + 88 + 24;

class Folder {
public:
    Folder()
        : path_(fs::temp_directory_path() / ("pdx-blob-" + pdx::to_hex(pdx::random_bytes(8)))) {}
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const fs::path& path() const { return path_; }
    std::vector<fs::path> files() const {
        std::vector<fs::path> found;
        for (const auto& entry : fs::recursive_directory_iterator(path_)) {
            if (entry.is_regular_file()) {
                found.push_back(entry.path());
            }
        }
        return found;
    }

private:
    fs::path path_;
};

Bytes key(std::uint8_t fill) { return Bytes(BlobStore::kKeySize, fill); }

Bytes content(std::size_t size) {
    Bytes bytes(size);
    std::mt19937 engine(20260301);
    std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<std::uint8_t>(engine()); });
    return bytes;
}

BlobInfo put(const BlobStore& store, ByteView bytes, std::size_t step = 10000) {
    auto writer = store.create();
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        writer.append(bytes.subspan(at, std::min(step, bytes.size() - at)));
    }
    return writer.finish();
}

Bytes drain(BlobReader reader) {
    Bytes all;
    for (auto piece = reader.next(); !piece.empty(); piece = reader.next()) {
        REQUIRE(piece.size() <= kChunk);
        all.insert(all.end(), piece.begin(), piece.end());
    }
    return all;
}

Bytes get(const BlobStore& store, const pdx::Digest& digest) { return drain(store.open(digest)); }

Bytes file_bytes(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return Bytes(std::istreambuf_iterator<char>(in), {});
}

void set_file_bytes(const fs::path& path, const Bytes& bytes) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    const auto text = pdx::as_text(bytes);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
}

/// The code that reading the whole blob is refused with; empty when it is not.
std::string refusal(const BlobStore& store, const pdx::Digest& digest) {
    try {
        get(store, digest);
        return "";
    } catch (const pdx::Error& error) {
        return error.code();
    }
}

}  // namespace

TEST_CASE("blob: what was written is what is read, at every edge of a chunk", "[catalog][blob]") {
    const Folder folder;
    const BlobStore store(folder.path(), key(1));
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kChunk - 1, kChunk, kChunk + 1,
                                   2 * kChunk, std::size_t{10} * 1024 * 1024 + 7}) {
        const Bytes bytes = content(size);
        const BlobInfo info = put(store, bytes);
        CHECK(info.sha256 == pdx::sha256(bytes));
        CHECK(info.bytes == size);
        CHECK(store.contains(info.sha256));
        CHECK(store.open(info.sha256).info() == info);
        CHECK(get(store, info.sha256) == bytes);
    }
}

TEST_CASE("blob: the file holds neither the plaintext nor its digest", "[catalog][blob]") {
    const Folder folder;
    const BlobStore store(folder.path(), key(1));
    const std::string text = "320299199003070003 is a resident ID that must not be readable";
    const BlobInfo info = put(store, pdx::as_bytes(text));
    REQUIRE(folder.files().size() == 1);
    const fs::path file = folder.files().front();
    const Bytes stored = file_bytes(file);
    CHECK(std::search(stored.begin(), stored.end(), text.begin(), text.begin() + 18) ==
          stored.end());
    CHECK(file.string().find(info.sha256.hex().substr(2)) == std::string::npos);
    struct stat status {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600U);
}

TEST_CASE("blob: the same content is kept once, other content beside it", "[catalog][blob]") {
    const Folder folder;
    const BlobStore store(folder.path(), key(1));
    const BlobInfo first = put(store, content(100000), 1);
    CHECK(put(store, content(100000), 100000) == first);
    CHECK(folder.files().size() == 1);
    put(store, content(100001));
    CHECK(folder.files().size() == 2);
    CHECK(get(store, first.sha256) == content(100000));
    store.remove(first.sha256);
    store.remove(first.sha256);
    CHECK_FALSE(store.contains(first.sha256));
    CHECK(refusal(store, first.sha256) == "blob.not_found");
    CHECK(folder.files().size() == 1);
}

TEST_CASE("blob: a change to any byte of the file is refused", "[catalog][blob]") {
    const Folder folder;
    const BlobStore store(folder.path(), key(1));
    const BlobInfo small = put(store, content(40));
    const fs::path small_file = folder.files().front();
    const Bytes small_good = file_bytes(small_file);
    for (std::size_t at = 0; at < small_good.size(); ++at) {
        Bytes bad = small_good;
        bad[at] ^= 1U;
        set_file_bytes(small_file, bad);
        INFO("byte " << at);
        CHECK(refusal(store, small.sha256) == "blob.damaged");
    }
    store.remove(small.sha256);

    const BlobInfo large = put(store, content(3 * kChunk + 100));
    const fs::path file = folder.files().front();
    const Bytes good = file_bytes(file);
    for (std::size_t at = 0; at < good.size(); at += 4099) {
        Bytes bad = good;
        bad[at] ^= 0x80U;
        set_file_bytes(file, bad);
        INFO("byte " << at);
        CHECK(refusal(store, large.sha256) == "blob.damaged");
    }
}

TEST_CASE("blob: a truncated, extended or reordered file is refused", "[catalog][blob]") {
    const Folder folder;
    const BlobStore store(folder.path(), key(1));
    const BlobInfo info = put(store, content(3 * kChunk + 100));
    const fs::path file = folder.files().front();
    const Bytes good = file_bytes(file);
    REQUIRE(good.size() == kHeader + 3 * kSealedChunk + 100 + 17);
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{7}, kHeader - 1, kHeader, kHeader + 16, kHeader + 17,
          kHeader + kSealedChunk, kHeader + 2 * kSealedChunk, kHeader + 3 * kSealedChunk,
          good.size() - 1}) {
        set_file_bytes(file, Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)));
        INFO("size " << size);
        CHECK(refusal(store, info.sha256) == "blob.damaged");
    }
    Bytes longer = good;
    longer.push_back(0);
    set_file_bytes(file, longer);
    CHECK(refusal(store, info.sha256) == "blob.damaged");

    Bytes swapped = good;
    const auto first = swapped.begin() + static_cast<std::ptrdiff_t>(kHeader);
    const auto step = static_cast<std::ptrdiff_t>(kSealedChunk);
    std::swap_ranges(first, first + step, first + step);
    set_file_bytes(file, swapped);
    CHECK(refusal(store, info.sha256) == "blob.damaged");

    Bytes doubled = good;
    doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(kHeader), first, first + step);
    set_file_bytes(file, doubled);
    CHECK(refusal(store, info.sha256) == "blob.damaged");
    set_file_bytes(file, good);
    CHECK(refusal(store, info.sha256).empty());
}

TEST_CASE("blob: another key, or another blob's file under this name, is refused",
          "[catalog][blob]") {
    const Folder folder;
    const BlobStore store(folder.path(), key(1));
    const BlobInfo one = put(store, content(1000));
    const fs::path one_file = folder.files().front();
    const BlobInfo two = put(store, content(1001));
    const auto files = folder.files();
    const fs::path two_file = files[0] == one_file ? files[1] : files[0];

    const BlobStore other(folder.path(), key(2));
    CHECK(refusal(other, one.sha256) == "blob.not_found");
    put(other, content(1000));
    const auto of_other = folder.files();
    const auto other_file = std::find_if(of_other.begin(), of_other.end(), [&](const auto& path) {
        return path != one_file && path != two_file;
    });
    REQUIRE(other_file != of_other.end());
    fs::copy_file(one_file, *other_file, fs::copy_options::overwrite_existing);
    CHECK(refusal(other, one.sha256) == "blob.damaged");

    fs::copy_file(two_file, one_file, fs::copy_options::overwrite_existing);
    CHECK(refusal(store, one.sha256) == "blob.damaged");
    CHECK(get(store, two.sha256) == content(1001));
    put(store, content(1000));  // storing the content again heals it
    CHECK(get(store, one.sha256) == content(1000));
}

TEST_CASE("blob: an abandoned upload leaves nothing, a crashed one is swept", "[catalog][blob]") {
    const Folder folder;
    const BlobStore store(folder.path(), key(1));
    {
        auto writer = store.create();
        writer.append(content(200000));
        REQUIRE(folder.files().size() == 1);
        CHECK(folder.files().front().extension() == ".part");
        auto moved = std::move(writer);
        moved.append(content(10));
    }
    CHECK(folder.files().empty());
    set_file_bytes(folder.path() / "0123.part", content(10));
    const BlobInfo kept = put(store, content(10));
    CHECK(store.remove_stale_parts() == 1);
    CHECK(folder.files().size() == 1);
    CHECK(get(store, kept.sha256) == content(10));
}

TEST_CASE("blob: what was stored and never named goes at the next start, all else stays",
          "[catalog][blob]") {
    const Folder folder;
    const BlobStore store(folder.path(), key(1));
    const BlobInfo kept = put(store, content(10));
    store.keep(kept.sha256);
    store.keep(kept.sha256);
    const BlobInfo named = put(store, content(11));     // the crash came before keep()
    const BlobInfo orphan = put(store, content(12));    // the crash came before the commit
    const BlobInfo again = put(store, content(10), 3);  // stored again, and not named by that
    CHECK(again == kept);
    for (const BlobInfo& blob : {kept, named, orphan}) CHECK(store.contains(blob.sha256));
    CHECK(get(store, kept.sha256) == content(10));
    CHECK(get(store, orphan.sha256) == content(12));

    // Under another key nothing can be told, so nothing goes.
    CHECK(BlobStore(folder.path(), key(2)).remove_unnamed([](const auto&) { return false; }) == 0);
    const auto is_named = [&](const pdx::Digest& digest) { return digest != orphan.sha256; };
    CHECK(store.remove_unnamed(is_named) == 1);
    CHECK(store.remove_unnamed([](const auto&) { return false; }) == 0);
    CHECK_FALSE(store.contains(orphan.sha256));
    CHECK(refusal(store, orphan.sha256) == "blob.not_found");
    CHECK(get(store, kept.sha256) == content(10));
    CHECK(get(store, named.sha256) == content(11));
    CHECK(folder.files().size() == 2);
}

TEST_CASE("blob: a disk that takes no more is a system_error and leaves nothing",
          "[catalog][blob]") {
    const Folder folder;
    const BlobStore store(folder.path(), key(1));
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit small = before;
    small.rlim_cur = 150000;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    bool refused = false;
    try {
        put(store, content(1000000));
    } catch (const std::system_error& error) {
        refused = error.code() == std::errc::file_too_large;
    }
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    std::signal(SIGXFSZ, handler);
    CHECK(refused);
    CHECK(folder.files().empty());
}
