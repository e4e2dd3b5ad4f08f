#include "privacy/name_features.h"

#include <algorithm>

namespace pdx::privacy {
namespace {

constexpr std::size_t kSurnameBytes = 3;

unsigned unit_at(std::string_view text, std::size_t position) {
    return static_cast<unsigned char>(text[position]);
}

constexpr bool in_set(char16_t code, std::u16string_view set) {
    return set.find(code) != std::u16string_view::npos;
}

NameFeature step(NameFeature from, std::size_t by) {
    return static_cast<NameFeature>(static_cast<std::size_t>(from) + by);
}

bool is_label_end(std::string_view text, std::size_t end) {
    const TextChar last = char_before_place(text, end);
    if (!is_han_unit(last.code)) return false;
    const TextChar first = char_before_place(text, end - last.size);
    return is_han_unit(first.code) &&
           (pair_of(first.code, last.code) & (kPairLabel | kPairRole)) != 0;
}

std::size_t surname_rank(std::string_view text, std::size_t begin) {
    const Surname surname = traits_of(char_at_place(text, begin).code).surname();
    return surname == Surname::kRare ? 2 : (surname == Surname::kWordlike ? 1 : 0);
}

NameFeature left_of_mark(std::string_view text, std::size_t begin, TextChar before,
                         bool after_name) {
    const char16_t code = before.code;
    if (code == 0 || code == '\n' || code == '\r') return NameFeature::kLeftStart;
    if (in_set(code, u"。！？；!?;…")) return NameFeature::kLeftStop;
    if (code == u'，' || code == ',') return NameFeature::kLeftComma;
    if (code == u'、' || code == '/') {
        return after_name ? NameFeature::kLeftNameList : NameFeature::kLeftList;
    }
    const bool colon = code == u'：' || code == ':';
    const bool space = code == ' ' || code == '\t' || code == u'　';
    if (colon || space) {
        if (is_label_end(text, begin - before.size)) return NameFeature::kLeftLabelColon;
        if (space && after_name) return NameFeature::kLeftNameList;
        return colon ? NameFeature::kLeftColon : NameFeature::kLeftSpace;
    }
    if (in_set(code, u"“‘「『《【（([《@")) return NameFeature::kLeftOpen;
    if (in_set(code, u"”’」』》】）)]》")) return NameFeature::kLeftClose;
    return NameFeature::kLeftAscii;
}

NameFeature right_of_mark(char16_t code) {
    if (code == 0 || code == '\n' || code == '\r') return NameFeature::kRightEnd;
    if (in_set(code, u"。！？；!?;…")) return NameFeature::kRightStop;
    if (code == u'，' || code == ',') return NameFeature::kRightComma;
    if (code == u'、' || code == '/') return NameFeature::kRightList;
    if (code == u'：' || code == ':') return NameFeature::kRightColon;
    if (code == ' ' || code == '\t' || code == u'　') return NameFeature::kRightSpace;
    if (in_set(code, u"“‘「『《【（([《")) return NameFeature::kRightOpen;
    if (in_set(code, u"”’」』》】）)]》")) return NameFeature::kRightClose;
    return NameFeature::kRightAscii;
}

void add_right_side(std::string_view text, const NameCandidate& candidate, const LeftSide& left,
                    std::size_t rank, NameFeatures& features) {
    const TextChar next = char_at_place(text, candidate.end);
    if (!is_han_unit(next.code)) return features.add(right_of_mark(next.code));
    const TextChar second = char_at_place(text, candidate.end + next.size);
    const std::uint8_t pair = pair_of(next.code, second.code);
    const CharTraits traits = traits_of(next.code);
    const char16_t last = char_before_place(text, candidate.end).code;
    if ((pair & kPairWord) != 0) features.add(NameFeature::kWordBehind);
    const std::uint8_t across = pair_of(last, next.code);
    if ((across & kPairWord) != 0) features.add(NameFeature::kWordOnRight);
    if (((pair | across) & kPairThing) != 0) {
        features.add(NameFeature::kRightThing);
    } else if ((pair & kPairTitle) != 0) {
        features.add(NameFeature::kRightTitle);
    } else if ((pair & kPairSpeech) != 0) {
        features.add(NameFeature::kRightSpeech);
    } else if (traits.has(kCharSpeech)) {
        features.add(NameFeature::kRightSpeechChar);
    } else if (traits.has(kCharPlace)) {
        features.add(NameFeature::kRightPlace);
    } else if (traits.has(kCharAfter)) {
        features.add(NameFeature::kRightAfter);
    } else {
        features.add(step(NameFeature::kRightPlain, rank));
        if (left.feature >= NameFeature::kLeftPlain && left.feature <= NameFeature::kLeftRare) {
            features.add(NameFeature::kBareOnBothSides);
        }
    }
}

Given given_of(char16_t code) { return code == kRareHan ? Given::kFair : traits_of(code).given(); }

}  // namespace

TextChar other_char_at_place(std::string_view text, std::size_t position) {
    if (position >= text.size()) return {};
    const unsigned lead = unit_at(text, position);
    if (lead < 0x80) return {static_cast<char16_t>(lead), 1};
    const std::size_t size = lead >= 0xF0 ? 4 : (lead >= 0xE0 ? 3 : 2);
    if (size == 3 || position + size > text.size()) return {};  // its end is missing
    const auto tail = [&](std::size_t i) { return unit_at(text, position + i) & 0x3FU; };
    if (size == 2) return {static_cast<char16_t>((lead & 0x1FU) << 6U | tail(1)), 2};
    // U+20000 to U+3FFFF are Han; the rest of the four-byte forms are signs.
    const unsigned plane = (lead & 7U) << 2U | tail(1) >> 4U;
    return {static_cast<char16_t>(plane == 2 || plane == 3 ? kRareHan : u'\uFFFD'), 4};
}

TextChar char_before_place(std::string_view text, std::size_t position) {
    if (position == 0 || position > text.size()) return {};
    std::size_t begin = position - 1;
    while (begin > 0 && position - begin < 4 && (unit_at(text, begin) & 0xC0U) == 0x80) --begin;
    return char_at_place(text, begin);
}

LeftSide left_side(std::string_view text, std::size_t begin, std::size_t after_name) {
    const TextChar before = char_before_place(text, begin);
    const bool listed = after_name != std::string_view::npos && before.size > 0 &&
                        after_name == begin - before.size;
    if (!is_han_unit(before.code)) {
        return {left_of_mark(text, begin, before, listed), before.code};
    }
    if (listed && in_set(before.code, u"和与及跟同")) {
        return {NameFeature::kLeftNameList, before.code};
    }
    const TextChar earlier = char_before_place(text, begin - before.size);
    const std::uint8_t pair =
        is_han_unit(earlier.code) ? pair_of(earlier.code, before.code) : std::uint8_t{0};
    if ((pair & kPairLabel) != 0) return {NameFeature::kLeftLabel, before.code};
    if ((pair & kPairRole) != 0) return {NameFeature::kLeftRole, before.code};
    if (in_set(before.code, u"家员长师者手工民星士商"))
        return {NameFeature::kLeftRoleEnd, before.code};
    if (traits_of(before.code).has(kCharBefore)) return {NameFeature::kLeftBefore, before.code};
    return {step(NameFeature::kLeftPlain, surname_rank(text, begin)), before.code};
}

NameFeatures features_of(std::string_view text, const NameCandidate& candidate,
                         const LeftSide& left) {
    NameFeatures features;
    features.add(left.feature);
    const std::size_t rank = surname_rank(text, candidate.begin);
    const TextChar first = char_at_place(text, candidate.begin);
    if (is_han_unit(left.before) && (pair_of(left.before, first.code) & kPairWord) != 0) {
        features.add(NameFeature::kWordOnLeft);
    }
    const std::size_t given_begin =
        candidate.begin + (candidate.surname_size == 0 ? kSurnameBytes : candidate.surname_size);
    const TextChar one = char_at_place(text, given_begin);
    const TextChar two = given_begin + one.size < candidate.end
                             ? char_at_place(text, given_begin + one.size)
                             : TextChar{};
    const bool pair = two.size > 0;
    if (candidate.surname_size == 0) {
        features.add(NameFeature::kUnlisted);
    } else if (candidate.surname_size > kSurnameBytes) {
        features.add(step(NameFeature::kLongAndOne, pair ? 1 : 0));
    } else {
        features.add(step(NameFeature::kPlainAndOne, rank * 2 + (pair ? 1U : 0U)));
        if ((pair_of(first.code, one.code) & kPairWord) != 0) {
            features.add(step(NameFeature::kWordOfSurname1, pair ? 1 : 0));
        }
    }
    const auto class_one = static_cast<std::size_t>(given_of(one.code));
    if (pair) {
        const auto class_two = static_cast<std::size_t>(given_of(two.code));
        features.add(step(NameFeature::kGivenPair, class_one * 4 + class_two));
        if (one.code == two.code) features.add(NameFeature::kGivenTwice);
        if ((pair_of(one.code, two.code) & kPairWord) != 0) {
            features.add(NameFeature::kWordOfGiven);
        }
    } else {
        features.add(step(NameFeature::kGivenNever, class_one));
    }
    const TextChar next = char_at_place(text, candidate.end);
    const std::uint8_t across = pair_of(pair ? two.code : one.code, next.code);
    if ((across & (kPairTitle | kPairRole | kPairLabel)) != 0) {
        features.add(NameFeature::kTitleAcross);
    }
    if (traits_of(pair ? two.code : one.code).has(kCharPlace)) {
        features.add(NameFeature::kEndOfPlace);
    }
    add_right_side(text, candidate, left, rank, features);
    return features;
}

int name_score(const NameFeatures& features) {
    int score = 0;
    for (const NameFeature one : features) score += kNameWeights[static_cast<std::size_t>(one)];
    return score;
}

}  // namespace pdx::privacy
