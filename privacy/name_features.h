#pragma once
/// What stands for and against a run of characters being a person's name: the characters
/// themselves and what is on either side. Each feature has one integer weight.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "privacy/name_tables.h"

namespace pdx::privacy {

enum class NameFeature : std::uint8_t {
    // The left side: one of them.
    kLeftStart,
    kLeftStop,
    kLeftComma,
    kLeftNameList,  ///< 、or 和 behind a name
    kLeftList,
    kLeftLabelColon,
    kLeftColon,
    kLeftLabel,
    kLeftRole,
    kLeftRoleEnd,  ///< 家, 员, 长: ends many words for what a person is
    kLeftBefore,
    kLeftOpen,
    kLeftClose,
    kLeftSpace,
    kLeftAscii,
    kLeftPlain,     ///< another Chinese character, the surname is plain
    kLeftWordlike,  ///< ... wordlike
    kLeftRare,      ///< ... rare
    // The right side: one of them.
    kRightEnd,
    kRightStop,
    kRightComma,
    kRightList,
    kRightColon,
    kRightOpen,
    kRightClose,
    kRightSpace,
    kRightAscii,
    kRightTitle,
    kRightSpeech,
    kRightSpeechChar,
    kRightThing,
    kRightPlace,
    kRightAfter,
    kRightPlain,
    kRightWordlike,
    kRightRare,
    // Surname and length: one of them.
    kPlainAndOne,
    kPlainAndTwo,
    kWordlikeAndOne,
    kWordlikeAndTwo,
    kRareAndOne,
    kRareAndTwo,
    kLongAndOne,
    kLongAndTwo,
    kUnlisted,  ///< no surname that is known; only behind a label
    // Given names: one of the four, or one of the sixteen from kGivenPair on.
    kGivenNever,
    kGivenSeldom,
    kGivenFair,
    kGivenTypical,
    kGivenPair,
    kGivenPairLast = kGivenPair + 15,
    // Any of them.
    kGivenTwice,       ///< 婷婷
    kWordOfSurname1,   ///< 高山: the surname and the first are a word, nothing follows
    kWordOfSurname2,   ///< 高山林
    kWordOfGiven,      ///< 张明天
    kWordOnLeft,       ///< 地方 before 方圆
    kWordOnRight,      ///< 化工 in 李文化工
    kWordBehind,       ///< the next two characters are a word of their own
    kEndOfPlace,       ///< the last character ends the names of places
    kTitleAcross,      ///< 许先 before 生
    kBareOnBothSides,  ///< nothing but ordinary characters beside it
    kCount,
};
inline constexpr std::size_t kNameFeatureCount = static_cast<std::size_t>(NameFeature::kCount);

/// Those of one candidate, at most kMax.
class NameFeatures {
public:
    static constexpr std::size_t kMax = 16;
    void add(NameFeature one) { list_[size_++] = one; }
    const NameFeature* begin() const { return list_.data(); }
    const NameFeature* end() const { return list_.data() + size_; }

private:
    std::array<NameFeature, kMax> list_{};
    std::size_t size_ = 0;
};

/// A character of a text and its bytes; code 0 and size 0 beyond the ends.
struct TextChar {
    char16_t code = 0;
    std::uint8_t size = 0;
};
/// Han of four bytes, which some given names have.
inline constexpr char16_t kRareHan = 0xFFFF;

/// Requires of the three: well-formed UTF-8.
TextChar other_char_at_place(std::string_view text, std::size_t position);
inline TextChar char_at_place(std::string_view text, std::size_t position) {
    if (position + 3 > text.size() ||
        (static_cast<unsigned char>(text[position]) & 0xF0U) != 0xE0) {
        return other_char_at_place(text, position);
    }
    // Nearly all Chinese text is of three bytes.
    const auto low = [&](std::size_t i) { return static_cast<unsigned char>(text[position + i]); };
    return {
        static_cast<char16_t>((low(0) & 0xFU) << 12U | (low(1) & 0x3FU) << 6U | (low(2) & 0x3FU)),
        3};
}
TextChar char_before_place(std::string_view text, std::size_t position);
constexpr bool is_han_unit(char16_t code) {
    return (code >= kHanFirst && code < kHanFirst + kHanCount) || code == kRareHan;
}

/// What is left of a place, found once for all candidates that begin there.
struct LeftSide {
    NameFeature feature = NameFeature::kLeftStart;
    char16_t before = 0;
};
/// `after_name`: Unit: bytes; where the name before ends, or npos.
LeftSide left_side(std::string_view text, std::size_t begin, std::size_t after_name);

/// A place that may be a name.
struct NameCandidate {
    std::size_t begin = 0;         ///< Unit: bytes
    std::size_t end = 0;           ///< Unit: bytes
    std::size_t surname_size = 0;  ///< Unit: bytes; 0: no known surname
};
NameFeatures features_of(std::string_view text, const NameCandidate& candidate,
                         const LeftSide& left);

/// Unit: sixteenths of a logit. By NameFeature; trained, see tests/privacy/support/name_trainer.h.
extern const std::array<std::int16_t, kNameFeatureCount> kNameWeights;

/// The sum of the weights.
int name_score(const NameFeatures& features);

}  // namespace pdx::privacy
