#include "ledger/merkle.h"

#include <algorithm>
#include <map>
#include <random>

#include "base/crypto.h"
#include "tests/ledger/support/tree_fixture.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::ledger;

namespace {

/// Every way in which one hash, the count, an index or a size can be wrong.
void check_refuses_changes(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                           const Proof& proof, const Digest& root) {
    const auto refused = [&](std::uint64_t i, std::uint64_t s, const Proof& p) {
        return !verify_inclusion(leaf, i, s, p, root);
    };
    for (std::size_t i = 0; i < proof.size(); ++i) {
        Proof changed = proof;
        changed[i].value[index % 32] ^= 1U;
        REQUIRE(refused(index, size, changed));
    }
    Proof longer = proof;
    longer.push_back(root);
    REQUIRE(refused(index, size, longer));
    if (!proof.empty()) REQUIRE(refused(index, size, Proof(proof.begin(), proof.end() - 1)));
    if (index > 0) REQUIRE(refused(index - 1, size, proof));
    REQUIRE(refused(index + 1, size, proof));
    REQUIRE(refused(size, size, proof));
    Digest other = leaf;
    other.value[0] ^= 0x80U;
    REQUIRE_FALSE(verify_inclusion(other, index, size, proof, root));
}

}  // namespace

TEST_CASE("merkle: the roots of entry-0 to entry-n are the published ones", "[ledger][merkle]") {
    const std::map<std::size_t, std::string> roots{
        {0, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
        {1, "QHZrIDNCkCb1PVRQJnmoOXBrR0H43K86i7pfQbX/4HU="},
        {2, "LyelCCwdQq+kiKw1Cp/EOQwIT1T3Hs3/hZ6Y24QptHk="},
        {3, "pkvybgkSj2/i/m+LLYyAHhZrV8BHp82bK4Ceepai8cs="},
        {7, "kTlgHMHKirKnoMLBNMBIRfKxulSag9bIRc/NpDnMWF0="},
        {8, "38wTubDKkyxo3j1Z6qqP4mapyAkcAwDoQF6/6w0OWDI="},
        {256, "+F9OrTQIBxC00egIMBVDqquBqgTeuIWZNQ3Cak8vWN4="},
        {257, "kYsc7GTzF8duPPVcBTaEHAOe/wZ3LruIKM58F2Aotaw="},
        {300, "rrsCfVw90Ihx7lJXemH8gxItDRQ1J5GUNjm9TBLTaUM="}};
    for (const auto& [size, root] : roots) {
        const auto leaves = test::sample_leaves(size);
        REQUIRE(to_base64(test::naive_root(leaves).view()) == root);
        Appender appender;
        for (const Digest& leaf : leaves) appender.append(leaf);
        REQUIRE(to_base64(appender.seal().root.view()) == root);
    }
}

TEST_CASE("merkle: leaf and node hashes carry their prefix", "[ledger][merkle]") {
    REQUIRE(leaf_hash({}) == sha256(std::string_view("\0", 1)));
    REQUIRE(leaf_hash(as_bytes("x")) == sha256(std::string_view("\0x", 2)));
    const Digest a = sha256("a");
    const Digest b = sha256("b");
    const std::string text =
        "\x01" + std::string(as_text(a.view())) + std::string(as_text(b.view()));
    REQUIRE(node_hash(a, b) == sha256(text));
    REQUIRE(empty_root() == sha256(""));
}

TEST_CASE("merkle: every inclusion proof up to 70 leaves verifies and no altered one does",
          "[ledger][merkle]") {
    const auto leaves = test::sample_leaves(70);
    for (std::size_t size = 1; size <= leaves.size(); ++size) {
        const auto tree = std::span(leaves).first(size);
        const Digest root = test::naive_root(tree);
        for (std::size_t index = 0; index < size; ++index) {
            const Proof proof = test::naive_path(index, tree);
            REQUIRE(verify_inclusion(leaves[index], index, size, proof, root));
            check_refuses_changes(leaves[index], index, size, proof, root);
        }
    }
}

TEST_CASE("merkle: every consistency proof up to 70 leaves verifies and no altered one does",
          "[ledger][merkle]") {
    const auto leaves = test::sample_leaves(70);
    for (std::size_t size = 0; size <= leaves.size(); ++size) {
        const Digest root = test::naive_root(std::span(leaves).first(size));
        for (std::size_t old_size = 0; old_size <= size; ++old_size) {
            const Digest old_root = test::naive_root(std::span(leaves).first(old_size));
            const Proof proof = test::naive_consistency(old_size, std::span(leaves).first(size));
            REQUIRE(verify_consistency(old_size, old_root, size, root, proof));
            for (std::size_t i = 0; i < proof.size(); ++i) {
                Proof changed = proof;
                changed[i].value[31] ^= 1U;
                REQUIRE_FALSE(verify_consistency(old_size, old_root, size, root, changed));
            }
            Proof longer = proof;
            longer.push_back(root);
            REQUIRE_FALSE(verify_consistency(old_size, old_root, size, root, longer));
            if (!proof.empty()) {
                longer = Proof(proof.begin(), proof.end() - 1);
                REQUIRE_FALSE(verify_consistency(old_size, old_root, size, root, longer));
            }
            Digest other = old_root;
            other.value[5] ^= 4U;
            REQUIRE_FALSE(verify_consistency(old_size, other, size, root, proof));
            other = root;
            other.value[5] ^= 4U;
            if (old_size > 0) {
                REQUIRE_FALSE(verify_consistency(old_size, old_root, size, other, proof));
            }
            if (old_size < size) {
                REQUIRE_FALSE(verify_consistency(size, root, old_size, old_root, proof));
            }
        }
    }
}

TEST_CASE("merkle: sizes near 2^63 neither loop nor verify", "[ledger][merkle]") {
    const Digest hash = sha256("x");
    const Proof proof(63, hash);
    const std::uint64_t huge = ~0ULL;
    REQUIRE_FALSE(verify_inclusion(hash, huge - 1, huge, proof, hash));
    REQUIRE_FALSE(verify_inclusion(hash, huge, huge, proof, hash));
    REQUIRE_FALSE(verify_inclusion(hash, 0, 0, {}, hash));
    REQUIRE_FALSE(verify_consistency(huge - 1, hash, huge, hash, proof));
    REQUIRE_FALSE(verify_consistency(1, hash, huge, hash, {}));
}
