#pragma once
/// Check digits of the numbers that Chinese public data carries. Each number has a validator, which
/// is what detection uses, and a check-digit function, which is what a generator of test rows uses.
/// Validators take the number alone: no spaces, no lower case, no full-width digits (detect.h
/// normalises those) and never throw.
#include <optional>
#include <string>
#include <string_view>

namespace pdx::privacy {

/// True when year, month and day name a day of the calendar and 1850 <= year <= 2099 (the
/// standard's own example is of 1880).
bool is_calendar_day(int year, int month, int day);

/// Source: GB 11643-1999; province codes GB/T 2260 with 81, 82 and 83 of the residence permits for
/// Hong Kong, Macau and Taiwan residents. Shape: 17 digits and a digit or 'X'.
/// Ensures: province, calendar day and ISO 7064 MOD 11-2 all hold; 0.0015 % of random digit strings
/// pass.
bool is_valid_resident_id(std::string_view text);
/// Shape of the payload: 17 digits. The check character is '0'..'9' or 'X'.
std::optional<char> resident_id_check_digit(std::string_view payload);
/// The number of a disability card: the resident ID of its holder, the kind of disability (1 to 7)
/// and its grade (1 to 4).
bool is_disability_card(std::string_view text);
/// The form issued before 1999: 15 digits, two-digit year, no check digit, so 1.3 % of random
/// strings pass.
bool is_valid_resident_id_15(std::string_view text);
/// The 2023 permanent residence card of foreigners: 18 digits that begin with 9, MOD 11-2.
bool is_valid_foreign_resident_id(std::string_view text);

/// Source: GB 32100-2015 (outer check character) and GB 11714 (positions 9 to 17).
/// Ensures: both check characters hold, and no authority has the code 0; 1 in 341 random strings of
/// the alphabet pass.
bool is_valid_uscc(std::string_view text);
/// Shape of the payload: 17 characters without I, O, S, V, Z. Computes the outer check character
/// only; positions 9 to 17 must already be a valid organisation code.
std::optional<char> uscc_check_digit(std::string_view payload);

/// Source: GB 11714. Shape: 8 characters 0-9 A-Z and a check character 0-9 or X, no dash.
bool is_valid_org_code(std::string_view text);
std::optional<char> org_code_check_digit(std::string_view payload);

/// A letter or two, six digits and the check character 0 to 9 or A, without brackets, in capitals.
/// Source: the weights 9 to 2 modulo 11 that the card's number is known by.
bool is_valid_hong_kong_id(std::string_view text);

/// A letter of the place, a digit (1, 2 of citizens, 8, 9 of residents) and eight more, the last of
/// which checks the others modulo 10. In capitals.
bool is_valid_taiwan_id(std::string_view text);

/// Source: ISO/IEC 7812-1 annex B. Shape: digits only.
bool is_valid_luhn(std::string_view digits);
std::optional<char> luhn_check_digit(std::string_view payload);
/// Luhn, 15 to 19 digits, and the prefix of an issuer: UnionPay 62, ICBC 9558, Visa 4,
/// Mastercard 51-55 and 2221-2720, JCB 35, American Express 34 and 37.
bool is_valid_bank_card(std::string_view text);

/// Source: GB 16735. Shape: 17 characters without I, O, Q; position 9 is the check character.
bool is_valid_vin(std::string_view text);
/// Shape of the payload: the 16 characters without position 9.
std::optional<char> vin_check_digit(std::string_view payload);

/// 15 digits, Luhn, reporting body 01, 35, 86, 98 or 99.
bool is_valid_imei(std::string_view text);
std::optional<char> imei_check_digit(std::string_view payload);

/// Source: ISO/IEC 7064. Shape: digits, then one digit or 'X'.
bool is_valid_mod11_2(std::string_view text);
std::optional<char> mod11_2_check_digit(std::string_view payload);
/// Source: ISO/IEC 7064. Shape: 0-9 A-Z, of which the last two are the check characters.
bool is_valid_mod1271_36(std::string_view text);
std::optional<std::string> mod1271_36_check_digits(std::string_view payload);

/// 11 digits in a segment that has been issued to the public (no IoT segments).
bool is_valid_mobile(std::string_view digits);

}  // namespace pdx::privacy
