#pragma once
/// What the writer appends with and what proofs are read from: the tree as tiles. Only the right
/// edge is ever held, so opening a log of any size reads at most one tile per level.
#include <array>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "ledger/merkle.h"
#include "ledger/tile.h"

namespace pdx::ledger {

/// Where stored tiles come from: SQL, a folder, a test. Thread: not shared.
class TileReader {
public:
    virtual ~TileReader() = default;
    /// Shape: exactly `width` hashes, also out of a wider tile; nullopt when there are fewer.
    virtual std::optional<Bytes> read_tile(unsigned level, std::uint64_t index, unsigned width) = 0;
    /// Shape: the first `width` entries of a bundle (ledger/tile.h); nullopt when there are fewer.
    virtual std::optional<Bytes> read_bundle(std::uint64_t index, unsigned width) = 0;
};

/// A tile with the hashes inside it: node (0, i) is hash i of the tile, node (8, 0) its root.
class TileNodes {
public:
    /// Requires: width() < 256.
    void push(const Digest& hash);
    void push_all(ByteView hashes);
    unsigned width() const { return static_cast<unsigned>(rows_[0].size()); }
    /// Requires: all hashes below the node are there.
    const Digest& node(unsigned height, std::uint64_t index) const;
    /// Shape: width() * 32 bytes.
    Bytes bytes() const;

private:
    std::array<std::vector<Digest>, kTileHeight + 1> rows_;
};

/// Serves complete subtrees from tiles, remembering the last tiles used.
/// Throws: LedgerViolation when a tile that the size promises is absent.
class TileSubtrees {
public:
    TileSubtrees(TileReader& reader, std::uint64_t size) : reader_(reader), size_(size) {}
    Digest operator()(unsigned height, std::uint64_t index);

private:
    /// Unit: tiles. More than one path has, so that a run of proofs hits.
    static constexpr std::size_t kCachedMax = 64;
    const TileNodes& load(unsigned level, std::uint64_t index);

    TileReader& reader_;
    std::uint64_t size_;
    std::list<std::pair<TilePath, TileNodes>> cached_;  ///< most recently used first
};

/// Throws: LedgerViolation as above. Requires: index < size; old_size <= size.
Proof inclusion_proof(TileReader& reader, std::uint64_t index, std::uint64_t size);
Proof consistency_proof(TileReader& reader, std::uint64_t old_size, std::uint64_t size);
Digest root_at(TileReader& reader, std::uint64_t size);

/// A hash tile to be stored.
struct TileWrite {
    unsigned level = 0;
    std::uint64_t index = 0;
    unsigned width = 0;
    unsigned stored_width = 0;  ///< of the row that it replaces; 0: there is none yet
    Bytes hashes;
};

/// What one batch made of the tree.
struct SealedBatch {
    std::uint64_t old_size = 0;
    std::uint64_t size = 0;
    Digest root;
    std::vector<TileWrite> tiles;  ///< new and grown tiles, lowest level first
};

/// Grows the tree in memory; storing what seal() gives is the caller's business. A batch whose
/// transaction failed is dropped with its appender, and another one is opened on what is stored;
/// or the caller keeps a copy from before the batch. Copyable, about 20 KB a level.
class Appender {
public:
    /// Reads the partial tile of each level.
    /// Throws: LedgerViolation when one is absent, or when the tiles do not lead to `root`.
    Appender(TileReader& reader, std::uint64_t size, const Digest& root);
    /// An empty log.
    Appender() = default;

    std::uint64_t size() const { return size_; }
    /// Returns the leaf's index.
    std::uint64_t append(const Digest& leaf);
    /// Ends the batch. The next append() begins another, with these tiles taken as stored.
    SealedBatch seal();
    /// Proofs at the sealed size for the leaves of the sealed batch, from memory alone; one prover
    /// for the whole batch shares the work. Requires: seal() was the last change.
    /// Ensures: valid until this appender changes, moves or goes.
    Prover prover() const;

private:
    struct Level {
        TileNodes edge;
        unsigned stored_width = 0;
    };
    struct Finished {
        TileNodes nodes;
        unsigned stored_width = 0;
    };
    void push(const Digest& leaf);
    Digest subtree(unsigned height, std::uint64_t index) const;

    std::uint64_t size_ = 0;
    std::uint64_t batch_begin_ = 0;
    bool sealed_ = false;
    std::array<Level, kTileLevels> levels_;
    std::map<std::pair<unsigned, std::uint64_t>, Finished> finished_;  ///< of this batch
};

}  // namespace pdx::ledger
