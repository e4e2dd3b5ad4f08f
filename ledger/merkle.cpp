#include "ledger/merkle.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "base/check.h"
#include "base/crypto.h"

namespace pdx::ledger {
namespace {

constexpr std::uint8_t kLeafPrefix = 0x00;
constexpr std::uint8_t kNodePrefix = 0x01;

/// The largest power of two below `size`. Requires: size > 1.
std::uint64_t split_point(std::uint64_t size) { return std::bit_floor(size - 1); }

}  // namespace

Digest leaf_hash(ByteView entry) {
    thread_local Sha256 hasher;
    const std::array<std::uint8_t, 1> prefix{kLeafPrefix};
    return hasher.update(prefix).update(entry).finish();
}

Digest node_hash(const Digest& left, const Digest& right) {
    std::array<std::uint8_t, 1 + 2 * Digest::kSize> block{kNodePrefix};
    std::copy(left.value.begin(), left.value.end(), block.begin() + 1);
    std::copy(right.value.begin(), right.value.end(), block.begin() + 1 + Digest::kSize);
    return sha256(ByteView(block));
}

Digest empty_root() {
    static const Digest root = sha256(ByteView{});
    return root;
}

std::optional<Digest> root_from_inclusion_proof(const Digest& leaf, std::uint64_t index,
                                                std::uint64_t size,
                                                std::span<const Digest> proof) noexcept {
    if (index >= size) return std::nullopt;
    std::uint64_t node = index;
    std::uint64_t last = size - 1;
    Digest hash = leaf;
    for (const Digest& sibling : proof) {
        if (last == 0) return std::nullopt;
        if ((node & 1U) != 0 || node == last) {
            hash = node_hash(sibling, hash);
            // A last node without a right sibling rises unhashed until it is a right child.
            while ((node & 1U) == 0 && node != 0) {
                node >>= 1U;
                last >>= 1U;
            }
        } else {
            hash = node_hash(hash, sibling);
        }
        node >>= 1U;
        last >>= 1U;
    }
    return last == 0 ? std::optional(hash) : std::nullopt;
}

bool verify_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                      std::span<const Digest> proof, const Digest& root) noexcept {
    return root_from_inclusion_proof(leaf, index, size, proof) == root;
}

bool verify_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t new_size,
                        const Digest& new_root, std::span<const Digest> proof) noexcept {
    if (old_size > new_size) return false;
    if (new_size == 0) return proof.empty() && old_root == empty_root() && new_root == old_root;
    if (old_size == new_size) return proof.empty() && old_root == new_root;
    if (old_size == 0) return proof.empty() && old_root == empty_root();

    std::uint64_t node = old_size - 1;
    std::uint64_t last = new_size - 1;
    while ((node & 1U) != 0) {
        node >>= 1U;
        last >>= 1U;
    }
    // A complete old tree is itself the first hash and is left out of the proof.
    std::size_t next = 0;
    Digest old_hash = old_root;
    if (!std::has_single_bit(old_size)) {
        if (proof.empty()) return false;
        old_hash = proof[next++];
    }
    Digest new_hash = old_hash;
    for (; next < proof.size(); ++next) {
        if (last == 0) return false;
        const Digest& sibling = proof[next];
        if ((node & 1U) != 0 || node == last) {
            old_hash = node_hash(sibling, old_hash);
            new_hash = node_hash(sibling, new_hash);
            while ((node & 1U) == 0 && node != 0) {
                node >>= 1U;
                last >>= 1U;
            }
        } else {
            new_hash = node_hash(new_hash, sibling);
        }
        node >>= 1U;
        last >>= 1U;
    }
    return last == 0 && old_hash == old_root && new_hash == new_root;
}

Prover::Prover(std::uint64_t size, SubtreeReader reader) : size_(size), reader_(std::move(reader)) {
    PDX_CHECK(std::countl_zero(size) > 0);
}

Digest Prover::root() { return size_ == 0 ? empty_root() : range(0, size_); }

Proof Prover::inclusion(std::uint64_t index) {
    PDX_CHECK(index < size_);
    Proof proof;
    std::uint64_t begin = 0;
    std::uint64_t end = size_;
    while (end - begin > 1) {
        const std::uint64_t middle = begin + split_point(end - begin);
        if (index < middle) {
            proof.push_back(range(middle, end));
            end = middle;
        } else {
            proof.push_back(range(begin, middle));
            begin = middle;
        }
    }
    std::reverse(proof.begin(), proof.end());
    return proof;
}

Proof Prover::consistency(std::uint64_t old_size) {
    PDX_CHECK(old_size <= size_);
    Proof proof;
    if (old_size == 0 || old_size == size_) return proof;
    std::uint64_t begin = 0;
    std::uint64_t end = size_;
    while (old_size != end) {
        const std::uint64_t middle = begin + split_point(end - begin);
        if (old_size <= middle) {
            proof.push_back(range(middle, end));
            end = middle;
        } else {
            proof.push_back(range(begin, middle));
            begin = middle;
        }
    }
    // The old tree as a whole needs no hash: who verifies has its root.
    if (begin != 0) proof.push_back(range(begin, end));
    std::reverse(proof.begin(), proof.end());
    return proof;
}

Digest Prover::range(std::uint64_t begin, std::uint64_t end) {
    PDX_CHECK(begin < end);
    const std::uint64_t count = end - begin;
    if (std::has_single_bit(count) && begin % count == 0) {
        const auto height = static_cast<unsigned>(std::countr_zero(count));
        return reader_(height, begin >> height);
    }
    PDX_CHECK(end == size_);
    if (const auto known = edge_.find(begin); known != edge_.end()) return known->second;
    const std::uint64_t middle = begin + split_point(count);
    const Digest hash = node_hash(range(begin, middle), range(middle, end));
    edge_.emplace(begin, hash);
    return hash;
}

}  // namespace pdx::ledger
