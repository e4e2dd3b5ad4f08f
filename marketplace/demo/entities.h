#pragma once
/// The people, firms and places of the demo city. Each is a number under a seed; what is asked
/// about it is computed, so nothing is stored and every asset agrees on the same one.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "marketplace/demo/random.h"

namespace pdx::demo {

/// Unit: days since 1970-01-01. The register's data are as of this day.
inline constexpr std::int64_t kToday = 20513;  // 2026-03-01

void append_number(std::string& out, std::int64_t value);
/// Shape: `scaled` / 10^decimals, always with that many decimals. Requires: decimals <= 9.
void append_decimal(std::string& out, std::int64_t scaled, int decimals);
/// Shape: exactly `digits` digits. Requires: value >= 0; digits <= 19; higher digits are cut.
void append_padded(std::string& out, std::int64_t value, int digits);
/// Shape: 2026-03-01.
void append_day(std::string& out, std::int64_t day);
/// Shape: 202603, `months` after January 1970.
void append_month(std::string& out, std::int64_t months);
/// Shape: 2026-03-01 08:15:00, Shanghai time. Unit: seconds since 1970-01-01 00:00 there.
void append_time(std::string& out, std::int64_t seconds);

/// '#' becomes a digit, '@' a letter without I and O, anything else itself.
void append_pattern(std::string& out, std::string_view pattern, Random& random);

/// Which years of birth are drawn from.
enum class Generation { kAdult, kPupil };

struct Person {
    std::uint64_t seed = 0;
    std::uint64_t number = 0;
    Generation generation = Generation::kAdult;

    void append_name(std::string& out) const;
    /// Region 320299, a day that was, an odd sequence number for men, MOD 11-2.
    void append_resident_id(std::string& out) const;
    void append_mobile(std::string& out) const;
    Person guardian() const;
};

/// A position in kDistricts.
std::size_t pick_district(Random& random);
/// Province to room, or without the room for a business.
enum class Place { kHome, kBusiness };
void append_address(std::string& out, std::size_t district, Place place, Random& random);
/// Within some 5 km of the district's middle. Unit: 1e-6 degrees.
std::int64_t longitude_in(std::size_t district, Random& random);
std::int64_t latitude_in(std::size_t district, Random& random);

struct Firm {
    std::uint64_t seed = 0;
    std::uint64_t number = 0;

    /// First two characters 91, region 320299, both check characters; different for the first 887
    /// million numbers.
    void append_uscc(std::string& out) const;
    /// Region or city, trade name, line of business, legal form.
    void append_name(std::string& out) const;
    std::size_t district() const;
    /// A position in kIndustries.
    std::size_t industry() const;
    /// Code of the market-entity type; the legal form in the name follows it.
    std::string_view type_code() const;
    Person representative() const;
    void append_phone(std::string& out) const;
    /// Unit: fen.
    std::int64_t capital() const;
    std::int64_t founded() const;
    std::string_view status() const;
    void append_address(std::string& out) const;
    /// Employees insured: small firms are many, large ones few.
    std::int64_t heads() const;
};

/// A sole trader: a person with a credit code that begins with 92.
struct Trader {
    std::uint64_t seed = 0;
    std::uint64_t number = 0;

    void append_uscc(std::string& out) const;
    void append_name(std::string& out) const;
    /// A position in kShops.
    std::size_t trade() const;
    std::size_t district() const;
    Person owner() const;
};

/// 苏B mostly; every fifth is a new-energy plate with D or F and five digits.
void append_plate(std::string& out, Random& random, bool new_energy);

}  // namespace pdx::demo
