#pragma once
/// The release gate: measures what leaves, as it leaves, and stops the delivery when persons are
/// found again more easily than the policy allows.
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "privacy/policy.h"
#include "privacy/risk_judge.h"

namespace pdx::privacy {

/// Figures about the released rows; no value.
struct ReleaseRisk {
    RiskReport report;
    DeidentificationLevel level = DeidentificationLevel::kIdentified;
};

/// Quasi-identifiers are the released columns that still say something about a person: what is
/// classified as a quasi-identifier, and what is left of a direct identifier, unless it became a
/// pseudonym, a token or "***". Thread: not shared.
class RiskGate {
public:
    /// `released`: the columns of the output in their order.
    RiskGate(const RiskRule& rule, std::span<const PlannedColumn> released,
             ByteView key_of_contract);
    ~RiskGate();
    RiskGate(RiskGate&&) noexcept;
    RiskGate& operator=(RiskGate&&) noexcept;

    /// A released record; `subject` is the input's value of the column that says who it is about.
    /// Throws: kTooLarge risk.too_large.
    void add(std::span<const std::string_view> released, std::string_view subject);
    /// Callable once. Throws: kConflict delivery.risk with the reasons.
    ReleaseRisk finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pdx::privacy
