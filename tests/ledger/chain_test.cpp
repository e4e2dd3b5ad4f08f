#include "ledger/chain.h"

#include <algorithm>
#include <map>
#include <random>

#include "base/crypto.h"
#include "ledger/merkle.h"
#include "tests/ledger/support/log_fixture.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::ledger;

namespace {

/// The history of one order among entries of other orders.
std::vector<HistoryEntry> history_of(const std::string& entity, std::uint64_t log_size) {
    std::vector<HistoryEntry> history;
    const auto entries = test::chained_entries(log_size);
    for (std::uint64_t i = 0; i < log_size; ++i) {
        if (entries[i].entity_id != entity) continue;
        history.push_back({i, leaf_hash(encode_entry(entries[i])), entries[i]});
    }
    return history;
}

std::optional<ChainFault> fault_of(const std::vector<HistoryEntry>& history) {
    const auto fault = check_history(history);
    return fault ? std::optional(fault->fault) : std::nullopt;
}

/// Whole-log audit of entries as they stand.
std::vector<std::pair<std::uint64_t, ChainFault>> audit(const std::vector<Entry>& entries) {
    ChainAudit chains;
    std::vector<std::pair<std::uint64_t, ChainFault>> faults;
    for (std::uint64_t i = 0; i < entries.size(); ++i) {
        const auto fault = chains.add(
            i, leaf_hash(encode_entry(entries[i])),
            ChainAudit::key_of(entries[i].entity_type, entries[i].entity_id), entries[i].prev);
        if (fault) faults.emplace_back(i, *fault);
    }
    return faults;
}

}  // namespace

TEST_CASE("chain: every relation of a link to what is there has its fault", "[ledger][chain]") {
    const Digest right = sha256("right");
    const Digest wrong = sha256("wrong");
    const std::optional<PreviousEntry> before(PreviousEntry{5, right});
    const auto link = [](std::uint64_t index, const Digest& leaf) {
        return std::optional(PreviousEntry{index, leaf});
    };
    const std::optional<PreviousEntry> none;
    CHECK(check_link(0, none, none) == std::nullopt);
    CHECK(check_link(9, none, none) == std::nullopt);
    CHECK(check_link(9, link(5, right), before) == std::nullopt);
    CHECK(check_link(9, none, before) == ChainFault::kNoPrev);
    CHECK(check_link(9, link(5, right), none) == ChainFault::kFirstWithPrev);
    CHECK(check_link(9, link(9, right), none) == ChainFault::kNotEarlier);
    CHECK(check_link(9, link(10, right), before) == ChainFault::kNotEarlier);
    CHECK(check_link(9, link(6, right), before) == ChainFault::kMissing);
    CHECK(check_link(9, link(4, right), before) == ChainFault::kSkipsBack);
    CHECK(check_link(9, link(5, wrong), before) == ChainFault::kOtherLeaf);
    CHECK(check_link(5, link(5, right), before) == ChainFault::kReordered);
    CHECK(check_link(4, none, before) == ChainFault::kReordered);
}

TEST_CASE("chain: no subset of a history but a beginning of it passes", "[ledger][chain]") {
    const auto whole = history_of("o2", 60);
    REQUIRE(whole.size() == 12);
    for (unsigned chosen = 0; chosen < 1U << whole.size(); ++chosen) {
        std::vector<HistoryEntry> part;
        for (std::size_t i = 0; i < whole.size(); ++i) {
            if ((chosen >> i & 1U) != 0) part.push_back(whole[i]);
        }
        const bool is_beginning = (chosen & (chosen + 1)) == 0;
        INFO("subset " << chosen);
        REQUIRE(check_history(part).has_value() == !is_beginning);
    }
}

