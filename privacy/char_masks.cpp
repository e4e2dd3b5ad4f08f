#include "privacy/char_masks.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <algorithm>
#include <initializer_list>

#include "base/ascii.h"

namespace pdx::privacy {
namespace {

enum CharBits : std::uint8_t {
    kDigitBit = 1,
    kLetterBit = 2,
    kWideBit = 4,
    kSpecialBit = 8,
    kHighBit = 16,
    kBehindBit = 32,
    kAtBit = 64,
};

constexpr std::array kSpecials{',', '"', '\n', '\r', '\0'};

constexpr std::array<std::uint8_t, 256> bits_of_bytes() {
    std::array<std::uint8_t, 256> bits{};
    for (std::size_t byte = 0; byte < 128; ++byte) {
        const char c = static_cast<char>(byte);
        if (is_digit(c)) bits[byte] = kDigitBit;
        if (is_letter(c)) bits[byte] = kLetterBit;
    }
    for (std::size_t byte = 128; byte < 256; ++byte) bits[byte] = kHighBit;
    bits[0xEF] |= kWideBit;
    bits['@'] = kAtBit;
    for (const char c : kBehindCharacters) bits[static_cast<std::uint8_t>(c)] = kBehindBit;
    for (const char c : kSpecials) bits[static_cast<std::uint8_t>(c)] = kSpecialBit;
    return bits;
}
constexpr std::array<std::uint8_t, 256> kBits = bits_of_bytes();

#if defined(__x86_64__)

struct Masks32 {
    std::uint32_t digit;
    std::uint32_t letter;
    std::uint32_t wide;
    std::uint32_t high;
    std::uint32_t behind;
    std::uint32_t at;
};

__attribute__((target("avx2"))) inline Masks32 mask_32(const char* bytes) {
    const __m256i text = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
    // Moved so that the range begins at the least signed value, one comparison bounds both ends.
    const auto within = [](__m256i value, int first, int count) __attribute__((target("avx2"))) {
        const __m256i moved =
            _mm256_sub_epi8(value, _mm256_set1_epi8(static_cast<char>(first - 128)));
        const __m256i bound = _mm256_set1_epi8(static_cast<char>(count - 128));
        return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpgt_epi8(bound, moved)));
    };
    const __m256i lower = _mm256_or_si256(text, _mm256_set1_epi8(0x20));
    const __m256i wide = _mm256_cmpeq_epi8(text, _mm256_set1_epi8(static_cast<char>(0xEF)));
    __m256i behind = _mm256_setzero_si256();
    for (const char c : kBehindCharacters) {
        behind = _mm256_or_si256(behind, _mm256_cmpeq_epi8(text, _mm256_set1_epi8(c)));
    }
    const __m256i at = _mm256_cmpeq_epi8(text, _mm256_set1_epi8('@'));
    const auto bits = [](__m256i value) __attribute__((target("avx2"))) {
        return static_cast<std::uint32_t>(_mm256_movemask_epi8(value));
    };
    return {within(text, '0', 10),
            within(lower, 'a', 26),
            bits(wide),
            bits(text),
            bits(behind),
            bits(at)};
}

__attribute__((target("avx2"))) void mask_with_avx2(const char* bytes, std::size_t blocks,
                                                    CharMasks* masks) {
    for (std::size_t i = 0; i < blocks; ++i, bytes += kMaskBlock) {
        const Masks32 low = mask_32(bytes);
        const Masks32 high = mask_32(bytes + kMaskBlock / 2);
        const auto join = [](std::uint32_t first, std::uint32_t second) {
            return first | static_cast<std::uint64_t>(second) << 32U;
        };
        masks[i] = {join(low.digit, high.digit),   join(low.letter, high.letter),
                    join(low.wide, high.wide),     join(low.high, high.high),
                    join(low.behind, high.behind), join(low.at, high.at)};
    }
}

__attribute__((target("avx2"))) inline std::uint32_t special_32(const char* bytes) {
    const __m256i text = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
    __m256i any = _mm256_cmpeq_epi8(text, _mm256_setzero_si256());
    for (const char c : {',', '"', '\n', '\r'}) {
        any = _mm256_or_si256(any, _mm256_cmpeq_epi8(text, _mm256_set1_epi8(c)));
    }
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(any));
}

