#pragma once
/// From which share of hits on a column is of a kind, and what chance gives.
#include <array>
#include <cstdint>

#include "privacy/kind.h"

namespace pdx::privacy {

/// Unit: basis points of the values.
struct IdentifierRule {
    Kind kind;
    /// Without a helpful header; far above `chance`.
    std::int32_t share_min;
    /// How often a random value of the same length and first digits passes the check that remains.
    std::int32_t chance;
};

/// In the order in which they are tried. Chances, computed: Luhn 1 in 10 (ISO/IEC 7812); MOD 11-2
/// (which a student roll ends with) and the check characters of organisation codes and VINs 1 in 11
/// (GB 11643, GB 11714, GB 16735); both checks of a credit code 1 in 341 (GB 32100); a day in the
/// 15-digit form 365 of 10,000; mobile segments 5,413 of the 10,000 prefixes that begin with 1;
/// landlines 57 of 100 numbers of eleven digits that begin with 0; Hong Kong's check character 1 in
/// 11, Taiwan's 1 in 10 with four of ten first digits.
inline constexpr std::array<IdentifierRule, 17> kIdentifierRules{{
    {Kind::kEmail, 1, 0},
    {Kind::kPlate, 100, 0},
    {Kind::kStudentRoll, 3'000, 910},
    {Kind::kMacAddress, 100, 0},
    {Kind::kForeignResidentId, 100, 1},
    {Kind::kBankCard, 3'000, 1'000},
    {Kind::kMobile, 7'500, 5'413},
    {Kind::kLandline, 6'000, 5'670},
    {Kind::kIpAddress, 5'000, 0},
    {Kind::kVin, 5'000, 910},
    {Kind::kResidentId15, 5'000, 365},
    {Kind::kImei, 6'000, 1'000},
    {Kind::kMilitaryId, 100, 0},
    {Kind::kTaiwanId, 5'000, 400},
    {Kind::kHongKongId, 5'000, 910},
    {Kind::kUscc, 5'000, 30},
    {Kind::kOrgCode, 6'000, 910},
}};

/// Of numbers of 18 digits that begin with a province: 913 in a million have a day of 1850 to 2099,
/// 1 in 11 of those the check digit. Unit: ppm.
inline constexpr std::uint64_t kResidentIdChance = 83;
/// Of runs of 18 characters: 1 in 341 passes both checks of a credit code, and of digits 1 in 100
/// begins with 92. Unit: ppm.
inline constexpr std::uint64_t kUsccChance = 2'933;
inline constexpr std::uint64_t kSoleTraderChance = 29;

}  // namespace pdx::privacy
