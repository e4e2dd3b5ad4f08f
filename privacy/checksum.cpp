#include "privacy/checksum.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/ascii.h"
#include "base/eight_bytes.h"

namespace pdx::privacy {
namespace {

constexpr int digit(char c) { return c - '0'; }

/// 0-9 A-Z as 0..35, anything else -1.
constexpr int base36(char c) {
    if (is_digit(c)) return digit(c);
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
}

char base36_character(int value) {
    return static_cast<char>(value < 10 ? '0' + value : 'A' + value - 10);
}

constexpr std::array<bool, 100> provinces() {
    std::array<bool, 100> known{};
    const auto add = [&known](std::size_t first, std::size_t last) {
        for (std::size_t code = first; code <= last; ++code) known[code] = true;
    };
    add(11, 15);
    add(21, 23);
    add(31, 37);
    add(41, 46);
    add(50, 54);
    add(61, 65);
    add(71, 71);
    add(81, 83);
    return known;
}
constexpr std::array<bool, 100> kProvinces = provinces();

bool is_province(int code) {
    const auto index = static_cast<std::size_t>(code);
    return index < kProvinces.size() && kProvinces[index];
}

/// The value of each character, or -1.
using Values = std::array<std::int16_t, 256>;

constexpr std::string_view kUsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

constexpr Values uscc_values() {
    Values values{};
    values.fill(-1);
    for (std::size_t i = 0; i < kUsccAlphabet.size(); ++i) {
        values[static_cast<unsigned char>(kUsccAlphabet[i])] = static_cast<std::int16_t>(i);
    }
    return values;
}

constexpr Values vin_values() {
    constexpr std::string_view kCharacters = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ";
    constexpr std::string_view kDigits = "012345678912345678123457923456789";
    static_assert(kCharacters.size() == kDigits.size());
    Values values{};
    values.fill(-1);
    for (std::size_t i = 0; i < kCharacters.size(); ++i) {
        values[static_cast<unsigned char>(kCharacters[i])] =
            static_cast<std::int16_t>(kDigits[i] - '0');
    }
    return values;
}

constexpr Values base36_values() {
    Values values{};
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = static_cast<std::int16_t>(base36(static_cast<char>(i)));
    }
    return values;
}

constexpr Values kUsccValues = uscc_values();
constexpr Values kVinValues = vin_values();
constexpr Values kBase36Values = base36_values();

/// Eight digits, each times its weight.
template <std::size_t kAt, std::size_t kCount>
int sum_of_eight(std::uint64_t digits, const std::array<int, kCount>& weights) {
    const auto at = [&weights](std::size_t i) {
        return static_cast<std::uint64_t>(weights[kAt + i]);
    };
    return static_cast<int>(FourWeights(at(0), at(2), at(4), at(6)).sum(odd_digits(digits)) +
                            FourWeights(at(1), at(3), at(5), at(7)).sum(even_digits(digits)));
}

/// None when a character has no value. Requires: as many characters as weights, and that a digit's
/// value is what it says.
template <std::size_t kCount>
std::optional<int> weighted_sum(const Values& values, std::string_view text,
                                const std::array<int, kCount>& weights) {
    int sum = 0;
    int all = 0;  // negative once a value is
    std::size_t i = 0;
    if (const std::uint64_t front = load_eight(text.data()); are_digits(front)) {
        sum = sum_of_eight<0>(front, weights);
        i = kEightBytes;
        if constexpr (kCount >= 2 * kEightBytes) {
            const std::uint64_t back = load_eight(text.data() + kEightBytes);
            if (are_digits(back)) {
                sum += sum_of_eight<kEightBytes>(back, weights);
                i = 2 * kEightBytes;
            }
        }
    }
    for (; i < kCount; ++i) {
        const int value = values[static_cast<unsigned char>(text[i])];
        sum += value * weights[i];
        all |= value;
    }
    return all < 0 ? std::nullopt : std::optional(sum);
}

bool day_inside(std::string_view yyyymmdd) {
    return is_calendar_day(decimal_value(yyyymmdd.substr(0, 4)),
                           decimal_value(yyyymmdd.substr(4, 2)),
                           decimal_value(yyyymmdd.substr(6, 2)));
}

bool ends_with_check(std::string_view text, std::optional<char> check) {
    return check.has_value() && text.back() == *check;
}

}  // namespace

