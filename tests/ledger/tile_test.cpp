#include "ledger/tile.h"

#include <algorithm>
#include <map>

#include "base/check.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::ledger;

TEST_CASE("tile: paths have the form of the specification and read back", "[ledger][tile]") {
    const std::vector<std::pair<TilePath, std::string>> cases{
        {{.level = 0, .index = 0}, "tile/0/000"},
        {{.level = 1, .index = 999}, "tile/1/999"},
        {{.level = 2, .index = 1'000}, "tile/2/x001/000"},
        {{.level = 0, .index = 1'234'067}, "tile/0/x001/x234/067"},
        {{.level = 63, .index = 5, .width = 1}, "tile/63/005.p/1"},
        {{.is_bundle = true, .index = 1'234'067, .width = 255}, "tile/entries/x001/x234/067.p/255"},
        {{.level = 0, .index = INT64_MAX}, "tile/0/x009/x223/x372/x036/x854/x775/807"}};
    for (const auto& [path, text] : cases) {
        REQUIRE(format_tile_path(path) == text);
        REQUIRE(parse_tile_path(text) == path);
    }
}

TEST_CASE("tile: paths in another form are refused", "[ledger][tile]") {
    for (const std::string_view bad : {"",
                                       "tile",
                                       "tile/",
                                       "tile/0",
                                       "tile/0/",
                                       "tile/00/000",
                                       "tile/64/000",
                                       "tile/-1/000",
                                       "tile/0/00",
                                       "tile/0/0000",
                                       "tile/0/1",
                                       "tile/0/x000",
                                       "tile/0/x000/001",
                                       "tile/0/x001/x234",
                                       "tile/0/001/000",
                                       "tile/0/x1/000",
                                       "tile/0/X001/000",
                                       "tile/0/000/",
                                       "tile/0/000.p",
                                       "tile/0/000.p/",
                                       "tile/0/000.p/0",
                                       "tile/0/000.p/256",
                                       "tile/0/000.p/01",
                                       "tile/0/000.p/1/",
                                       "tile/0/000.p/-1",
                                       "tile/entries",
                                       "tile/entries/",
                                       "tile/Entries/000",
                                       "/tile/0/000",
                                       "tile//000",
                                       "tile/0/000 ",
                                       "tile/0/x009/x223/x372/x036/x854/x775/808",
                                       "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
                                       "tile/data/000"}) {
        INFO(bad);
        REQUIRE_FALSE(parse_tile_path(bad).has_value());
    }
}

TEST_CASE("tile: widths are those of the tree size", "[ledger][tile]") {
    struct Level {
        std::uint64_t full;
        unsigned partial;
    };
    const std::map<std::uint64_t, std::vector<Level>> expected{
        {0, {{0, 0}, {0, 0}}},
        {1, {{0, 1}, {0, 0}}},
        {255, {{0, 255}, {0, 0}}},
        {256, {{1, 0}, {0, 1}, {0, 0}}},
        {257, {{1, 1}, {0, 1}, {0, 0}}},
        {65'536, {{256, 0}, {1, 0}, {0, 1}, {0, 0}}},
        {70'000, {{273, 112}, {1, 17}, {0, 1}, {0, 0}}}};
    for (const auto& [size, levels] : expected) {
        for (unsigned level = 0; level < levels.size(); ++level) {
            const auto [full, partial] = levels[level];
            REQUIRE(full_tile_count(size, level) == full);
            REQUIRE(partial_tile_width(size, level) == partial);
            REQUIRE(tile_width(size, level, full) == partial);
            REQUIRE(tile_width(size, level, full + 1) == 0);
            if (full > 0) REQUIRE(tile_width(size, level, full - 1) == kTileWidth);
        }
    }
    REQUIRE(full_tile_count(INT64_MAX, 7) == 0);
    REQUIRE(partial_tile_width(INT64_MAX, 7) == 127);
    REQUIRE(tile_width(INT64_MAX, 8, 0) == 0);
    REQUIRE(tile_width(INT64_MAX, 63, 0) == 0);
}

TEST_CASE("tile: bundles hold entries of 0 and 65,535 bytes and no longer ones", "[ledger][tile]") {
    const std::vector<Bytes> entries{{}, Bytes(1, 'a'), Bytes(65'535, 'b'), {}, Bytes(300, 'c')};
    Bytes bundle;
    for (const Bytes& entry : entries) append_to_bundle(bundle, entry);
    const DecodedBundle decoded = decode_bundle(bundle, entries.size());
    REQUIRE(decoded.entries.size() == entries.size());
    REQUIRE(decoded.end == bundle.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        REQUIRE(std::equal(entries[i].begin(), entries[i].end(), decoded.entries[i].bytes.begin(),
                           decoded.entries[i].bytes.end()));
    }
    REQUIRE(decoded.entries[1].offset == 4);
    REQUIRE_THROWS_AS(append_to_bundle(bundle, Bytes(65'536, 'x')), InvariantViolation);
    REQUIRE(decode_bundle(bundle, 3).end < bundle.size());
    REQUIRE(decode_bundle(bundle, 6).entries.size() == 5);
    REQUIRE(decode_bundle(ByteView(bundle).first(bundle.size() - 1), 5).entries.size() == 4);
    REQUIRE(decode_bundle({}, 0).end == 0);
}
