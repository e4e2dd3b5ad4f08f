#include "privacy/privacy_budget.h"

#include <array>
#include <string>
#include <utility>

#include "base/error.h"

namespace pdx::privacy {
namespace {

constexpr std::array kSpendParts{&PrivacySpend::epsilon_millionths, &PrivacySpend::rho_millionths,
                                 &PrivacySpend::delta_trillionths};

/// "epsilon_millionths 1000000, ...": by it the asker sees which noise, and how much, would do.
std::string left_text(const PrivacyAccount& account) {
    const PrivacySpend left = account.left();
    return "epsilon_millionths " + std::to_string(left.epsilon_millionths) + ", rho_millionths " +
           std::to_string(left.rho_millionths) + ", delta_trillionths " +
           std::to_string(left.delta_trillionths);
}

[[noreturn]] void refuse(const PrivacyAccount& account, std::string pointer, const Text& whose) {
    throw conflict("statistic.budget_spent",
                   {whose.en + " does not allow this query. It has left: " + left_text(account) +
                        ". To repeat an earlier query costs nothing.",
                    whose.zh + "不足，无法执行该查询。剩余：" + left_text(account) +
                        "。重复以前的查询不消耗预算。"},
                   {.pointer = std::move(pointer)});
}

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
    if (!contract.can_spend(asked)) {
        refuse(contract, "/contract", {"The contract's privacy budget", "协议的隐私预算"});
    }
    if (!resource.can_spend(asked)) {
        refuse(resource, "/resource",
               {"The privacy budget of the data resource, which all contracts about it share,",
                "该数据资源（各协议共用）的隐私预算"});
    }
    contract.spent = *plus(contract.spent, asked);
    resource.spent = *plus(resource.spent, asked);
}

}  // namespace pdx::privacy