bool is_calendar_day(int year, int month, int day) {
    if (year < 1850 || year > 2099 || month < 1 || month > 12 || day < 1) return false;
    constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= kDays.at(static_cast<std::size_t>(month - 1)) + (leap && month == 2 ? 1 : 0);
}

/// The sum of 17 digits, each times the power of two that ISO 7064 MOD 11-2 gives it, modulo 11.
/// Requires: digits.
std::uint32_t mod11_2_sum_of_17(const char* digits) {
    constexpr FourWeights kFirst{7, 10, 8, 2};  // of the 1st, 3rd, 5th and 7th
    constexpr FourWeights kSecond{9, 5, 4, 1};
    constexpr FourWeights kThird{6, 7, 10, 8};  // of the 9th, 11th, 13th and 15th
    constexpr FourWeights kFourth{3, 9, 5, 4};
    const std::uint64_t front = load_eight(digits);
    const std::uint64_t back = load_eight(digits + kEightBytes);
    return kFirst.sum(odd_digits(front)) + kSecond.sum(even_digits(front)) +
           kThird.sum(odd_digits(back)) + kFourth.sum(even_digits(back)) +
           2 * static_cast<std::uint32_t>(digit(digits[16]));
}

/// Requires: digits.
char mod11_2_of(std::string_view digits) {
    const auto check_of = [](std::uint32_t sum) {
        const std::uint32_t check = (12 - sum % 11) % 11;
        return check == 10 ? 'X' : static_cast<char>('0' + check);
    };
    if (digits.size() == 17) return check_of(mod11_2_sum_of_17(digits.data()));
    // Twice the sum at each digit, so the first of seventeen counts 2^17; the remainder is taken
    // before it could overflow.
    constexpr std::uint32_t kLarge = 1U << 28U;
    std::uint32_t sum = 0;
    for (const char c : digits) {
        if (sum >= kLarge) sum %= 11;
        sum = (sum + static_cast<std::uint32_t>(digit(c))) * 2;
    }
    return check_of(sum);
}

std::optional<char> mod11_2_check_digit(std::string_view payload) {
    if (payload.empty() || !all_digits(payload)) return std::nullopt;
    return mod11_2_of(payload);
}

bool is_valid_mod11_2(std::string_view text) {
    return text.size() >= 2 &&
           ends_with_check(text, mod11_2_check_digit(text.substr(0, text.size() - 1)));
}

std::optional<char> resident_id_check_digit(std::string_view payload) {
    return payload.size() == 17 ? mod11_2_check_digit(payload) : std::nullopt;
}

bool is_valid_resident_id(std::string_view text) {
    return text.size() == 18 && is_province(decimal_value(text.substr(0, 2))) &&
           all_digits(text.substr(0, 17)) && day_inside(text.substr(6, 8)) &&
           text[17] == mod11_2_of(text.substr(0, 17));
}

bool is_disability_card(std::string_view text) {
    return text.size() == 20 && text[18] >= '1' && text[18] <= '7' && text[19] >= '1' &&
           text[19] <= '4' && is_valid_resident_id(text.substr(0, 18));
}

bool is_valid_resident_id_15(std::string_view text) {
    return text.size() == 15 && all_digits(text) && is_province(decimal_value(text.substr(0, 2))) &&
           is_calendar_day(1900 + decimal_value(text.substr(6, 2)),
                           decimal_value(text.substr(8, 2)), decimal_value(text.substr(10, 2)));
}

bool is_valid_foreign_resident_id(std::string_view text) {
    return text.size() == 18 && text.front() == '9' && all_digits(text.substr(0, 17)) &&
           day_inside(text.substr(6, 8)) && text[17] == mod11_2_of(text.substr(0, 17));
}

