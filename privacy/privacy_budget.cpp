#include "privacy/privacy_budget.h"

#include <array>

#include "base/error.h"

namespace pdx::privacy {
namespace {

constexpr std::array kSpendParts{&PrivacySpend::epsilon_millionths, &PrivacySpend::rho_millionths,
                                 &PrivacySpend::delta_trillionths};

}  // namespace

std::optional<PrivacySpend> plus(const PrivacySpend& a, const PrivacySpend& b) {
    PrivacySpend sum;
    for (const auto part : kSpendParts) {
        if (__builtin_add_overflow(a.*part, b.*part, &(sum.*part))) return std::nullopt;
    }
    return sum;
}

bool PrivacyAccount::can_spend(const PrivacySpend& asked) const {
    const auto after = plus(spent, asked);
    if (!after) return false;
    for (const auto part : kSpendParts) {
        if (*after.*part > limit.*part) return false;
    }
    return true;
}

PrivacySpend PrivacyAccount::left() const {
    PrivacySpend rest;
    for (const auto part : kSpendParts) {
        rest.*part = limit.*part > spent.*part ? limit.*part - spent.*part : 0;
    }
    return rest;
}

void PrivacyAccounts::spend(const PrivacySpend& asked) {
    ErrorDetail detail;
    if (!contract.can_spend(asked)) detail.pointer = "/contract";
    if (detail.pointer.empty() && !resource.can_spend(asked)) detail.pointer = "/resource";
    if (!detail.pointer.empty()) {
        throw conflict("statistic.budget_spent",
                       {"The privacy budget does not allow this query any more; ask with a smaller "
                        "epsilon or rho, or repeat an earlier query, which costs nothing.",
                        "隐私预算不足，无法执行该查询；请降低 epsilon 或 "
                        "rho，或重复以前的查询（不消耗预算）。"},
                       std::move(detail));
    }
    contract.spent = *plus(contract.spent, asked);
    resource.spent = *plus(resource.spent, asked);
}

}  // namespace pdx::privacy
