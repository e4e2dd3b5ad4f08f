#include "base/check.h"
#include "privacy/policy.h"
#include "tests/fuzz/targets.h"

namespace pdx::fuzz {

/// A policy has one text, and whatever is read is well formed.
void masking_policy(ByteView bytes) {
    const auto policy = privacy::parse_policy(as_text(bytes));
    if (!policy) return;
    privacy::check_policy(*policy);
    PDX_CHECK(privacy::parse_policy(privacy::policy_text(*policy)) == policy);
    for (const privacy::FieldRule& rule : policy->rules) {
        const std::string text = privacy::operation_text(rule.operation);
        if (const auto read = privacy::parse_operation(text)) PDX_CHECK(*read == rule.operation);
    }
}

}  // namespace pdx::fuzz