std::optional<char> org_code_check_digit(std::string_view payload) {
    constexpr std::array<int, 8> kWeights{3, 7, 9, 10, 5, 8, 4, 2};
    if (payload.size() != kWeights.size()) return std::nullopt;
    const auto sum = weighted_sum(kBase36Values, payload, kWeights);
    if (!sum) return std::nullopt;
    const int check = (11 - *sum % 11) % 11;
    return check == 10 ? 'X' : static_cast<char>('0' + check);
}

bool is_valid_org_code(std::string_view text) {
    return text.size() == 9 && ends_with_check(text, org_code_check_digit(text.substr(0, 8)));
}

std::optional<char> uscc_check_digit(std::string_view payload) {
    constexpr std::array<int, 17> kWeights{1,  3,  9,  27, 19, 26, 16, 17, 20,
                                           29, 25, 13, 8,  24, 10, 30, 28};
    if (payload.size() != kWeights.size()) return std::nullopt;
    const auto sum = weighted_sum(kUsccValues, payload, kWeights);
    if (!sum) return std::nullopt;
    return kUsccAlphabet[static_cast<std::size_t>((31 - *sum % 31) % 31)];
}

bool is_valid_uscc(std::string_view text) {
    return text.size() == 18 && text[0] != '0' && all_digits(text.substr(2, 6)) &&
           is_valid_org_code(text.substr(8, 9)) &&
           ends_with_check(text, uscc_check_digit(text.substr(0, 17)));
}

/// Of eight digits whose last counts twice. Requires: are_digits().
std::uint32_t luhn_sum(std::uint64_t digits) {
    constexpr FourWeights kOnes{1, 1, 1, 1};
    constexpr std::uint64_t kToHighBit = 0x7FFB'7FFB'7FFB'7FFB;  // from 5 on
    constexpr std::uint64_t kLowBit = 0x0001'0001'0001'0001;
    const std::uint64_t doubled = even_digits(digits);
    const std::uint64_t from_five = (doubled + kToHighBit) >> 15U & kLowBit;
    return kOnes.sum(odd_digits(digits) + 2 * doubled - 9 * from_five);
}

