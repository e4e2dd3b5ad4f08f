#pragma once
/// The Merkle tree of RFC 6962 section 2.1 over SHA-256: hashes, the checks of both proofs, and the
/// proofs themselves for whoever can read complete subtrees. Knows nothing of tiles or SQL.
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"

namespace pdx::ledger {

/// Shape: leaf sibling first, for inclusion; the order of RFC 6962 section 2.1.2, for consistency.
using Proof = std::vector<Digest>;

/// No tree with an int64 size has a longer path.
inline constexpr std::size_t kProofHashesMax = 63;

/// SHA-256(0x00 || entry).
Digest leaf_hash(ByteView entry);
/// SHA-256(0x01 || left || right).
Digest node_hash(const Digest& left, const Digest& right);
/// SHA-256(""): the root of the tree without leaves.
Digest empty_root();

/// The root that leaf, index and path lead to; nullopt when the path has the wrong length.
/// Source: RFC 9162 section 2.1.3.2.
std::optional<Digest> root_from_inclusion_proof(const Digest& leaf, std::uint64_t index,
                                                std::uint64_t size,
                                                std::span<const Digest> proof) noexcept;
bool verify_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                      std::span<const Digest> proof, const Digest& root) noexcept;
/// Source: RFC 9162 section 2.1.4.2. The empty tree is a prefix of every tree, by an empty proof.
bool verify_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t new_size,
                        const Digest& new_root, std::span<const Digest> proof) noexcept;

/// Gives the hash of the complete subtree over the leaves [index << height, (index + 1) << height).
using SubtreeReader = std::function<Digest(unsigned height, std::uint64_t index)>;

/// Builds proofs for one tree size. Hashes on the ragged right edge are remembered, so the proofs
/// of a batch share them. Requires: the reader serves every complete subtree within `size`.
class Prover {
public:
    Prover(std::uint64_t size, SubtreeReader reader);

    std::uint64_t size() const { return size_; }
    Digest root();
    /// Requires: index < size().
    Proof inclusion(std::uint64_t index);
    /// Requires: old_size <= size().
    Proof consistency(std::uint64_t old_size);

private:
    /// Root over the leaves [begin, end). Requires: complete, or end == size_.
    Digest range(std::uint64_t begin, std::uint64_t end);

    std::uint64_t size_;
    SubtreeReader reader_;
    std::map<std::uint64_t, Digest> edge_;
};

}  // namespace pdx::ledger
