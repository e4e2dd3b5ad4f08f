#pragma once
/// How catalog text becomes index terms, the same way for documents and queries. Chinese is indexed
/// as overlapping pairs of characters: a word list loses obvious hits (only 82-92 % of substring
/// matches are found on real titles), pairs lose none. Any byte string is valid input.
///
/// Folding: full-width ASCII to ASCII, the ideographic space to a space, curly quotes to straight
/// ones, A-Z to a-z, bytes that are not UTF-8 and control characters to spaces.
/// Terms: pairs of neighbouring Han, kana or hangul characters, or the character where it stands
/// alone; words of letters and digits, English ones stemmed lightly; what `-` `_` `/` `.` join also
/// as one term (320200wxscjg/d000001c5, pm2.5). English function words give no term.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pdx::catalog {

/// Longer words are cut, longer joined tokens are left out. Unit: bytes.
inline constexpr std::size_t kTermBytesMax = 64;

enum class Granularity {
    kPairs,            ///< descriptions and queries
    kPairsAndSingles,  ///< titles and keywords, so that a query of one character finds them
};

struct Token {
    std::string text;
    /// A joined token, whose parts are tokens of their own.
    bool joined = false;
    bool operator==(const Token&) const = default;
};

/// Ensures: the result is UTF-8, has no upper-case ASCII, single spaces only, none at the ends;
/// folding it again changes nothing.
std::string fold(std::string_view text);

/// Terms in the order of the text, repeats kept. `text` need not be folded.
std::vector<Token> tokenize(std::string_view text, Granularity granularity);

/// Plural, -ing and -ed removed, and a final e: enough to join route/routes,
/// enterprise/enterprises, price/pricing. Words of three letters or fewer and words with digits
/// stay. Requires: lower case.
std::string stem_english(std::string_view word);

}  // namespace pdx::catalog