/// Requires: digits.
char luhn_of(std::string_view payload) {
    constexpr std::array<int, 10> kTwice{0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
    int sum = 0;
    std::size_t i = payload.size();
    for (; i >= kEightBytes; i -= kEightBytes) {
        sum += static_cast<int>(luhn_sum(load_eight(payload.data() + i - kEightBytes)));
    }
    for (; i >= 2; i -= 2) {
        sum += kTwice[static_cast<std::size_t>(digit(payload[i - 1]))] + digit(payload[i - 2]);
    }
    if (i == 1) sum += kTwice[static_cast<std::size_t>(digit(payload[0]))];
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::optional<char> luhn_check_digit(std::string_view payload) {
    if (payload.empty() || !all_digits(payload)) return std::nullopt;
    return luhn_of(payload);
}

/// Requires: two digits and more.
bool ends_with_luhn(std::string_view digits) {
    return digits.back() == luhn_of(digits.substr(0, digits.size() - 1));
}

bool is_valid_hong_kong_id(std::string_view text) {
    constexpr std::size_t kDigits = 6;
    if (text.size() < kDigits + 2 || text.size() > kDigits + 3) return false;
    const std::string_view letters = text.substr(0, text.size() - kDigits - 1);
    const std::string_view digits = text.substr(letters.size(), kDigits);
    const char check = text.back();
    if (!std::all_of(letters.begin(), letters.end(), is_upper) || !all_digits(digits)) return false;
    if (!is_digit(check) && check != 'A') return false;
    constexpr int kNoLetter = 36;
    int weight = 9;
    int sum = letters.size() == 1 ? kNoLetter * weight-- : 0;
    for (const char letter : letters) sum += (letter - 'A' + 10) * weight--;
    for (const char digit : digits) sum += (digit - '0') * weight--;
    sum += check == 'A' ? 10 : check - '0';
    return sum % 11 == 0;
}

bool is_valid_taiwan_id(std::string_view text) {
    // The places in the order of their numbers, from 10 on.
    constexpr std::string_view kPlaces = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
    constexpr std::size_t kSize = 10;
    if (text.size() != kSize || !all_digits(text.substr(1))) return false;
    const std::size_t place = kPlaces.find(text[0]);
    const bool issued = text[1] == '1' || text[1] == '2' || text[1] == '8' || text[1] == '9';
    if (place == std::string_view::npos || !issued) return false;
    const int number = static_cast<int>(place) + 10;
    int sum = number / 10 + number % 10 * 9;
    for (std::size_t i = 1; i < kSize; ++i) {
        sum += (text[i] - '0') * (i + 1 == kSize ? 1 : 9 - static_cast<int>(i));
    }
    return sum % 10 == 0;
}

bool is_valid_luhn(std::string_view digits) {
    return digits.size() >= 2 &&
           ends_with_check(digits, luhn_check_digit(digits.substr(0, digits.size() - 1)));
}

bool is_valid_bank_card(std::string_view text) {
    if (text.size() < 15 || text.size() > 19 || !all_digits(text)) return false;
    const int two = decimal_value(text.substr(0, 2));
    const int four = decimal_value(text.substr(0, 4));
    bool issued = false;
    if (text.size() == 15) {
        issued = two == 34 || two == 37;
    } else {
        issued = two == 62 || four == 9558;
        if (text.size() == 16) {
            issued = issued || two / 10 == 4 || (two >= 51 && two <= 55) || two == 35 ||
                     (four >= 2221 && four <= 2720);
        }
    }
    return issued && ends_with_luhn(text);
}

std::optional<char> vin_check_digit(std::string_view payload) {
    constexpr std::array<int, 16> kWeights{8, 7, 6, 5, 4, 3, 2, 10, 9, 8, 7, 6, 5, 4, 3, 2};
    if (payload.size() != kWeights.size()) return std::nullopt;
    const auto sum = weighted_sum(kVinValues, payload, kWeights);
    if (!sum) return std::nullopt;
    const int check = *sum % 11;
    return check == 10 ? 'X' : static_cast<char>('0' + check);
}

bool is_valid_vin(std::string_view text) {
    if (text.size() != 17) return false;
    std::string payload(text.substr(0, 8));
    payload += text.substr(9);
    const auto check = vin_check_digit(payload);
    return check.has_value() && text[8] == *check;
}

std::optional<char> imei_check_digit(std::string_view payload) {
    return payload.size() == 14 ? luhn_check_digit(payload) : std::nullopt;
}

bool is_valid_imei(std::string_view text) {
    if (text.size() != 15 || !all_digits(text)) return false;
    const int body = decimal_value(text.substr(0, 2));
    return (body == 1 || body == 35 || body == 86 || body == 98 || body == 99) &&
           ends_with_luhn(text);
}

std::optional<std::string> mod1271_36_check_digits(std::string_view payload) {
    if (payload.empty()) return std::nullopt;
    int sum = 0;
    for (const char c : payload) {
        const int value = base36(c);
        if (value < 0) return std::nullopt;
        sum = (sum + value) * 36 % 1271;
    }
    sum = sum * 36 % 1271;
    const int check = (1272 - sum) % 1271;
    return std::string{base36_character(check / 36), base36_character(check % 36)};
}

bool is_valid_mod1271_36(std::string_view text) {
    if (text.size() < 3) return false;
    const auto check = mod1271_36_check_digits(text.substr(0, text.size() - 2));
    return check.has_value() && text.substr(text.size() - 2) == *check;
}

bool is_valid_mobile(std::string_view digits) {
    if (digits.size() != 11 || digits.front() != '1' || !all_digits(digits)) return false;
    const int third = digit(digits[2]);
    switch (digits[1]) {
        case '3':
        case '8': return true;
        case '4': return third == 5 || third == 7 || third == 9;
        case '5': return third != 4;
        case '6': return third == 2 || third == 5 || third == 6 || third == 7;
        case '7': {
            if (third != 4) return true;
            const int four_and_five = decimal_value(digits.substr(3, 2));
            return four_and_five <= 2 || four_and_five / 10 == 9;
        }
        case '9': return third != 4;
        default: return false;
    }
}

}  // namespace pdx::privacy
