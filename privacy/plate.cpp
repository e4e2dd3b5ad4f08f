#include "privacy/plate.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "privacy/utf8.h"
#include "privacy/words.h"

namespace pdx::privacy {
namespace {

constexpr std::size_t kHan = 3;
/// They stand for the last character.
constexpr std::array<std::string_view, 7> kUses{"学", "警", "挂", "港", "澳", "使", "领"};

bool is_plate_character(char c) {
    return is_digit(c) || (is_letter(c) && to_upper(c) != 'I' && to_upper(c) != 'O');
}

std::size_t separator_size(std::string_view text) {
    for (const std::string_view dot : {"·", "•", "・"}) {
        if (text.starts_with(dot)) return dot.size();
    }
    if (text.starts_with(' ') || text.starts_with('-')) return 1;
    const PlainSign sign = plain_sign(text, 0);
    return sign.sign == ' ' || sign.sign == '-' || sign.sign == '\0' ? sign.size : 0;
}

/// The letters and digits from here on, up to what no plate has.
std::string_view serial_at(std::string_view text) {
    constexpr std::size_t kTooLong = 8;
    std::size_t size = 0;
    while (size < std::min(text.size(), kTooLong) && is_alnum(text[size])) ++size;
    return text.substr(0, size);
}

std::size_t digits_in(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit));
}

bool of_plate_characters(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_plate_character);
}

/// "WJ苏12345" and "WJ 苏·1234X".
std::size_t police_size(std::string_view text) {
    std::size_t end = 2 + separator_size(text.substr(2));
    if (!is_plate_province(text.substr(end, kHan))) return 0;
    end += kHan;
    end += separator_size(text.substr(end));
    const std::string_view serial = serial_at(text.substr(end));
    if (serial.size() != 5 || digits_in(serial.substr(0, 4)) != 4 || !of_plate_characters(serial)) {
        return 0;
    }
    return end + serial.size();
}

}  // namespace

/// A province, a letter, and five characters, or six for new-energy vehicles, or four and a use.
std::size_t plate_size(std::string_view text) {
    if (text.size() < kHan + 1) return 0;
    if (to_upper(text[0]) == 'W' && to_upper(text[1]) == 'J') return police_size(text);
    if (!is_plate_province(text.substr(0, kHan))) return 0;
    std::size_t end = kHan + separator_size(text.substr(kHan));
    if (end == text.size() || !is_letter(text[end]) || !is_plate_character(text[end])) return 0;
    ++end;
    end += separator_size(text.substr(end));
    const std::string_view serial = serial_at(text.substr(end));
    if (serial.size() < 4 || serial.size() > 6 || !of_plate_characters(serial)) return 0;
    end += serial.size();
    if (serial.size() > 4) return digits_in(serial) >= 3 ? end : 0;
    const std::string_view rest = text.substr(end);
    const bool used = std::any_of(kUses.begin(), kUses.end(),
                                  [rest](std::string_view use) { return rest.starts_with(use); });
    return used && digits_in(serial) >= 2 ? end + kHan : 0;
}

}  // namespace pdx::privacy
