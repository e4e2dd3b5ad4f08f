/// Queries of the ledger against a scan of all entries.
#include "marketplace/app/ledger_query.h"

#include <algorithm>
#include <cstdio>
#include <random>

#include "tests/support/catch.h"
#include "tests/support/stored_log.h"

using namespace pdx;
using app::LedgerQuery;

namespace {

constexpr std::uint64_t kSize = 20'000;

test::StoredLog& sample() {
    static test::StoredLog log;
    if (log.size() == 0) log.grow_to(kSize);
    return log;
}

bool mentions(const ledger::Entry& entry, const std::string& id) {
    return entry.entity_id == id || entry.actor == id || entry.body.find(id) != std::string::npos;
}

bool matches(const LedgerQuery& query, std::uint64_t index, const ledger::Entry& entry) {
    return index >= query.from && index < query.to &&
           (query.entity_id.empty() ||
            (entry.entity_type == query.entity_type && entry.entity_id == query.entity_id)) &&
           (query.kind.empty() || entry.kind == query.kind) &&
           (query.actor.empty() || entry.actor == query.actor) &&
           (query.mentions.empty() || mentions(entry, query.mentions)) &&
           (!query.since || entry.at >= *query.since) && (!query.until || entry.at < *query.until);
}

std::vector<std::uint64_t> scan(const LedgerQuery& query, std::uint64_t size) {
    std::vector<std::uint64_t> found;
    for (std::uint64_t index = 0; index < size; ++index) {
        if (matches(query, index, test::stored_entry(sample().origin(), index))) {
            found.push_back(index);
        }
    }
    return found;
}

/// Page after page, as a client does.
std::vector<std::uint64_t> collect(ledger::LogStore& log, LedgerQuery query, std::int64_t limit,
                                   std::uint64_t size) {
    std::vector<std::uint64_t> found;
    for (std::optional<std::uint64_t> next = query.from; next;) {
        REQUIRE(*next >= query.from);
        query.from = *next;
        const app::LedgerPage page = app::find_entries(log, size, query, limit);
        REQUIRE(static_cast<std::int64_t>(page.entries.size()) <= limit);
        for (const auto& entry : page.entries) {
            REQUIRE(entry.bytes == sample().entries.at(entry.index));
            REQUIRE(entry.leaf == sample().leaves.at(entry.index));
            found.push_back(entry.index);
        }
        if (page.next) REQUIRE(*page.next > query.from);
        next = page.next;
    }
    return found;
}

}  // namespace

TEST_CASE("ledger query: every combination finds what a scan finds", "[app][ledger_query]") {
    const unsigned seed = std::random_device{}();
    std::printf("ledger_query_test seed %u\n", seed);
    std::mt19937 random(seed);
    test::StoredLog& source = sample();
    const auto connection = source.database().open();
    ledger::LogStore log(*connection, source.origin());
    const auto one_in = [&](unsigned count) { return random() % count == 0; };
    const auto time = [&] {
        const std::uint64_t index = random() % kSize;
        return test::stored_entry(source.origin(), index)
            .at.plus(std::chrono::microseconds(random() % 3) - std::chrono::microseconds(1));
    };
    for (int round = 0; round < 150; ++round) {
        LedgerQuery query;
        if (one_in(2)) {
            query.entity_type = "order";
            query.entity_id =
                random() % 4 == 0 ? test::stored_contract(6) : "o" + std::to_string(random() % 6);
        }
        if (one_in(2)) query.kind = one_in(4) ? "no.such" : "order.paid";
        if (one_in(2)) query.actor = "p" + std::to_string(random() % 4);
        if (one_in(3)) query.mentions = test::stored_contract(random() % 8);
        if (one_in(2)) query.from = random() % (kSize + 10);
        if (one_in(2)) query.to = random() % (kSize + 10);
        if (one_in(3)) query.since = time();
        if (one_in(3)) query.until = time();
        const std::uint64_t size = one_in(5) ? random() % kSize : kSize;
        const std::int64_t limit = one_in(3) ? 1'000 : 1 + static_cast<std::int64_t>(random() % 90);
        INFO("round " << round << ": " << query.entity_id << " " << query.kind << " " << query.actor
                      << " " << query.mentions << " " << query.from << ".." << query.to << " of "
                      << size << " by " << limit);
        CHECK(collect(log, query, limit, size) == scan(query, size));
    }
}

TEST_CASE("ledger query: one page looks at a bounded number of entries", "[app][ledger_query]") {
    test::StoredLog& source = sample();
    const auto connection = source.database().open();
    ledger::LogStore log(*connection, source.origin());
    const LedgerQuery query{
        .entity_type = "order", .entity_id = "o1", .kind = "order.paid", .actor = "p1"};
    const app::LedgerPage page = app::find_entries(log, kSize, query, 1'000);
    const auto all = scan(query, kSize);
    REQUIRE(all.size() > page.entries.size());
    REQUIRE(page.next.has_value());
    REQUIRE_FALSE(page.entries.empty());
    CHECK(page.entries.back().index < *page.next);
}

TEST_CASE("ledger query: a time leads to the first entry of that time", "[app][ledger_query]") {
    test::StoredLog& source = sample();
    const auto connection = source.database().open();
    ledger::LogStore log(*connection, source.origin());
    for (const std::uint64_t size : {0U, 1U, 2U, 3U, 4U, 100U, 19'999U}) {
        for (const std::uint64_t index : {0U, 1U, 2U, 3U, 5U, 50U, 98U, 99U, 19'998U, 19'999U}) {
            const Timestamp at = test::stored_entry(source.origin(), index).at;
            for (const int offset : {-1, 0, 1}) {
                const Timestamp time = at.plus(std::chrono::microseconds(offset));
                std::uint64_t naive = 0;
                while (naive < size && test::stored_entry(source.origin(), naive).at < time) {
                    ++naive;
                }
                CHECK(app::index_at(log, size, time) == naive);
            }
        }
    }
}
