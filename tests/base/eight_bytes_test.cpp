#include "base/eight_bytes.h"

#include <array>
#include <random>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "tests/support/catch.h"

using namespace pdx;

TEST_CASE("eight bytes: digits are told from every other byte, wherever it stands",
          "[base][eight_bytes]") {
    for (std::size_t place = 0; place < kEightBytes; ++place) {
        for (int byte = 0; byte < 256; ++byte) {
            for (const char other : {'0', '5', '9'}) {
                std::string text(kEightBytes, other);
                text[place] = static_cast<char>(byte);
                INFO(byte << " at " << place);
                CHECK(are_digits(load_eight(text.data())) == is_digit(static_cast<char>(byte)));
            }
        }
    }
}

TEST_CASE("eight bytes: all_digits looks at every byte of every length", "[base][eight_bytes]") {
    for (std::size_t size = 0; size <= 40; ++size) {
        const std::string digits(size, '7');
        CHECK(all_digits(digits));
        for (std::size_t place = 0; place < size; ++place) {
            for (const char wrong : {'/', ':', '\0', 'x', static_cast<char>(0xB7)}) {
                std::string text = digits;
                text[place] = wrong;
                INFO(size << " " << place);
                CHECK_FALSE(all_digits(text));
            }
        }
    }
    static_assert(all_digits("0123456789012") && !all_digits("012345678901x"));
}

TEST_CASE("eight bytes: weights are those of their digits", "[base][eight_bytes]") {
    const unsigned seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    constexpr FourWeights kOdd{7, 10, 8, 2};
    constexpr FourWeights kEven{31, 1, 0, 100};
    for (int round = 0; round < 10'000; ++round) {
        std::string text;
        std::array<std::uint32_t, kEightBytes> digit{};
        for (std::uint32_t& one : digit) {
            one = static_cast<std::uint32_t>(random() % 10);
            text += static_cast<char>('0' + one);
        }
        const std::uint64_t word = load_eight(text.data());
        REQUIRE(kOdd.sum(odd_digits(word)) ==
                7 * digit[0] + 10 * digit[2] + 8 * digit[4] + 2 * digit[6]);
        REQUIRE(kEven.sum(even_digits(word)) == 31 * digit[1] + digit[3] + 100 * digit[7]);
    }
}

TEST_CASE("eight bytes: a number is written and read as its digits", "[base][eight_bytes]") {
    const unsigned seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    std::vector<std::uint64_t> numbers{0, 9, 10, 99, 100, 9'999, 10'000, 99'999'999};
    for (std::uint64_t pair = 0; pair < 10'000; ++pair) {
        numbers.push_back(pair);
        numbers.push_back(pair * 10'000);
        numbers.push_back(pair * 10'001);
        numbers.push_back(random() % 100'000'000);
    }
    for (const std::uint64_t number : numbers) {
        std::string text(kEightBytes, '#');
        store_eight(eight_digits_of(number), text.data());
        const std::string digits = std::to_string(number);
        INFO(number);
        REQUIRE(text == std::string(kEightBytes - digits.size(), '0') + digits);
        REQUIRE(number_of_eight(load_eight(text.data())) == number);
    }
}
