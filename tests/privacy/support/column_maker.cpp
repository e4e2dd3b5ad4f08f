#include "tests/privacy/support/column_maker.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "privacy/checksum.h"
#include "privacy/utf8.h"

namespace pdx::test {
namespace {

using privacy::Kind;

constexpr std::string_view kNeutralNames = "col3|字段4|F12|数据项7|A|x1|列9|field_5|c_08|V3";
constexpr std::string_view kMissing = "|||NULL|-|无|/|N/A|\\N|--";
constexpr std::size_t kHan = 3;

enum class Spelling { kPlain, kGrouped, kWide, kApostrophe, kSmall };

Spelling spelling_for(Kind kind, Random& random) {
    if (!is_spelt(kind)) return Spelling::kPlain;
    switch (random() % 8) {
        case 0: return Spelling::kGrouped;
        case 1: return Spelling::kWide;
        case 2: return Spelling::kApostrophe;
        case 3: return Spelling::kSmall;
        default: return Spelling::kPlain;
    }
}

std::string grouped(const std::string& number, char separator) {
    std::vector<std::size_t> sizes{4, 4, 4, 4, 4, 4};
    if (number.size() == 11) sizes = {3, 4, 4};
    if (number.size() == 18) sizes = {6, 8, 4};
    std::string text;
    std::size_t at = 0;
    for (const std::size_t size : sizes) {
        if (at >= number.size()) break;
        if (at > 0) text += separator;
        text += number.substr(at, size);
        at += size;
    }
    return text;
}

std::string spelt(const std::string& value, Spelling spelling) {
    std::string text;
    switch (spelling) {
        case Spelling::kPlain: return value;
        case Spelling::kGrouped: return grouped(value, value.size() == 11 ? '-' : ' ');
        case Spelling::kApostrophe: return "'" + value;
        case Spelling::kSmall:
            for (const char c : value) text += is_upper(c) ? static_cast<char>(c + 32) : c;
            return text;
        case Spelling::kWide: return in_wide_digits(value);
    }
    return value;
}

/// One character wrong, twice there or gone.
std::string mistyped(const std::string& value, Random& random) {
    std::vector<std::string> characters;
    for (std::size_t i = 0; i < value.size();) {
        const std::size_t begin = i;
        privacy::next_code_point(value, i);
        characters.push_back(value.substr(begin, i - begin));
    }
    if (characters.size() < 2) return value;
    const std::size_t at = random() % characters.size();
    switch (random() % 3) {
        case 0: characters[at] = characters[at].size() == 1 ? digits(random, 1) : "错"; break;
        case 1: characters[at] += characters[at]; break;
        default: characters[at].clear(); break;
    }
    std::string text;
    for (const std::string& one : characters) text += one;
    return text;
}

void name_column(MadeColumn& column, const Recipe& recipe, Random& random) {
    switch (column.style) {
        case HeaderStyle::kChinese: column.name = pick(random, recipe.chinese); break;
        case HeaderStyle::kPinyin: column.name = pick(random, recipe.pinyin); break;
        case HeaderStyle::kEnglish: column.name = pick(random, recipe.english); break;
        case HeaderStyle::kLabelOnly:
            column.name = pick(random, kNeutralNames);
            column.label = pick(random, recipe.chinese);
            break;
        case HeaderStyle::kNeutral: column.name = pick(random, kNeutralNames); break;
    }
}

}  // namespace

MadeColumn make_column(const Recipe& recipe, HeaderStyle style, std::size_t rows, Faults faults,
                       Random& random) {
    MadeColumn column{recipe.kind, recipe.telling, style, {}, {}, {}};
    name_column(column, recipe, random);
    const ValueSource next = recipe.begin(random);
    const bool faulty = faults == Faults::kUsual;
    const std::size_t missing = faulty ? std::array{0U, 0U, 5U, 20U, 40U}[random() % 5] : 0;
    const std::size_t wrong = faulty ? between(random, 1, 5) : 0;
    const std::string missing_word = pick(random, kMissing);
    const Spelling spelling = faulty ? spelling_for(recipe.kind, random) : Spelling::kPlain;
    column.values.reserve(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        std::string value = next(random);
        if (random() % 100 < missing) {
            value = missing_word;
        } else {
            if (random() % 100 < wrong) value = mistyped(value, random);
            value = spelt(value, spelling);
            if (faulty && random() % 50 == 0) value += ' ';
        }
        column.values.push_back(std::move(value));
    }
    return column;
}

std::string digits(Random& random, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += static_cast<char>('0' + random() % 10);
    return text;
}

std::size_t between(Random& random, std::size_t least, std::size_t most) {
    return least + random() % (most - least + 1);
}

std::string pick(Random& random, std::string_view words) {
    const auto bars = static_cast<std::size_t>(std::count(words.begin(), words.end(), '|'));
    for (std::size_t skip = random() % (bars + 1); skip > 0; --skip) {
        words.remove_prefix(words.find('|') + 1);
    }
    return std::string(words.substr(0, words.find('|')));
}

std::string pick_han(Random& random, std::string_view characters) {
    return std::string(characters.substr(random() % (characters.size() / kHan) * kHan, kHan));
}

std::string two(std::size_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::string with_luhn(const std::string& payload) {
    return payload + privacy::luhn_check_digit(payload).value();
}

bool is_spelt(privacy::Kind kind) {
    constexpr std::array kNumbers{
        Kind::kResidentId,     Kind::kResidentId15, Kind::kForeignResidentId,
        Kind::kMobile,         Kind::kBankCard,     Kind::kUscc,
        Kind::kSoleTraderCode, Kind::kVin,          Kind::kImei};
    return std::find(kNumbers.begin(), kNumbers.end(), kind) != kNumbers.end();
}

std::string in_wide_digits(const std::string& value) {
    std::string text;
    for (const char c : value) {
        if (is_digit(c)) {
            text += "\xEF\xBC";
            text += static_cast<char>(static_cast<unsigned char>(c - '0' + 0x90));
        } else {
            text += c;
        }
    }
    return text;
}

std::string in_scientific_notation(const std::string& number) {
    return number.substr(0, 1) + "." + number.substr(1, 5) + "E+" +
           std::to_string(number.size() - 1);
}

std::string with_fifteen_digits(const std::string& number) {
    return number.substr(0, 15) + std::string(number.size() - 15, '0');
}

}  // namespace pdx::test
