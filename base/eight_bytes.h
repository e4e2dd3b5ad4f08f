#pragma once
/// Eight characters in one word, looked at together: in standard C++, with the same answers on
/// every machine.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace pdx {

inline constexpr std::size_t kEightBytes = 8;

/// The first byte stands lowest, whatever the machine's order is.
inline std::uint64_t load_eight(const char* bytes) {
    std::uint64_t word = 0;
    if constexpr (std::endian::native == std::endian::little) {
        std::memcpy(&word, bytes, kEightBytes);
    } else {
        for (std::size_t i = kEightBytes; i > 0; --i) {
            word = word << 8U | static_cast<unsigned char>(bytes[i - 1]);
        }
    }
    return word;
}

/// True when each byte is one of '0' to '9'.
constexpr bool are_digits(std::uint64_t word) {
    constexpr std::uint64_t kHigh = 0xF0F0'F0F0'F0F0'F0F0;
    constexpr std::uint64_t kZeros = 0x3030'3030'3030'3030;
    constexpr std::uint64_t kSix = 0x0606'0606'0606'0606;
    return (word & kHigh) == kZeros && ((word + kSix) & kHigh) == kZeros;
}

/// The first, third, fifth and seventh digit as numbers of 16 bits. Requires: are_digits().
constexpr std::uint64_t odd_digits(std::uint64_t word) { return word & 0x000F'000F'000F'000F; }
/// The second, fourth, sixth and eighth.
constexpr std::uint64_t even_digits(std::uint64_t word) {
    return word >> 8U & 0x000F'000F'000F'000F;
}

/// The number that eight digits write. Requires: are_digits().
constexpr std::uint64_t number_of_eight(std::uint64_t word) {
    constexpr std::uint64_t kLow = 0x0000'FFFF'0000'FFFF;
    const std::uint64_t pairs = 10 * odd_digits(word) + even_digits(word);  // of 16 bits
    const std::uint64_t fours = 100 * (pairs & kLow) + (pairs >> 16U & kLow);
    return 10'000 * (fours & 0xFFFF'FFFF) + (fours >> 32U);
}

/// The inverse, zeros in front. Requires: below 10^8.
constexpr std::uint64_t eight_digits_of(std::uint64_t number) {
    // Halves, then pairs, then digits; each division is a product that is right for so many bits.
    const std::uint64_t fours = number / 10'000 | number % 10'000 << 32U;
    const std::uint64_t hundreds = fours * 10'486 >> 20U & 0x0000'007F'0000'007F;
    const std::uint64_t pairs = hundreds | (fours - 100 * hundreds) << 16U;
    const std::uint64_t tens = pairs * 103 >> 10U & 0x000F'000F'000F'000F;
    return (tens | (pairs - 10 * tens) << 8U) + 0x3030'3030'3030'3030;
}

inline void store_eight(std::uint64_t word, char* bytes) {
    if constexpr (std::endian::native == std::endian::little) {
        std::memcpy(bytes, &word, kEightBytes);
    } else {
        for (std::size_t i = 0; i < kEightBytes; ++i) bytes[i] = static_cast<char>(word >> 8U * i);
    }
}

/// Four numbers, each times its weight, the first with `a`.
/// Requires: no product and no sum is above 16 bits.
struct FourWeights {
    std::uint64_t word;
    constexpr FourWeights(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d)
        : word(a << 48U | b << 32U | c << 16U | d) {}
    constexpr std::uint32_t sum(std::uint64_t four) const {
        return static_cast<std::uint32_t>(four * word >> 48U);
    }
};

}  // namespace pdx
