#include "marketplace/domain/settlement_rules.h"

#include <algorithm>

namespace pdx::domain {

static_assert(names_are_well_formed(names_of(SplitRole{})));

namespace {

bool has_party(SplitRole role) {
    return role != SplitRole::kPlatformFee && role != SplitRole::kTax;
}

[[noreturn]] void refuse_rules(Text text) {
    ErrorDetail detail;
    detail.pointer = "split";
    throw invalid("split.rules", std::move(text), std::move(detail));
}

Journal single(JournalEvent event, Account debit, Account credit, Money amount) {
    Journal journal{event, {{std::move(debit), std::move(credit), amount}}};
    check_journal(journal);
    return journal;
}

std::vector<Money> amounts_of(std::span<const HeldLeg> legs) {
    std::vector<Money> amounts;
    amounts.reserve(legs.size());
    for (const HeldLeg& leg : legs) amounts.push_back(leg.amount);
    return amounts;
}

Account wallet_of(const PartyId& buyer) { return {AccountKind::kBuyerWallet, buyer.text()}; }
Account escrow_of(const OrderId& order) { return {AccountKind::kEscrow, order.text()}; }
Account hold_of(const DisputeId& dispute) { return {AccountKind::kDisputeHold, dispute.text()}; }

}  // namespace

void check_split_rules(std::span<const SplitRule> rules) {
    if (rules.empty() || rules.size() > kSplitRulesMax) {
        refuse_rules({"A split needs between 1 and 32 shares.", "分配方案须包含 1 至 32 项。"});
    }
    std::int64_t sum = 0;
    for (auto rule = rules.begin(); rule != rules.end(); ++rule) {
        const std::string role(to_string(rule->role));
        const std::string role_zh(label_zh(rule->role));
        if (rule->basis_points < 0 || rule->basis_points > kBasisPointsWhole) {
            refuse_rules({"The share of " + role + " must lie between 0 and 10,000 basis points.",
                          role_zh + "的比例须在 0 至 10,000 基点之间。"});
        }
        if (has_party(rule->role) == rule->party.empty()) {
            refuse_rules(rule->party.empty()
                             ? Text{"The share of " + role + " must name a party.",
                                    role_zh + "须注明收款方。"}
                             : Text{"The share of " + role + " has no party of its own.",
                                    role_zh + "不得注明收款方。"});
        }
        const auto same = [&](const SplitRule& other) {
            return other.role == rule->role && other.party == rule->party;
        };
        if (std::any_of(rules.begin(), rule, same)) {
            refuse_rules({"The share of " + role + " is named twice for one party.",
                          role_zh + "对同一收款方重复设定。"});
        }
        sum += rule->basis_points;
    }
    if (sum != kBasisPointsWhole) {
        refuse_rules({"The shares sum to " + std::to_string(sum) + " basis points, not to 10,000.",
                      "各项比例合计 " + std::to_string(sum) + " 基点，应为 10,000。"});
    }
}

std::vector<SettlementLine> calculate(Money gross, std::span<const SplitRule> rules) {
    check_split_rules(rules);
    if (gross.is_negative()) {
        throw invalid("split.gross",
                      {"The amount to settle cannot be below zero.", "待结算金额不得为负数。"});
    }
    std::vector<std::int64_t> weights;
    weights.reserve(rules.size());
    for (const SplitRule& rule : rules) weights.push_back(rule.basis_points);
    const std::vector<Money> shares = split(gross, weights);
    std::vector<SettlementLine> lines;
    lines.reserve(rules.size());
    for (std::size_t i = 0; i < rules.size(); ++i) {
        lines.push_back({rules[i].role, rules[i].party, rules[i].basis_points, shares[i]});
    }
    return lines;
}

Account account_of(SplitRole role, const std::string& party) {
    switch (role) {
        case SplitRole::kPlatformFee: return {AccountKind::kPlatformRevenue, {}};
        case SplitRole::kTax: return {AccountKind::kTaxPayable, {}};
        case SplitRole::kSourceDepartment: return {AccountKind::kFiscalShare, party};
        case SplitRole::kOperator:
        case SplitRole::kDeveloper:
        case SplitRole::kThirdParty: return {AccountKind::kPayeePayable, party};
    }
    fail_check("unknown split role", __FILE__, __LINE__);
}

std::vector<Money> take_from_legs(std::span<const Money> remaining, Money amount) {
    if (amount.is_negative()) {
        throw invalid("refund.amount", {"A refund cannot be below zero.", "退款金额不得为负数。"});
    }
    Money sum(0, amount.currency());
    std::vector<std::int64_t> weights;
    weights.reserve(remaining.size());
    for (const Money& leg : remaining) {
        PDX_CHECK(!leg.is_negative());
        sum = sum.plus(leg);
        weights.push_back(leg.minor());
    }
    if (sum.less_than(amount)) {
        throw conflict("refund.exceeds", {"Only " + sum.text() + " fen can still be given back.",
                                          "可退余额仅为 " + sum.text() + " 分。"});
    }
    if (sum.is_zero()) return {remaining.begin(), remaining.end()};
    return split(amount, weights);
}

Journal fund_wallet(const PartyId& buyer, Money amount) {
    return single(JournalEvent::kWalletFunded, {AccountKind::kBankClearing, {}}, wallet_of(buyer),
                  amount);
}

Journal pay_order(const PartyId& buyer, const OrderId& order, Money amount) {
    return single(JournalEvent::kOrderPaid, wallet_of(buyer), escrow_of(order), amount);
}

Journal refund_order(const PartyId& buyer, const OrderId& order, Money amount) {
    return single(JournalEvent::kOrderRefunded, escrow_of(order), wallet_of(buyer), amount);
}

Journal settle_order(const OrderId& order, std::span<const SettlementLine> lines) {
    Journal journal{JournalEvent::kOrderSettled, {}};
    for (const SettlementLine& line : lines) {
        if (line.amount.is_zero()) continue;
        journal.postings.push_back(
            {escrow_of(order), account_of(line.role, line.party), line.amount});
    }
    check_journal(journal);
    return journal;
}

std::vector<HeldLeg> hold_from_escrow(const OrderId& order, Money hold) {
    return {{escrow_of(order), hold}};
}

std::vector<HeldLeg> hold_from_lines(std::span<const SettlementLine> lines,
                                     std::span<const Money> remaining, Money hold) {
    PDX_CHECK(lines.size() == remaining.size());
    const std::vector<Money> shares = take_from_legs(remaining, hold);
    std::vector<HeldLeg> legs;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!shares[i].is_zero()) {
            legs.push_back({account_of(lines[i].role, lines[i].party), shares[i]});
        }
    }
    return legs;
}

