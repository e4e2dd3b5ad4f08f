#pragma once
/// The arithmetic of settlement: the split of what an order earned, and refunds and holds taken
/// from its legs; and the journals that book them. Exact to the fen.
/// Source: settlement reference 7.3; design D7; 无锡市公共数据授权运营管理办法（试行）: the share
/// of the source departments is non-tax state revenue.
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/money.h"
#include "marketplace/domain/journal.h"
#include "marketplace/domain/machine.h"

namespace pdx::domain {

enum class SplitRole {
    kPlatformFee,
    kOperator,
    kSourceDepartment,
    kDeveloper,
    kThirdParty,
    kTax,
};

inline constexpr auto kSplitRoleNames = std::to_array<NameRow<SplitRole>>({
    {SplitRole::kPlatformFee, "platform_fee", "平台服务费"},
    {SplitRole::kOperator, "operator", "运营机构"},
    {SplitRole::kSourceDepartment, "source_department_nontax", "数源部门（非税收入）"},
    {SplitRole::kDeveloper, "developer", "开发者"},
    {SplitRole::kThirdParty, "third_party", "第三方服务机构"},
    {SplitRole::kTax, "tax", "税费"},
});
constexpr std::span<const NameRow<SplitRole>> names_of(SplitRole) { return kSplitRoleNames; }

/// Unit: basis points; 10,000 is the whole.
struct SplitRule {
    SplitRole role = SplitRole::kOperator;
    std::int64_t basis_points = 0;
    std::string party;  ///< party id; empty exactly for platform_fee and tax

    bool operator==(const SplitRule&) const = default;
};

inline constexpr std::int64_t kBasisPointsWhole = 10'000;
inline constexpr std::size_t kSplitRulesMax = 32;

/// One leg of a settlement.
struct SettlementLine {
    SplitRole role = SplitRole::kOperator;
    std::string party;
    std::int64_t basis_points = 0;
    Money amount;

    bool operator==(const SettlementLine&) const = default;
};

/// Throws: kInvalid `split.rules`: none or too many, a share outside 0..10,000, a sum other than
/// 10,000, a party missing or given where there is none, one (role, party) twice.
void check_split_rules(std::span<const SplitRule> rules);

/// Largest remainder; ties go to the earlier rule. Ensures: the lines sum to `gross`.
/// Throws: as check_split_rules; kInvalid `split.gross` when `gross` is negative.
std::vector<SettlementLine> calculate(Money gross, std::span<const SplitRule> rules);

/// The account that a leg is booked to.
Account account_of(SplitRole role, const std::string& party);

/// Divides `amount` over legs by what each can still give back. The obvious rule, the original
/// percentages on the running total, takes money back from a payee (settlement reference 7.3).
/// Ensures: no leg gives more than it has; taking everything empties every leg.
/// Throws: kConflict `refund.exceeds` when `amount` is above the sum of `remaining`; kInvalid
/// `refund.amount` when it is negative.
std::vector<Money> take_from_legs(std::span<const Money> remaining, Money amount);

/// The journals of the money side, one per business event.
Journal fund_wallet(const PartyId& buyer, Money amount);
Journal pay_order(const PartyId& buyer, const OrderId& order, Money amount);
/// Requires: the order is not settled; `amount` lies in escrow.
Journal refund_order(const PartyId& buyer, const OrderId& order, Money amount);
/// Books each line that is not zero. Requires: at least one is not zero.
Journal settle_order(const OrderId& order, std::span<const SettlementLine> lines);

/// A part of a hold and the account it was taken from.
struct HeldLeg {
    Account account;
    Money amount;
    bool operator==(const HeldLeg&) const = default;
};
/// From escrow while the order is not settled: one leg.
std::vector<HeldLeg> hold_from_escrow(const OrderId& order, Money hold);
/// From the legs of a settled order, which must not have been paid out. `remaining` is what each
/// line still has: its amount less refunds and payouts. Legs of zero are left out.
std::vector<HeldLeg> hold_from_lines(std::span<const SettlementLine> lines,
                                     std::span<const Money> remaining, Money hold);

Journal hold_for_dispute(const DisputeId& dispute, std::span<const HeldLeg> legs);
/// What each leg gives to the refund; the rest of the hold returns to the legs.
std::vector<Money> refund_by_leg(std::span<const HeldLeg> legs, Money refund);
/// The journals that empty the hold: a refund to the buyer, a release to the legs, or both.
std::vector<Journal> execute_decision(const DisputeId& dispute, const PartyId& buyer,
                                      std::span<const HeldLeg> legs, Money refund);

/// The bank's side. Requires: `account` is payable (not escrow, wallet or hold).
Journal pay_out(const Account& account, Money amount);
Journal return_payout(const Account& account, Money amount);

}  // namespace pdx::domain