TEST_CASE("chain: no other order of a history passes", "[ledger][chain]") {
    const auto whole = history_of("o3", 30);
    std::vector<std::size_t> order(whole.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    int passed = 0;
    do {
        std::vector<HistoryEntry> shuffled;
        for (const std::size_t i : order) shuffled.push_back(whole[i]);
        passed += check_history(shuffled) ? 0 : 1;
    } while (std::next_permutation(order.begin(), order.end()));
    CHECK(passed == 1);
}

TEST_CASE("chain: a history names what is wrong with it and where", "[ledger][chain]") {
    const auto whole = history_of("o1", 40);
    auto history = whole;
    history.erase(history.begin() + 3);
    CHECK(check_history(history)->position == 3);
    CHECK(fault_of(history) == ChainFault::kMissing);
    history = whole;
    history.erase(history.begin());
    CHECK(fault_of(history) == ChainFault::kFirstWithPrev);
    history = whole;
    history[4].entry.prev.reset();
    CHECK(fault_of(history) == ChainFault::kNoPrev);
    history = whole;
    history[4].entry.prev = history[3].entry.prev;
    CHECK(fault_of(history) == ChainFault::kSkipsBack);
    history = whole;
    history[2].leaf = sha256("changed");
    CHECK(check_history(history)->position == 3);
    CHECK(fault_of(history) == ChainFault::kOtherLeaf);
    history = whole;
    const auto foreign = history_of("o4", 40);
    history[5] = foreign[5];
    CHECK(check_history(history)->position == 5);
    CHECK(fault_of(history) == ChainFault::kOtherEntity);
    history = whole;
    history[5].entry.entity_type = "dispute";
    CHECK(fault_of(history) == ChainFault::kOtherEntity);
    CHECK(fault_of({}) == std::nullopt);
    for (const auto fault :
         {ChainFault::kReordered, ChainFault::kNotEarlier, ChainFault::kFirstWithPrev,
          ChainFault::kNoPrev, ChainFault::kMissing, ChainFault::kSkipsBack, ChainFault::kOtherLeaf,
          ChainFault::kOtherEntity}) {
        CHECK(!describe(fault).empty());
    }
}

TEST_CASE("chain: the audit of a whole log misses no changed link", "[ledger][chain]") {
    const std::uint64_t seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    const std::vector<Entry> whole = test::chained_entries(400);
    REQUIRE(audit(whole).empty());
    for (int round = 0; round < 200; ++round) {
        std::vector<Entry> changed = whole;
        const std::size_t at = random() % changed.size();
        Entry& entry = changed[at];
        const auto was = entry.prev;
        switch (random() % 4) {
            case 0: entry.prev.reset(); break;
            case 1: entry.prev = PreviousEntry{random() % 400, sha256("x")}; break;
            case 2:
                if (entry.prev) entry.prev->leaf = sha256("y");
                break;
            default: entry.prev = changed[random() % changed.size()].prev; break;
        }
        if (entry.prev == was) continue;
        INFO("round " << round << ", entry " << at);
        const auto faults = audit(changed);
        REQUIRE(!faults.empty());
        REQUIRE(faults.front().first == at);
    }
}

TEST_CASE("chain: an entry taken out of a log that was built again without it is missed",
          "[ledger][chain]") {
    const std::uint64_t seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    const std::vector<Entry> whole = test::chained_entries(300);
    for (int round = 0; round < 100; ++round) {
        std::vector<Entry> shorter = whole;
        // The last five entries end the chains of the five entities.
        const std::size_t at = random() % (whole.size() - 5);
        shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(at));
        INFO("round " << round << ", without entry " << at);
        REQUIRE(!audit(shorter).empty());
    }
}

TEST_CASE("chain: a link to what cannot be interpreted is believed if its leaf is right",
          "[ledger][chain]") {
    const auto key = ChainAudit::key_of("order", "o1");
    const Digest first = sha256("first");
    const Digest unread = sha256("unread");
    const auto run = [&](const std::optional<PreviousEntry>& prev, bool with_first) {
        ChainAudit chains;
        if (with_first) REQUIRE(!chains.add(0, first, key, std::nullopt));
        chains.add_uninterpreted(1, unread);
        chains.add_uninterpreted(4, sha256("another"));
        return chains.add(6, sha256("next"), key, prev);
    };
    for (const bool with_first : {false, true}) {
        CHECK(run(PreviousEntry{1, unread}, with_first) == std::nullopt);
        CHECK(run(PreviousEntry{1, first}, with_first) == ChainFault::kOtherLeaf);
        CHECK(run(PreviousEntry{4, unread}, with_first) == ChainFault::kOtherLeaf);
    }
    CHECK(run(PreviousEntry{3, unread}, true) == ChainFault::kMissing);
    CHECK(run(PreviousEntry{0, first}, true) == std::nullopt);
}

TEST_CASE("chain: many entities keep apart", "[ledger][chain]") {
    ChainAudit chains;
    std::map<std::string, PreviousEntry> tails;
    std::uint64_t index = 0;
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 20'000; ++i) {
            const std::string id = std::to_string(i);
            const Digest leaf = sha256(std::to_string(index));
            const auto tail = tails.find(id);
            const auto prev = tail == tails.end() ? std::nullopt : std::optional(tail->second);
            REQUIRE(!chains.add(index, leaf, ChainAudit::key_of("order", id), prev));
            tails[id] = {index++, leaf};
        }
    }
    CHECK(chains.entities() == 20'000);
    CHECK(ChainAudit::key_of("ab", "c") != ChainAudit::key_of("a", "bc"));
}
