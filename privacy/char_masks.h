#pragma once
/// What the bytes of a text are, a bit for each, 64 at a time. What looks for identifiers or for
/// the ends of fields walks these bits instead of the bytes.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pdx::privacy {

/// Unit: bytes of one block, one bit each; bit 0 is the first byte.
inline constexpr std::size_t kMaskBlock = 64;

/// What can make more of the short run before it: an address, a number in groups.
inline constexpr std::array kBehindCharacters{'.', ':', '-', ' ', ')'};

struct CharMasks {
    std::uint64_t digit;   ///< 0-9
    std::uint64_t letter;  ///< A-Z, a-z
    std::uint64_t wide;    ///< 0xEF, with which full-width characters begin
    std::uint64_t high;    ///< of a character of several bytes
    std::uint64_t behind;  ///< one of kBehindCharacters
    std::uint64_t at;      ///< @

    bool operator==(const CharMasks&) const = default;
};

/// Fills `masks` for `blocks` whole blocks.
using MaskFunction = void (*)(const char* bytes, std::size_t blocks, CharMasks* masks);

/// Of standard C++ alone, for every machine.
void mask_portable(const char* bytes, std::size_t blocks, CharMasks* masks);
/// With AVX2, with AVX-512; null where the machine or the compiler has none.
MaskFunction mask_avx2();
MaskFunction mask_avx512();
/// The fastest of this machine. Ensures: gives what mask_portable gives.
MaskFunction mask_best();

/// The bytes that end a field of CSV or are a fault in one: comma, quote, LF, CR, NUL.
using SpecialFunction = void (*)(const char* bytes, std::size_t blocks, std::uint64_t* masks);
void special_portable(const char* bytes, std::size_t blocks, std::uint64_t* masks);
/// Null as those of the masks.
SpecialFunction special_avx2();
SpecialFunction special_avx512();
SpecialFunction special_best();

}  // namespace pdx::privacy
