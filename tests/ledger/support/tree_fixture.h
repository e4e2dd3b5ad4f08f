#pragma once
/// A naive RFC 6962 tree, straight from the text of the RFC, and a log whose tiles live in memory:
/// what the real tree is compared with.
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ledger/tree.h"

namespace pdx::test {

using namespace pdx::ledger;

/// RFC 6962 section 2.1: MTH(D[n]).
Digest naive_root(std::span<const Digest> leaves);
/// RFC 6962 section 2.1.1: PATH(m, D[n]).
Proof naive_path(std::size_t index, std::span<const Digest> leaves);
/// RFC 6962 section 2.1.2: PROOF(m, D[n]).
Proof naive_consistency(std::size_t old_size, std::span<const Digest> leaves);

std::string entry_text(std::uint64_t index);
/// Leaf hashes of entry-0, entry-1, ...
std::vector<Digest> sample_leaves(std::size_t count);

/// Stores what an Appender seals, and refuses writes that a database would refuse.
class MemoryLog final : public TileReader {
public:
    void store(const SealedBatch& batch);
    void add_entry(Bytes entry) { entries_.push_back(std::move(entry)); }
    std::optional<Bytes> read_tile(unsigned level, std::uint64_t index, unsigned width) override;
    std::optional<Bytes> read_bundle(std::uint64_t index, unsigned width) override;

    std::size_t reads = 0;
    std::map<std::pair<unsigned, std::uint64_t>, Bytes> tiles;

private:
    std::vector<Bytes> entries_;
};

}  // namespace pdx::test
