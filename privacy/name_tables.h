#pragma once
/// What single characters and pairs of them say about names in prose: surnames, the characters of
/// given names, ordinary words, labels, titles and verbs. Written for this project; no corpus is
/// behind it.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pdx::privacy {

/// How sure a character is a surname where it stands before one or two others.
enum class Surname : std::uint8_t { kNone, kPlain, kWordlike, kRare };
/// How often a character is a part of a given name.
enum class Given : std::uint8_t { kNever, kSeldom, kFair, kTypical };

/// Of one character, packed: bits 0-1 Surname, bits 2-3 Given, then single properties.
class CharTraits {
public:
    constexpr CharTraits() = default;
    constexpr explicit CharTraits(std::uint16_t bits) : bits_(bits) {}

    constexpr Surname surname() const { return static_cast<Surname>(bits_ & 3U); }
    constexpr Given given() const { return static_cast<Given>(bits_ >> 2U & 3U); }
    constexpr bool has(std::uint16_t property) const { return (bits_ & property) != 0; }
    constexpr std::uint16_t bits() const { return bits_; }

private:
    std::uint16_t bits_ = static_cast<std::uint16_t>(Given::kSeldom) << 2U;
};

inline constexpr std::uint16_t kCharBefore = 1U << 4U;    ///< 对, 向, 由: a name may follow
inline constexpr std::uint16_t kCharAfter = 1U << 5U;     ///< 的, 在, 与: a name may precede
inline constexpr std::uint16_t kCharSpeech = 1U << 6U;    ///< 说, 称: a speaker precedes
inline constexpr std::uint16_t kCharPlace = 1U << 7U;     ///< 路, 村: what precedes names a place
inline constexpr std::uint16_t kCharForeign = 1U << 8U;   ///< writes the sound of foreign names
inline constexpr std::uint16_t kCharCompound = 1U << 9U;  ///< the first of a longer surname
inline constexpr std::uint16_t kCharStartsFull = 1U << 10U;  ///< the first of a listed foreign name
inline constexpr std::uint16_t kCharUnit = 1U << 11U;  ///< begins what ends a part of an address

inline constexpr std::uint8_t kPairWord = 1U << 0U;    ///< an ordinary word
inline constexpr std::uint8_t kPairLabel = 1U << 1U;   ///< ends a label: 姓名, 申请人
inline constexpr std::uint8_t kPairRole = 1U << 2U;    ///< ends what a person is: 市民, 儿子
inline constexpr std::uint8_t kPairTitle = 1U << 3U;   ///< 先生, 同志: behind a name
inline constexpr std::uint8_t kPairSpeech = 1U << 4U;  ///< 表示, 反映: what a person does
inline constexpr std::uint8_t kPairThing = 1U << 5U;  ///< 公司, 大厦: what precedes is its name
/// Begins a surname of two characters and more, or a listed foreign name.
inline constexpr std::uint8_t kPairLong = 1U << 6U;

/// U+4E00 to U+9FFF.
inline constexpr char16_t kHanFirst = 0x4E00;
inline constexpr std::size_t kHanCount = 0x5200;

extern const std::array<CharTraits, kHanCount> kCharTraits;

/// Of a character of three bytes; those of no name elsewhere.
inline CharTraits traits_of(char16_t character) {
    const std::size_t index = static_cast<std::size_t>(character) - kHanFirst;
    return index < kHanCount ? kCharTraits[index] : CharTraits(0);
}

/// The properties kPair* of two characters beside each other; 0 for most.
std::uint8_t pair_of(char16_t first, char16_t second);

/// Unit: bytes of the surname of two characters and more with which the text begins, or 0.
std::size_t long_surname_size(std::string_view text);
/// Unit: bytes of the foreign given name with which the text begins, or 0.
std::size_t foreign_name_size(std::string_view text);

}  // namespace pdx::privacy
