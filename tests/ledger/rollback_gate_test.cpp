#include "ledger/rollback_gate.h"

#include "base/check.h"
#include "base/crypto.h"
#include "tests/support/catch.h"

namespace pdx::ledger {
namespace {

constexpr std::uint64_t kSizeMax = 5;

/// One root per size and history.
Digest root_of(char history, std::uint64_t size) {
    return sha256(std::string(1, history) + std::to_string(size));
}

SeenHead seen(std::uint64_t size, std::optional<Digest> root = std::nullopt) {
    return {{"Witness w", "见证方 w"}, size, root};
}

TEST_CASE("rollback gate: every head that can be seen of every database", "[ledger][gate]") {
    for (std::uint64_t size = 0; size <= kSizeMax; ++size) {
        const RootAt ours = [&](std::uint64_t at) {
            REQUIRE(at <= size);  // no database has more
            return root_of('a', at);
        };
        CHECK(find_rollbacks(size, ours, {}).empty());
        for (std::uint64_t other = 0; other <= kSizeMax; ++other) {
            INFO("the database has " << size << ", " << other << " were seen");
            const SeenHead same = seen(other, root_of('a', other));
            const SeenHead fork = seen(other, root_of('b', other));
            const SeenHead told = seen(other);
            const auto kind = [&](const SeenHead& head) {
                const auto found = find_rollbacks(size, ours, std::span(&head, 1));
                if (found.empty()) return std::string("ok");
                REQUIRE(found.size() == 1);
                CHECK(found[0].size == size);
                CHECK(found[0].seen.size == other);
                return std::string(found[0].kind == RollbackKind::kAhead ? "ahead" : "forked");
            };
            CHECK(kind(same) == (other > size ? "ahead" : "ok"));
            CHECK(kind(fork) == (other > size ? "ahead" : "forked"));
            CHECK(kind(told) == (other > size ? "ahead" : "ok"));
        }
    }
}

TEST_CASE("rollback gate: each source that disagrees is named", "[ledger][gate]") {
    const RootAt ours = [](std::uint64_t at) { return root_of('a', at); };
    const std::vector<SeenHead> heads{{{"The local record", "本地记录"}, 9, root_of('a', 9)},
                                      {{"The export", "导出目录"}, 3, root_of('a', 3)},
                                      {{"Witness w", "见证方 w"}, 2, root_of('b', 2)}};
    const auto found = find_rollbacks(4, ours, heads);
    REQUIRE(found.size() == 2);
    CHECK(found[0].text().en ==
          "The local record saw a tree of 9 entries; the database holds only 4.");
    CHECK(found[0].text().zh.find("本地记录") == 0);
    const Text forked = found[1].text();
    for (const std::string& part : {std::string("Witness w"), to_base64(root_of('a', 2).view()),
                                    std::string("2 entries"), to_base64(root_of('b', 2).view())}) {
        CHECK(forked.en.find(part) != std::string::npos);
    }
    CHECK(forked.zh.find(to_base64(root_of('b', 2).view())) != std::string::npos);

    // A fork needs another answer than an old copy, also when both were found.
    CHECK(recovery_advice(found).en.find("Two histories") != std::string::npos);
    const Text old = recovery_advice(std::span(found).first(1));
    CHECK(old.en.find("at least 9 entries") != std::string::npos);
    CHECK(old.zh.find("至少含 9 条") != std::string::npos);
    CHECK_THROWS_AS(recovery_advice({}), InvariantViolation);
}

TEST_CASE("rollback gate: a tree that cannot be read is no permission", "[ledger][gate]") {
    const SeenHead head = seen(1, root_of('a', 1));
    const RootAt unreadable = [](std::uint64_t) -> Digest { throw LedgerViolation("no tile"); };
    CHECK_THROWS_AS(find_rollbacks(2, unreadable, std::span(&head, 1)), LedgerViolation);
}

}  // namespace
}  // namespace pdx::ledger
