#pragma once
/// Columns whose kind is known, as files of an administration have them: varied headers and the
/// faults that hands and spreadsheets make. Nobody's data: all from a seed.
#include <cstddef>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "privacy/kind.h"

namespace pdx::test {

using Random = std::mt19937_64;
/// The next value of a column; what it keeps, such as a running number, is its own.
using ValueSource = std::function<std::string(Random&)>;

enum class HeaderStyle { kChinese, kPinyin, kEnglish, kLabelOnly, kNeutral };
inline constexpr HeaderStyle kHeaderStyles[] = {HeaderStyle::kChinese, HeaderStyle::kPinyin,
                                                HeaderStyle::kEnglish, HeaderStyle::kLabelOnly,
                                                HeaderStyle::kNeutral};

/// What values alone can tell. kShape: the kind. kNothing: a number or code of persons is one
/// among many; only its header or the columns beside it say more.
enum class Telling { kShape, kNothing };

/// How a kind of column comes about. Headers are separated by '|'.
struct Recipe {
    privacy::Kind kind = privacy::Kind::kUnknown;
    Telling telling = Telling::kNothing;
    std::string_view chinese;
    std::string_view pinyin;
    std::string_view english;
    std::function<ValueSource(Random&)> begin;
};

enum class Faults { kNone, kUsual };

struct MadeColumn {
    privacy::Kind kind = privacy::Kind::kUnknown;
    Telling telling = Telling::kNothing;
    HeaderStyle style = HeaderStyle::kNeutral;
    std::string name;
    std::string label;
    std::vector<std::string> values;
};

/// Faults: up to 40 % missing in one of several spellings, 1 to 5 % mistyped, and for identifiers
/// one spelling of the column: grouped, full-width, with the apostrophe of spreadsheets, in small
/// letters.
MadeColumn make_column(const Recipe& recipe, HeaderStyle style, std::size_t rows, Faults faults,
                       Random& random);

std::string digits(Random& random, std::size_t count);
std::size_t between(Random& random, std::size_t least, std::size_t most);
/// One of the words, which are separated by '|'.
std::string pick(Random& random, std::string_view words);
/// One Han character of a text of nothing else.
std::string pick_han(Random& random, std::string_view characters);
/// "07".
std::string two(std::size_t number);
/// The digits and their check digit by Luhn.
std::string with_luhn(const std::string& payload);
/// Whether hands write it in groups, in full width or in small letters.
bool is_spelt(privacy::Kind kind);
/// The digits in full width.
std::string in_wide_digits(const std::string& value);
/// The number as a spreadsheet shows it: 3.20299E+17.
std::string in_scientific_notation(const std::string& number);
/// The number as a spreadsheet keeps it: fifteen digits and zeros.
std::string with_fifteen_digits(const std::string& number);

/// The columns on which the rules may be tuned.
std::vector<Recipe> tuning_recipes();
/// Other words, other layouts: for the report alone. Never tune on them.
std::vector<Recipe> held_out_recipes();
/// Numbers and codes that are no identifiers of persons, however much they look like them.
std::vector<Recipe> negative_recipes();

}  // namespace pdx::test
