#include "base/ids.h"

#include <algorithm>
#include <thread>
#include <vector>

#include "tests/support/catch.h"

namespace pdx {
namespace {

TEST_CASE("id: only a UUIDv7 in lower case is read", "[base][ids]") {
    const std::string good = "019584c0-5e00-7000-8000-000000000001";
    CHECK(OrderId::parse(good)->text() == good);
    for (const std::string bad :
         {"", "019584c0-5e00-4000-8000-000000000001", "019584c0-5e00-7000-c000-000000000001",
          "019584C0-5e00-7000-8000-000000000001", "019584c05e0070008000000000000001",
          "019584c0-5e00-7000-8000-00000000000", "019584c0-5e00-7000-8000-0000000000011",
          "019584c0-5e00-7000-8000-00000000000g", "019584c0_5e00-7000-8000-000000000001",
          " 19584c0-5e00-7000-8000-000000000001"}) {
        INFO(bad);
        CHECK_FALSE(OrderId::parse(bad));
    }
    CHECK(OrderId().empty());
}

TEST_CASE("id: it carries the instant and version of RFC 9562", "[base][ids]") {
    RandomIdSource source;
    // 0x0195 84c0 5e00 ms
    const std::string id = source.next(Timestamp{0x019584c05e00 * std::int64_t{1000}});
    CHECK(id.substr(0, 13) == "019584c0-5e00");
    CHECK(is_uuid7(id));
}

TEST_CASE("id: ids grow, also within a millisecond and when the clock goes back", "[base][ids]") {
    RandomIdSource source;
    std::string last;
    const auto expect_growth = [&](std::int64_t micros) {
        const std::string id = source.next(Timestamp{micros});
        if (!is_uuid7(id) || id <= last) FAIL(last << " then " << id);
        last = id;
    };
    const std::int64_t start = 1'772'352'000'000'000;
    for (int i = 0; i < 20'000; ++i) expect_growth(start);  // more than one millisecond can number
    for (int i = 0; i < 1'000; ++i) expect_growth(start + std::int64_t{i} * 500);
    for (int i = 0; i < 1'000; ++i) expect_growth(start - std::int64_t{i} * 1'000'000);
    expect_growth(-5);
    expect_growth(0);
    expect_growth(start + 60'000'000);
    CHECK(last.starts_with(RandomIdSource().next(Timestamp{start + 60'000'000}).substr(0, 13)));
}

TEST_CASE("id: threads never get the same id", "[base][ids]") {
    constexpr int kThreads = 4;
    constexpr int kIds = 5'000;
    RandomIdSource source;
    std::vector<std::vector<std::string>> ids(kThreads);
    std::vector<std::thread> threads;
    for (auto& own : ids) {
        threads.emplace_back([&source, &own] {
            for (int i = 0; i < kIds; ++i) own.push_back(source.next(Timestamp{1'000'000}));
        });
    }
    for (auto& thread : threads) thread.join();
    std::vector<std::string> all;
    for (const auto& own : ids) {
        CHECK(std::is_sorted(own.begin(), own.end()));
        all.insert(all.end(), own.begin(), own.end());
    }
    std::sort(all.begin(), all.end());
    CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
}

TEST_CASE("id: two sources differ in the bits that time does not fix", "[base][ids]") {
    RandomIdSource one;
    RandomIdSource two;
    const Timestamp now{1'772'352'000'000'000};
    CHECK(one.next(now).substr(19) != two.next(now).substr(19));
    CHECK(one.make<OrderTag>(now).text().size() == 36);
}

}  // namespace
}  // namespace pdx
