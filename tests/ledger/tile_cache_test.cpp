#include "ledger/tile_cache.h"

#include <atomic>
#include <cstdio>
#include <random>
#include <thread>
#include <vector>

#include "base/crypto.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::ledger;

namespace {

SharedTile sized(std::size_t bytes) { return share_tile(Bytes(bytes, 1)); }

}  // namespace

TEST_CASE("tile cache: the least recently used goes first", "[ledger][tile_cache]") {
    TileCache cache(std::size_t{3} * 9'000);
    const TilePath a{.index = 1};
    const TilePath b{.index = 2};
    const TilePath c{.index = 3};
    const TilePath d{.is_bundle = true, .index = 1};
    for (const TilePath& path : {a, b, c}) cache.put(path, sized(8'192));
    CHECK(cache.find(a) != nullptr);
    cache.put(d, sized(8'192));
    CHECK(cache.find(b) == nullptr);
    CHECK(cache.find(a) != nullptr);
    CHECK(cache.find(c) != nullptr);
    CHECK(cache.find(d) != nullptr);
    const SharedTile held = cache.find(a);
    cache.put({.index = 9}, sized(26'000));
    CHECK(cache.find(a) == nullptr);
    CHECK(held->bytes.size() == 8'192);
    CHECK(held->digest == sha256(held->bytes));
    cache.put({.index = 10}, sized(27'000));
    CHECK(cache.find({.index = 10}) == nullptr);
    CHECK(cache.find({.index = 9}) != nullptr);
}

TEST_CASE("tile cache: it never holds more than it may, whoever uses it", "[ledger][tile_cache]") {
    const unsigned seed = std::random_device{}();
    std::printf("tile_cache_test seed %u\n", seed);
    constexpr std::size_t kMax = 200'000;
    TileCache cache(kMax);
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (unsigned thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&, thread] {
            std::mt19937 random(seed + thread);
            for (int round = 0; round < 5'000; ++round) {
                const std::uint64_t index = random() % 40;
                const std::size_t size = index * 500;
                if (const SharedTile tile = cache.find({.index = index})) {
                    if (tile->bytes.size() != size) ++wrong;
                } else {
                    cache.put({.index = index}, sized(size));
                }
                if (cache.bytes() > kMax) ++wrong;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(wrong == 0);
    CHECK(cache.bytes() > kMax / 2);
}