Journal hold_for_dispute(const DisputeId& dispute, std::span<const HeldLeg> legs) {
    Journal journal{JournalEvent::kDisputeHeld, {}};
    for (const HeldLeg& leg : legs) {
        journal.postings.push_back({leg.account, hold_of(dispute), leg.amount});
    }
    check_journal(journal);
    return journal;
}

std::vector<Money> refund_by_leg(std::span<const HeldLeg> legs, Money refund) {
    return take_from_legs(amounts_of(legs), refund);
}

std::vector<Journal> execute_decision(const DisputeId& dispute, const PartyId& buyer,
                                      std::span<const HeldLeg> legs, Money refund) {
    const std::vector<Money> refunds = refund_by_leg(legs, refund);
    std::vector<Journal> journals;
    if (!refund.is_zero()) {
        journals.push_back(
            single(JournalEvent::kDisputeRefunded, hold_of(dispute), wallet_of(buyer), refund));
    }
    Journal release{JournalEvent::kDisputeReleased, {}};
    for (std::size_t i = 0; i < legs.size(); ++i) {
        const Money rest = legs[i].amount.minus(refunds[i]);
        if (!rest.is_zero()) {
            release.postings.push_back({hold_of(dispute), legs[i].account, rest});
        }
    }
    if (!release.postings.empty()) {
        check_journal(release);
        journals.push_back(std::move(release));
    }
    return journals;
}

Journal pay_out(const Account& account, Money amount) {
    return single(JournalEvent::kPaidOut, account, {AccountKind::kBankClearing, {}}, amount);
}

Journal return_payout(const Account& account, Money amount) {
    return single(JournalEvent::kPayoutReturned, {AccountKind::kBankClearing, {}}, account, amount);
}

}  // namespace pdx::domain
