#include "privacy/name_finder.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>

namespace pdx::privacy {
namespace {

constexpr std::size_t kHanUnitBytes = 3;
/// Unit: as the weights. Below 0, for a miss is worse than a word too much.
constexpr int kNameScoreMin = -16;
constexpr std::size_t kNowhere = std::string_view::npos;

bool is_colon_or_space(std::string_view text, std::size_t position) {
    // The last bytes of the four; most characters end in another.
    const char last = position > 0 ? text[position - 1] : '\0';
    if (last != ':' && last != ' ' && last != '\x9A' && last != '\x80') return false;
    const char16_t code = char_before_place(text, position).code;
    return code == u'：' || code == ':' || code == ' ' || code == u'　';
}

/// Unit: bytes of the middle dot at `position`, as people write it, or 0.
std::size_t middle_dot_size(std::string_view text, std::size_t position) {
    const TextChar dot = char_at_place(text, position);
    const bool is_dot = dot.code == u'·' || dot.code == u'•' || dot.code == u'・' ||
                        dot.code == u'‧' || dot.code == u'．';
    return is_dot ? dot.size : 0;
}

/// One walk over one text.
class NameWalk {
public:
    NameWalk(std::string_view text, std::vector<Finding>& findings)
        : text_(text),
          findings_(findings),
          own_(findings.size()) {}

    void run();

private:
    struct Scored {
        std::size_t end = 0;
        int score = kNameScoreMin;
    };

    bool take_dotted(std::size_t dot);
    bool take_foreign(std::size_t begin);
    bool take_candidate(std::size_t begin, CharTraits traits);
    std::optional<Scored> best_at(std::size_t begin);
    std::size_t foreign_run_begin(std::size_t end) const;
    std::size_t foreign_run_end(std::size_t begin) const;
    void found(std::size_t begin, std::size_t end);

