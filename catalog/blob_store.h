#pragma once
/// Uploaded files at rest: content-addressed, encrypted, written whole or not at all, in constant
/// memory whatever the size. Not a cache and not the catalog: it knows digests, never names.
///
/// Layout: `FOLDER/ab/cdef...` holds one blob; `FOLDER/*.part` is an upload in progress, and
/// `FOLDER/abcdef....new` one that is whole but not kept yet: whatever names it may still fail to
/// be committed. Both are read alike; what is not kept is looked at when the store is opened. The
/// file name is HMAC-SHA-256(name key, digest), not the digest itself: whoever reads the folder or
/// a backup could otherwise tell a low-entropy file (a list of two hundred known people, a single
/// yes or no) by hashing guesses. Equality still dedupes, for holders of the key only.
///
/// File: magic(8) | nonce(24) | secretbox(data key 32, digest 32, length 8)(88) | stream header(24)
/// | chunks of 64 KiB plaintext + 17 bytes, the last one (which may be empty) tagged FINAL. Do not
/// renumber. The box binds key, digest and length together, so a blob under another blob's name is
/// refused when opened; the stream refuses chunks that are altered, swapped, dropped or added.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "base/bytes.h"

namespace pdx::catalog {

/// Unit: bytes of plaintext.
struct BlobInfo {
    Digest sha256;
    std::uint64_t bytes = 0;
    bool operator==(const BlobInfo&) const = default;
};

/// An upload in progress. When it goes without finish(), or after a failure, its file is removed.
class BlobWriter {
public:
    ~BlobWriter();
    BlobWriter(BlobWriter&&) noexcept;
    BlobWriter& operator=(BlobWriter&&) noexcept;

    /// Throws: std::system_error (a full disk is one); the writer is then only good for dropping.
    void append(ByteView bytes);
    /// Ensures: when it returns, file and folder entry are on the disk and the blob can be opened;
    /// of the same content stored before, this copy is the one that is read. It is not kept yet.
    /// Call once. Throws: std::system_error; nothing is stored.
    BlobInfo finish();

private:
    friend class BlobStore;
    struct State;
    explicit BlobWriter(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// Thread: not shared. A reader goes on reading after its blob is replaced or removed.
class BlobReader {
public:
    ~BlobReader();
    BlobReader(BlobReader&&) noexcept;
    BlobReader& operator=(BlobReader&&) noexcept;

    const BlobInfo& info() const;
    /// The next authenticated piece, at most 64 KiB, valid until the next call; empty at the end.
    /// What came before a failure is genuine, but the file as a whole is not: drop it.
    /// Throws: Error kConflict "blob.damaged"; std::system_error.
    ByteView next();

private:
    friend class BlobStore;
    struct State;
    explicit BlobReader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// Thread: any; writers and readers are independent of each other.
class BlobStore {
public:
    static constexpr std::size_t kKeySize = 32;
    static constexpr std::size_t kChunkBytes = std::size_t{64} * 1024;

    /// Creates the folder (mode 0700) when it is missing.
    /// Requires: master_key has 32 bytes. Throws: std::system_error.
    BlobStore(std::filesystem::path folder, ByteView master_key);
    ~BlobStore();
    BlobStore(const BlobStore&) = delete;
    BlobStore& operator=(const BlobStore&) = delete;

    /// For files of the same owner that wait: what ends with ".part" is removed by
    /// remove_stale_parts().
    const std::filesystem::path& folder() const { return folder_; }

    BlobWriter create() const;
    /// Throws: Error kNotFound "blob.not_found"; kConflict "blob.damaged" (wrong key included).
    BlobReader open(const Digest& sha256) const;
    bool contains(const Digest& sha256) const;
    /// Call once the name of a stored blob is committed. A hint that may fail or be lost in a
    /// crash: remove_unnamed() asks again.
    void keep(const Digest& sha256) const noexcept;
    /// Erases the blob. Absent is fine.
    void remove(const Digest& sha256) const;
    /// Removes what a crash left of uploads. Requires: no writer is open in any process.
    /// Returns: how many there were.
    std::size_t remove_stale_parts() const;
    /// Of the blobs that were stored and not kept, keeps those that are named and erases the
    /// others; one that cannot be opened with this key stays. Blobs that were kept are not touched,
    /// so that a database that was put back from an old copy costs no data.
    /// Requires: no writer is open in any process. Returns: how many were erased.
    std::size_t remove_unnamed(const std::function<bool(const Digest&)>& is_named) const;

private:
    friend class BlobWriter;
    struct Keys;
    std::filesystem::path path_of(const Digest& sha256) const;
    std::filesystem::path new_path_of(const Digest& sha256) const;
    std::filesystem::path folder_;
    std::shared_ptr<const Keys> keys_;  // shared: a writer may outlive the store that made it
};

}  // namespace pdx::catalog
