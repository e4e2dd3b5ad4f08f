#pragma once
/// What answers have cost and may cost. Pure arithmetic: whoever keeps the accounts reserves before
/// he computes, and gives nothing back.
#include <cstdint>
#include <optional>

namespace pdx::privacy {

/// What one query costs, or many together. Spends add up (basic composition): those of Laplace to
/// (epsilon, delta), those of Gaussian to rho. The two stand side by side and are not converted,
/// because the conversion needs a root and a logarithm, and a number rounded the wrong way would be
/// a promise that is not kept.
struct PrivacySpend {
    std::uint64_t epsilon_millionths = 0;
    std::uint64_t rho_millionths = 0;
    std::uint64_t delta_trillionths = 0;
    bool operator==(const PrivacySpend&) const = default;
};

/// Nothing when a sum is beyond 64 bits.
std::optional<PrivacySpend> plus(const PrivacySpend& a, const PrivacySpend& b);

/// What may be spent in all, and what was.
struct PrivacyAccount {
    PrivacySpend limit;
    PrivacySpend spent;

    /// Ensures: true only when after the spend no part is above its limit.
    bool can_spend(const PrivacySpend& asked) const;
    /// What is left of each part; nothing where more was spent than the limit now is.
    PrivacySpend left() const;
    bool operator==(const PrivacyAccount&) const = default;
};

/// The accounts that one query draws on: its contract's, and the one of the data whatever the
/// contract, because those who ask may know each other.
struct PrivacyAccounts {
    PrivacyAccount contract;
    PrivacyAccount resource;

    /// Both or neither. Throws: kConflict statistic.budget_spent, which names the account
    /// ("/contract" or "/resource"); then nothing has changed.
    void spend(const PrivacySpend& asked);
    bool operator==(const PrivacyAccounts&) const = default;
};

}  // namespace pdx::privacy
