#pragma once
/// Generalising no more than the limits of the risk demand, and as far as the policy allows.
#include <cstddef>

#include "base/error.h"
#include "privacy/policy.h"

namespace pdx::privacy {

/// The first of attempt(0), attempt(1), ... that no limit of the risk refuses: the argument is how
/// many of the policy's steps to take at once. Throws: what the last attempt throws, or one that
/// fails for another reason.
template <typename Attempt>
auto with_fewest_steps(const Policy& policy, const Attempt& attempt) {
    const std::size_t steps_max = policy.risk ? policy.risk->steps.size() : 0;
    for (std::size_t steps = 0; steps < steps_max; ++steps) {
        try {
            return attempt(steps);
        } catch (const Error& error) {
            if (!is_risk_refusal(error.code())) throw;
        }
    }
    return attempt(steps_max);
}

}  // namespace pdx::privacy