    std::string_view text_;
    std::vector<Finding>& findings_;
    std::size_t own_;              ///< findings of this walk begin here
    std::size_t done_ = 0;         ///< up to here the text is a part of what was found
    std::size_t last_ = kNowhere;  ///< where the name before ends
    std::vector<NameCandidate> candidates_;
};

void NameWalk::run() {
    std::size_t at = 0;
    while (at < text_.size()) {
        const auto lead = static_cast<unsigned char>(text_[at]);
        if (lead < 0x80) {
            ++at;
        } else if (lead >= 0xE4 && lead <= 0xE9) {
            const CharTraits traits = traits_of(char_at_place(text_, at).code);
            const bool starts =
                traits.surname() != Surname::kNone || traits.has(kCharCompound | kCharStartsFull);
            if ((starts || is_colon_or_space(text_, at)) && take_candidate(at, traits)) {
                at = done_;
            } else {
                at += kHanUnitBytes;
            }
        } else {
            const bool taken = middle_dot_size(text_, at) > 0 && take_dotted(at);
            at = taken ? done_ : at + std::max<std::size_t>(1, char_at_place(text_, at).size);
        }
    }
}

void NameWalk::found(std::size_t begin, std::size_t end) {
    while (findings_.size() > own_ && findings_.back().begin + findings_.back().size > begin) {
        findings_.pop_back();
    }
    findings_.push_back({Kind::kPersonName, begin, end - begin});
    done_ = end;
    last_ = end;
}

std::size_t NameWalk::foreign_run_begin(std::size_t end) const {
    constexpr int kForeignMax = 8;
    for (int i = 0; i < kForeignMax; ++i) {
        const TextChar c = char_before_place(text_, end);
        if (!is_han_unit(c.code) || !traits_of(c.code).has(kCharForeign)) break;
        const TextChar earlier = char_before_place(text_, end - c.size);
        constexpr std::uint8_t kEndsBefore = kPairLabel | kPairRole | kPairTitle | kPairSpeech;
        if ((pair_of(earlier.code, c.code) & kEndsBefore) != 0) break;
        end -= c.size;
    }
    return end;
}

std::size_t NameWalk::foreign_run_end(std::size_t begin) const {
    constexpr int kForeignMax = 10;
    for (int i = 0; i < kForeignMax; ++i) {
        const TextChar c = char_at_place(text_, begin);
        if (!is_han_unit(c.code) || !traits_of(c.code).has(kCharForeign)) break;
        const TextChar next = char_at_place(text_, begin + c.size);
        const std::uint8_t pair = pair_of(c.code, next.code);
        const bool word = (pair & kPairWord) != 0 && !traits_of(next.code).has(kCharForeign);
        if (word || (pair & (kPairSpeech | kPairTitle | kPairThing)) != 0) break;
        begin += c.size;
    }
    return begin;
}

/// 玛丽·约翰逊, 约翰·F·肯尼迪: parts on both sides, of characters that write foreign sounds.
bool NameWalk::take_dotted(std::size_t dot) {
    const std::size_t begin = std::max(foreign_run_begin(dot), done_ <= dot ? std::size_t{0} : dot);
    if (begin == dot) return false;
    std::size_t end = dot;
    while (const std::size_t size = middle_dot_size(text_, end)) {
        const std::size_t part = end + size;
        std::size_t part_end = foreign_run_end(part);
        const TextChar initial = char_at_place(text_, part);
        if (part_end == part && initial.code >= 'A' && initial.code <= 'Z') ++part_end;
        if (part_end == part) break;
        end = part_end;
    }
    // 南·洛 is more likely a place and another.
    constexpr std::size_t kDottedMin = 3 * kHanUnitBytes;
    if (end == dot || end - begin < kDottedMin + middle_dot_size(text_, dot)) return false;
    found(begin, end);
    return true;
}

bool NameWalk::take_foreign(std::size_t begin) {
    const std::size_t size = foreign_name_size(text_.substr(begin));
    if (size == 0) return false;
    const char16_t before = char_before_place(text_, begin).code;
    if (is_han_unit(before) && traits_of(before).has(kCharForeign) &&
        !traits_of(before).has(kCharBefore)) {
        return false;
    }
    const std::size_t end = foreign_run_end(begin + size);
    const TextChar next = char_at_place(text_, end);
    const TextChar second = char_at_place(text_, end + next.size);
    if (is_han_unit(next.code) && ((pair_of(next.code, second.code) & kPairThing) != 0 ||
                                   traits_of(next.code).has(kCharPlace))) {
        return false;
    }
    if (middle_dot_size(text_, end) > 0) return false;  // the dot finds it whole
    found(begin, end);
    return true;
}

std::optional<NameWalk::Scored> NameWalk::best_at(std::size_t begin) {
    const LeftSide left = left_side(text_, begin, last_);
    candidates_.clear();
    name_candidates(text_, begin, left, candidates_);
    Scored best;
    for (const NameCandidate& one : candidates_) {
        const int score = name_score(features_of(text_, one, left));
        if (score > best.score) best = {one.end, score};
    }
    if (best.end == 0) return std::nullopt;
    return best;
}

bool NameWalk::take_candidate(std::size_t begin, CharTraits traits) {
    if (traits.has(kCharStartsFull) && take_foreign(begin)) return true;
    const auto best = best_at(begin);
    if (!best) return false;
    for (std::size_t inside = begin + kHanUnitBytes; inside < best->end;
         inside += std::max<std::size_t>(1, char_at_place(text_, inside).size)) {
        const CharTraits other = traits_of(char_at_place(text_, inside).code);
        if (other.surname() == Surname::kNone && !other.has(kCharCompound)) continue;
        const auto rival = best_at(inside);
        if (rival && rival->score > best->score) return false;
    }
    found(begin, best->end);
    return true;
}

/// 许先生, 班长, 李公司: two characters inside are a title or what is no person.
bool is_other_word(std::string_view text, std::size_t begin, std::size_t end) {
    constexpr std::uint8_t kOther = kPairTitle | kPairRole | kPairLabel | kPairThing;
    for (TextChar one = char_at_place(text, begin); begin + one.size < end;) {
        begin += one.size;
        const TextChar two = char_at_place(text, begin);
        if ((pair_of(one.code, two.code) & kOther) != 0) return true;
        one = two;
    }
    return false;
}

}  // namespace

void name_candidates(std::string_view text, std::size_t begin, const LeftSide& left,
                     std::vector<NameCandidate>& candidates) {
    constexpr std::size_t kGivenMax = 2;
    const auto add = [&](std::size_t surname_size) {
        std::size_t end = begin + (surname_size == 0 ? kHanUnitBytes : surname_size);
        for (std::size_t given = 0; given < kGivenMax; ++given) {
            const TextChar c = char_at_place(text, end);
            if (!is_han_unit(c.code)) return;
            end += c.size;
            // What is no known surname must fill its place.
            if (surname_size == 0 && is_han_unit(char_at_place(text, end).code)) continue;
            if (!is_other_word(text, begin, end)) candidates.push_back({begin, end, surname_size});
        }
    };
    const CharTraits traits = traits_of(char_at_place(text, begin).code);
    if (traits.surname() != Surname::kNone) add(kHanUnitBytes);
    if (traits.has(kCharCompound)) {
        if (const std::size_t size = long_surname_size(text.substr(begin)); size > 0) add(size);
    }
    if (traits.surname() == Surname::kNone && left.feature == NameFeature::kLeftLabelColon) add(0);
}

void find_names(std::string_view text, std::vector<Finding>& findings) {
    NameWalk(text, findings).run();
}

}  // namespace pdx::privacy
