#include "catalog/tokenizer.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace pdx::catalog {
namespace {

struct Decoded {
    char32_t point;
    std::size_t length;
};

/// Strict UTF-8; nothing for a byte that does not begin a well-formed character.
std::optional<Decoded> decode(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) -> std::uint32_t {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const std::uint32_t lead = byte(at);
    if (lead < 0x80U) {
        return Decoded{lead, 1};
    }
    if (lead >= 0xC2U && lead < 0xE0U && continues(at + 1)) {
        return Decoded{(lead & 0x1FU) << 6U | (byte(at + 1) & 0x3FU), 2};
    }
    if (lead >= 0xE0U && lead < 0xF0U && continues(at + 1) && continues(at + 2)) {
        const std::uint32_t point =
            (lead & 0x0FU) << 12U | (byte(at + 1) & 0x3FU) << 6U | (byte(at + 2) & 0x3FU);
        if (point >= 0x800U && (point < 0xD800U || point > 0xDFFFU)) {
            return Decoded{point, 3};
        }
    }
    if (lead >= 0xF0U && lead < 0xF5U && continues(at + 1) && continues(at + 2) &&
        continues(at + 3)) {
        const std::uint32_t point = (lead & 0x07U) << 18U | (byte(at + 1) & 0x3FU) << 12U |
                                    (byte(at + 2) & 0x3FU) << 6U | (byte(at + 3) & 0x3FU);
        if (point >= 0x10000U && point <= 0x10FFFFU) {
            return Decoded{point, 4};
        }
    }
    return std::nullopt;
}

bool between(char32_t point, char32_t low, char32_t high) { return point >= low && point <= high; }

/// One folded ASCII character, or nothing when the character stays as it is.
std::optional<char> folded(char32_t point) {
    if (between(point, 0xFF01, 0xFF5E)) {
        point -= 0xFEE0;
    }
    if (point == 0x3000 || point == 0xA0 || point < 0x20 || between(point, 0x7F, 0x9F) ||
        between(point, 0x2000, 0x200B) || between(point, 0x2028, 0x202F) || point == 0xFEFF) {
        return ' ';
    }
    if (point == 0x201C || point == 0x201D) {
        return '"';
    }
    if (between(point, U'A', U'Z')) {
        point += U'a' - U'A';
    }
    return point < 0x80 ? std::optional(static_cast<char>(point)) : std::nullopt;
}

enum class Class { kSeparator, kJoiner, kWord, kIdeograph };

Class class_of(char32_t point) {
    if (between(point, U'a', U'z') || between(point, U'0', U'9')) {
        return Class::kWord;
    }
    if (point == U'-' || point == U'_' || point == U'/' || point == U'.') {
        return Class::kJoiner;
    }
    if (point < 0xC0) {
        return Class::kSeparator;
    }
    if (between(point, 0x4E00, 0x9FFF) || between(point, 0x3400, 0x4DBF) || point == 0x3005 ||
        point == 0x3007 || between(point, 0x3041, 0x30FF) || between(point, 0xAC00, 0xD7A3) ||
        between(point, 0xF900, 0xFAFF) || between(point, 0x20000, 0x3FFFF)) {
        return Class::kIdeograph;
    }
    // Punctuation, symbols, units, private use, full-width remains, emoji.
    if (between(point, 0x2000, 0x2BFF) || between(point, 0x3000, 0x33FF) ||
        between(point, 0xE000, 0xF8FF) || between(point, 0xFE00, 0xFFFF) || point == 0xD7 ||
        point == 0xF7 || between(point, 0x1F000, 0x1FAFF)) {
        return Class::kSeparator;
    }
    return Class::kWord;
}

bool is_function_word(std::string_view word) {
    static constexpr std::array<std::string_view, 22> kWords{
        "a",  "an", "and", "are", "as", "at",  "be",   "by",  "for",  "from", "in",
        "is", "it", "of",  "on",  "or", "per", "that", "the", "this", "to",   "with"};
    return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

/// At most kTermBytesMax bytes, ending at a character.
std::string_view cut(std::string_view word) {
    if (word.size() <= kTermBytesMax) {
        return word;
    }
    std::size_t end = kTermBytesMax;
    while ((static_cast<unsigned char>(word[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return word.substr(0, end);
}

/// Reads folded text once and collects its tokens.
class Tokenizer {
public:
    Tokenizer(std::string_view text, Granularity granularity)
        : text_(text),
          granularity_(granularity) {}

    std::vector<Token> run() {
        std::size_t at = 0;
        while (at < text_.size()) {
            const auto [point, length] = decode(text_, at).value_or(Decoded{U' ', 1});
            switch (class_of(point)) {
                case Class::kWord:
                    end_run();
                    if (!in_word_) {
                        word_ = at;
                        in_word_ = true;
                    }
                    if (!in_join_) {
                        join_ = at;
                        in_join_ = true;
                    }
                    break;
                case Class::kJoiner:
                    end_run();
                    end_word(at);
                    if (!joins(at + length)) {
                        end_join(at);
                    }
                    break;
                case Class::kIdeograph:
                    end_word(at);
                    end_join(at);
                    ideograph(at, length);
                    break;
                case Class::kSeparator:
                    end_run();
                    end_word(at);
                    end_join(at);
                    break;
            }
            at += length;
        }
        end_run();
        end_word(at);
        end_join(at);
        return std::move(tokens_);
    }

private:
    /// True when a joiner before `next` has a word on both sides.
    bool joins(std::size_t next) const {
        const auto decoded = next < text_.size() ? decode(text_, next) : std::nullopt;
        return in_join_ && decoded && class_of(decoded->point) == Class::kWord;
    }

    void end_word(std::size_t at) {
        if (!in_word_) {
            return;
        }
        in_word_ = false;
        ++parts_;
        const std::string_view word = cut(text_.substr(word_, at - word_));
        if (!is_function_word(word)) {
            tokens_.push_back({stem_english(word), false});
        }
    }

    void end_join(std::size_t at) {
        if (in_join_ && parts_ > 1 && at - join_ <= kTermBytesMax) {
            tokens_.push_back({std::string(text_.substr(join_, at - join_)), true});
        }
        in_join_ = false;
        parts_ = 0;
    }

    void ideograph(std::size_t at, std::size_t length) {
        if (run_ > 0) {
            tokens_.push_back(
                {std::string(text_.substr(previous_, at + length - previous_)), false});
        }
        if (granularity_ == Granularity::kPairsAndSingles) {
            tokens_.push_back({std::string(text_.substr(at, length)), false});
        }
        previous_ = at;
        previous_length_ = length;
        ++run_;
    }

    void end_run() {
        if (run_ == 1 && granularity_ == Granularity::kPairs) {
            tokens_.push_back({std::string(text_.substr(previous_, previous_length_)), false});
        }
        run_ = 0;
    }

    std::string_view text_;
    Granularity granularity_;
    std::vector<Token> tokens_;
    bool in_word_ = false;
    bool in_join_ = false;
    std::size_t word_ = 0;
    std::size_t join_ = 0;
    std::size_t parts_ = 0;
    std::size_t run_ = 0;  // ideographs so far in this run
    std::size_t previous_ = 0;
    std::size_t previous_length_ = 0;
};

bool has_vowel(std::string_view text) {
    return text.find_first_of("aeiouy") != std::string_view::npos;
}

/// planned -> plann -> plan, but not call -> cal.
void undouble(std::string_view& stem) {
    const std::size_t size = stem.size();
    if (size > 3 && stem[size - 1] == stem[size - 2] &&
        std::string_view("bdgmnprt").find(stem[size - 1]) != std::string_view::npos) {
        stem.remove_suffix(1);
    }
}

}  // namespace

std::string fold(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    std::size_t at = 0;
    while (at < text.size()) {
        const auto [point, length] = decode(text, at).value_or(Decoded{U' ', 1});
        const auto ascii = folded(point);
        if (!ascii) {
            out.append(text.substr(at, length));
        } else if (*ascii != ' ') {
            out.push_back(*ascii);
        } else if (!out.empty() && out.back() != ' ') {
            out.push_back(' ');
        }
        at += length;
    }
    if (!out.empty() && out.back() == ' ') {
        out.pop_back();
    }
    return out;
}

std::vector<Token> tokenize(std::string_view text, Granularity granularity) {
    const std::string folded_text = fold(text);
    return Tokenizer(folded_text, granularity).run();
}

std::string stem_english(std::string_view word) {
    const bool letters =
        std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    if (!letters || word.size() <= 3) {
        return std::string(word);
    }
    const auto ends = [&](std::string_view suffix) { return word.ends_with(suffix); };
    if (ends("ies") && word.size() > 4) {
        return std::string(word.substr(0, word.size() - 3)) + "y";
    }
    if (ends("ses") || ends("xes") || ends("zes") || ends("ches") || ends("shes")) {
        word.remove_suffix(2);
    } else if (ends("s") && !ends("ss") && !ends("us") && !ends("is")) {
        word.remove_suffix(1);
    }
    for (const std::string_view suffix : {std::string_view("ing"), std::string_view("ed")}) {
        if (ends(suffix) && word.size() >= suffix.size() + 4 &&
            has_vowel(word.substr(0, word.size() - suffix.size()))) {
            word.remove_suffix(suffix.size());
            undouble(word);
            break;
        }
    }
    if (word.size() > 3 && word.back() == 'e') {
        word.remove_suffix(1);
    }
    return std::string(word);
}

}  // namespace pdx::catalog
