#include "base/text_buffer.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/support/catch.h"

using namespace pdx;

namespace {

std::string piece(std::mt19937& random, std::size_t size) {
    std::string text;
    while (text.size() < size) text += static_cast<char>(random() % 256);
    return text;
}

}  // namespace

TEST_CASE("text buffer: every length is copied whole, and nothing beside it",
          "[base][text_buffer]") {
    std::mt19937 random(1);
    for (std::size_t size = 0; size <= 200; ++size) {
        const std::string from = piece(random, size);
        std::vector<char> to(size + 2, '#');
        copy_short(to.data() + 1, from.data(), size);
        INFO(size);
        CHECK(to.front() == '#');
        CHECK(to.back() == '#');
        CHECK(std::string(to.data() + 1, size) == from);
    }
}

TEST_CASE("text buffer: it holds what a string would", "[base][text_buffer][property]") {
    const unsigned seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    TextBuffer buffer;
    std::string expected;
    for (int step = 0; step < 20'000; ++step) {
        switch (random() % 7) {
            case 0:
                buffer.append('x');
                expected += 'x';
                break;
            case 1: {
                const std::size_t count = random() % 40;
                buffer.append(count, '*');
                expected.append(count, '*');
                break;
            }
            case 2: {
                const std::string text = piece(random, random() % 30);
                char* const to = buffer.extend(text.size());
                std::copy(text.begin(), text.end(), to);
                expected += text;
                break;
            }
            default: {
                const std::string text = piece(random, random() % (step % 100 == 0 ? 9'000 : 70));
                buffer.append(text);
                expected += text;
            }
        }
        if (random() % 1'000 == 0) {
            buffer.clear();
            expected.clear();
        }
        REQUIRE(buffer.size() == expected.size());
    }
    CHECK(buffer.view() == expected);
}

TEST_CASE("text arena: texts stay where they are until all go", "[base][text_buffer]") {
    std::mt19937 random(2);
    TextArena arena;
    for (int round = 0; round < 3; ++round) {
        std::vector<std::string> texts;
        std::vector<std::string_view> kept;
        std::size_t bytes = 0;
        for (int i = 0; i < 5'000; ++i) {
            texts.push_back(piece(random, i % 1'000 == 999 ? 200'000 : random() % 80));
            kept.push_back(arena.keep(texts.back()));
            bytes += texts.back().size();
        }
        CHECK(arena.bytes() == bytes);
        bool same = true;
        for (std::size_t i = 0; i < texts.size(); ++i) same = same && kept[i] == texts[i];
        CHECK(same);
        arena.clear();
        CHECK(arena.bytes() == 0);
    }
}
