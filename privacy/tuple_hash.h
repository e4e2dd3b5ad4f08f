#pragma once
/// A keyed hash of tuples: what the counting of classes stands on. Under a key that nobody outside
/// knows no one can place values that collide, and a kept hash tells nothing about its value.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"

namespace pdx::privacy {

/// A secret of 16 bytes, in two words.
struct HashKey {
    static constexpr std::size_t kSize = 16;
    std::uint64_t low = 0;
    std::uint64_t high = 0;

    /// Requires: kSize bytes.
    static HashKey from_bytes(ByteView bytes) {
        PDX_CHECK(bytes.size() == kSize);
        HashKey key;
        for (std::size_t i = 0; i < 8; ++i) {
            key.low |= std::uint64_t{bytes[i]} << (8 * i);
            key.high |= std::uint64_t{bytes[8 + i]} << (8 * i);
        }
        return key;
    }
};

/// SipHash-1-3 over 64-bit words: a third faster over a table than SipHash-2-4. Two of n tuples
/// share their hash with a chance of n^2 / 2^65: one in 300,000 for ten million. Source: Aumasson,
/// Bernstein, SipHash (2012); the same value as for the words' bytes, little endian.
class TupleHash {
public:
    explicit TupleHash(const HashKey& key)
        : v0_(key.low ^ 0x736f6d6570736575U),
          v1_(key.high ^ 0x646f72616e646f6dU),
          v2_(key.low ^ 0x6c7967656e657261U),
          v3_(key.high ^ 0x7465646279746573U) {}

    void add_word(std::uint64_t word) {
        absorb(word);
        bytes_ += 8;
    }

    /// Ensures: no two lists of texts give the same words. A text of up to seven bytes is one word
    /// with its size on top; of a longer one the last word may repeat bytes of the one before.
    [[gnu::always_inline]] void add_text(std::string_view text) {
        constexpr std::uint64_t kLong = std::uint64_t{0xff} << 56U;
        const std::size_t size = text.size();
        if (size <= 7) return add_word(load_short(text) | std::uint64_t{size} << 56U);
        add_word(kLong | size);
        for (std::size_t at = 0; at < size; at += 8) {
            add_word(load(text.data() + std::min(at, size - 8)));
        }
    }

    std::uint64_t finish() {
        absorb((bytes_ & 0xffU) << 56U);
        v2_ ^= 0xffU;
        for (int i = 0; i < 3; ++i) round();
        return v0_ ^ v1_ ^ v2_ ^ v3_;
    }

private:
    static std::uint64_t load(const char* bytes) {
        static_assert(std::endian::native == std::endian::little);
        std::uint64_t word = 0;
        std::memcpy(&word, bytes, sizeof(word));
        return word;
    }
    /// Up to seven bytes, some of them read twice: sizes vary, and a loop would be guessed wrong.
    static std::uint64_t load_short(std::string_view text) {
        const std::size_t size = text.size();
        if (size >= 4) {
            std::uint32_t front = 0;
            std::uint32_t back = 0;
            std::memcpy(&front, text.data(), sizeof(front));
            std::memcpy(&back, text.data() + size - 4, sizeof(back));
            return front | std::uint64_t{back} << (8 * (size - 4));
        }
        if (size == 0) return 0;
        const auto byte = [&](std::size_t at) {
            return std::uint64_t{static_cast<std::uint8_t>(text[at])} << (8 * at);
        };
        return byte(0) | byte(size / 2) | byte(size - 1);
    }
    void absorb(std::uint64_t word) {
        v3_ ^= word;
        round();
        v0_ ^= word;
    }
    void round() {
        v0_ += v1_;
        v2_ += v3_;
        v1_ = std::rotl(v1_, 13) ^ v0_;
        v3_ = std::rotl(v3_, 16) ^ v2_;
        v0_ = std::rotl(v0_, 32) + v3_;
        v2_ += v1_;
        v3_ = std::rotl(v3_, 21) ^ v0_;
        v1_ = std::rotl(v1_, 17) ^ v2_;
        v2_ = std::rotl(v2_, 32);
    }

    std::uint64_t v0_;
    std::uint64_t v1_;
    std::uint64_t v2_;
    std::uint64_t v3_;
    std::uint64_t bytes_ = 0;
};

}  // namespace pdx::privacy
