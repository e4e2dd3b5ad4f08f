#pragma once
/// What of personal data is sensitive by law. The answer changes with the standards, so each of
/// their versions is a profile with a name, and a policy says by which one it was made.
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/error.h"
#include "privacy/kind.h"

namespace pdx::privacy {

/// The codes reach contracts, policies and ledger entries: do not rename, add at the end.
enum class SensitivityProfile : std::uint8_t {
    kPipl2021,        ///< 个人信息保护法 article 28 alone
    kGbt35273Of2020,  ///< GB/T 35273-2020 annex B: identity documents and property as well
    kGbt45574Of2025,  ///< GB/T 45574-2025, in force since 2025-11-01: no identity number by itself
};
inline constexpr SensitivityProfile kProfileInForce = SensitivityProfile::kGbt45574Of2025;

/// Shape: snake_case, for example "gbt_45574_2025".
std::string_view profile_code(SensitivityProfile profile);
std::optional<SensitivityProfile> parse_profile(std::string_view code);
std::span<const SensitivityProfile> sensitivity_profiles();
/// As people cite it.
const Text& profile_words(SensitivityProfile profile);

/// The words of PIPL article 28; property is GB/T 35273's alone.
enum class SensitiveCategory : std::uint8_t {
    kBeliefOrIdentity,  ///< religious belief, specific identity
    kMedicalHealth,
    kFinancialAccount,
    kProperty,
    kWhereabouts,
    kMinor,  ///< persons under 14
};

/// Shape: snake_case, for example "medical_health".
std::string_view category_code(SensitiveCategory category);
const Text& category_words(SensitiveCategory category);

/// Nothing: the profile does not list the kind. What a column's class demands stays as it is.
std::optional<SensitiveCategory> sensitive_category(SensitivityProfile profile, Kind kind);

}  // namespace pdx::privacy