__attribute__((target("avx2"))) void special_with_avx2(const char* bytes, std::size_t blocks,
                                                       std::uint64_t* masks) {
    for (std::size_t i = 0; i < blocks; ++i, bytes += kMaskBlock) {
        masks[i] = special_32(bytes) |
                   static_cast<std::uint64_t>(special_32(bytes + kMaskBlock / 2)) << 32U;
    }
}

template <std::size_t kCount>
__attribute__((target("avx512bw"))) inline std::uint64_t any_of_512(
    __m512i text, const std::array<char, kCount>& characters) {
    std::uint64_t any = 0;
    for (const char c : characters) any |= _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8(c));
    return any;
}

__attribute__((target("avx512bw"))) void mask_with_avx512(const char* bytes, std::size_t blocks,
                                                          CharMasks* masks) {
    for (std::size_t i = 0; i < blocks; ++i, bytes += kMaskBlock) {
        const __m512i text = _mm512_loadu_si512(bytes);
        const __m512i lower = _mm512_or_si512(text, _mm512_set1_epi8(0x20));
        masks[i] = {_mm512_cmplt_epu8_mask(_mm512_sub_epi8(text, _mm512_set1_epi8('0')),
                                           _mm512_set1_epi8(10)),
                    _mm512_cmplt_epu8_mask(_mm512_sub_epi8(lower, _mm512_set1_epi8('a')),
                                           _mm512_set1_epi8(26)),
                    _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8(static_cast<char>(0xEF))),
                    _mm512_movepi8_mask(text),
                    any_of_512(text, kBehindCharacters),
                    _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8('@'))};
    }
}

__attribute__((target("avx512bw"))) void special_with_avx512(const char* bytes, std::size_t blocks,
                                                             std::uint64_t* masks) {
    for (std::size_t i = 0; i < blocks; ++i, bytes += kMaskBlock) {
        const __m512i text = _mm512_loadu_si512(bytes);
        masks[i] = any_of_512(text, kSpecials);
    }
}

#endif

/// The first that this machine has.
template <class Function>
Function first_of(std::initializer_list<Function> functions) {
    return *std::find_if(functions.begin(), functions.end(),
                         [](Function one) { return one != nullptr; });
}

}  // namespace

void special_portable(const char* bytes, std::size_t blocks, std::uint64_t* masks) {
    for (std::size_t i = 0; i < blocks; ++i, bytes += kMaskBlock) {
        std::uint64_t block = 0;
        for (std::size_t at = 0; at < kMaskBlock; ++at) {
            const std::uint64_t bits = kBits[static_cast<std::uint8_t>(bytes[at])];
            block |= (bits & kSpecialBit) / kSpecialBit << at;
        }
        masks[i] = block;
    }
}

SpecialFunction special_avx2() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) return special_with_avx2;
#endif
    return nullptr;
}

SpecialFunction special_avx512() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512bw")) return special_with_avx512;
#endif
    return nullptr;
}

SpecialFunction special_best() {
    static const SpecialFunction best =
        first_of({special_avx512(), special_avx2(), SpecialFunction{special_portable}});
    return best;
}

void mask_portable(const char* bytes, std::size_t blocks, CharMasks* masks) {
    for (std::size_t i = 0; i < blocks; ++i, bytes += kMaskBlock) {
        CharMasks block{};
        for (std::size_t at = 0; at < kMaskBlock; ++at) {
            const std::uint64_t bits = kBits[static_cast<std::uint8_t>(bytes[at])];
            block.digit |= (bits & kDigitBit) << at;
            block.letter |= (bits & kLetterBit) / kLetterBit << at;
            block.wide |= (bits & kWideBit) / kWideBit << at;
            block.high |= (bits & kHighBit) / kHighBit << at;
            block.behind |= (bits & kBehindBit) / kBehindBit << at;
            block.at |= (bits & kAtBit) / kAtBit << at;
        }
        masks[i] = block;
    }
}

MaskFunction mask_avx2() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) return mask_with_avx2;
#endif
    return nullptr;
}

MaskFunction mask_avx512() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512bw")) return mask_with_avx512;
#endif
    return nullptr;
}

MaskFunction mask_best() {
    static const MaskFunction best =
        first_of({mask_avx512(), mask_avx2(), MaskFunction{mask_portable}});
    return best;
}

}  // namespace pdx::privacy
