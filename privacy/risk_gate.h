#pragma once
/// The release gate: measures what leaves, as it leaves, and stops the delivery when persons are
/// found again more easily than the policy allows.
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "privacy/joint_risk.h"
#include "privacy/policy.h"
#include "privacy/risk_judge.h"
#include "privacy/tuple_hash.h"

namespace pdx::privacy {

/// Figures about the released rows; no value.
struct ReleaseRisk {
    RiskReport report;
    DeidentificationLevel level = DeidentificationLevel::kIdentified;
    /// When the rule names a subject. Keyed hashes, for joint_risk() alone.
    std::optional<ReleaseSketch> sketch;
};

/// Quasi-identifiers are the released columns that still say something about a person: what is
/// classified as a quasi-identifier, and what is left of a direct identifier, unless it became a
/// pseudonym, a token or "***". Thread: not shared.
class RiskGate {
public:
    /// `released`: the columns of the output in their order. Sketches that are to be joined need
    /// the same key.
    RiskGate(const RiskRule& rule, std::span<const PlannedColumn> released, const HashKey& key);
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
