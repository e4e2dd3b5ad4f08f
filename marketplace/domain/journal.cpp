#include "marketplace/domain/journal.h"

#include <algorithm>

namespace pdx::domain {

static_assert(names_are_well_formed(names_of(AccountKind{})));
static_assert(names_are_well_formed(names_of(JournalEvent{})));

namespace {

using E = JournalEvent;
using K = AccountKind;

constexpr auto kBookingRules = std::to_array<BookingRule>({
    {E::kWalletFunded, K::kBankClearing, K::kBuyerWallet},
    {E::kWalletWithdrawn, K::kBuyerWallet, K::kBankClearing},
    {E::kOrderPaid, K::kBuyerWallet, K::kEscrow},
    {E::kOrderRefunded, K::kEscrow, K::kBuyerWallet},
    {E::kOrderSettled, K::kEscrow, K::kPayeePayable},
    {E::kOrderSettled, K::kEscrow, K::kPlatformRevenue},
    {E::kOrderSettled, K::kEscrow, K::kFiscalShare},
    {E::kOrderSettled, K::kEscrow, K::kTaxPayable},
    {E::kDisputeHeld, K::kEscrow, K::kDisputeHold},
    {E::kDisputeHeld, K::kPayeePayable, K::kDisputeHold},
    {E::kDisputeHeld, K::kPlatformRevenue, K::kDisputeHold},
    {E::kDisputeHeld, K::kFiscalShare, K::kDisputeHold},
    {E::kDisputeHeld, K::kTaxPayable, K::kDisputeHold},
    {E::kDisputeReleased, K::kDisputeHold, K::kEscrow},
    {E::kDisputeReleased, K::kDisputeHold, K::kPayeePayable},
    {E::kDisputeReleased, K::kDisputeHold, K::kPlatformRevenue},
    {E::kDisputeReleased, K::kDisputeHold, K::kFiscalShare},
    {E::kDisputeReleased, K::kDisputeHold, K::kTaxPayable},
    {E::kDisputeRefunded, K::kDisputeHold, K::kBuyerWallet},
    {E::kPaidOut, K::kPayeePayable, K::kBankClearing},
    {E::kPaidOut, K::kPlatformRevenue, K::kBankClearing},
    {E::kPaidOut, K::kFiscalShare, K::kBankClearing},
    {E::kPaidOut, K::kTaxPayable, K::kBankClearing},
    {E::kPayoutReturned, K::kBankClearing, K::kPayeePayable},
    {E::kPayoutReturned, K::kBankClearing, K::kPlatformRevenue},
    {E::kPayoutReturned, K::kBankClearing, K::kFiscalShare},
    {E::kPayoutReturned, K::kBankClearing, K::kTaxPayable},
});

constexpr std::size_t kOwnerBytesMax = 64;

bool is_owner(std::string_view owner) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-';
    };
    return !owner.empty() && owner.size() <= kOwnerBytesMax &&
           std::all_of(owner.begin(), owner.end(), fits);
}

bool is_account(const Account& account) {
    return is_single(account.kind) ? account.owner.empty() : is_owner(account.owner);
}

void add(std::int64_t& balance, std::int64_t amount) {
    PDX_CHECK(!__builtin_add_overflow(balance, amount, &balance));
}

}  // namespace

std::string Account::key() const {
    std::string text(to_string(kind));
    if (!owner.empty()) text += ":" + owner;
    return text;
}

std::optional<Account> Account::parse(std::string_view key) {
    const std::size_t colon = key.find(':');
    const auto kind = domain::parse<AccountKind>(key.substr(0, colon));
    if (!kind) return std::nullopt;
    Account account{*kind, {}};
    if (colon != std::string_view::npos) {
        account.owner = key.substr(colon + 1);
        if (account.owner.empty()) return std::nullopt;
    }
    return is_account(account) ? std::optional(account) : std::nullopt;
}

std::span<const BookingRule> booking_rules() { return kBookingRules; }

bool is_bookable(JournalEvent event, AccountKind debit, AccountKind credit) {
    return std::any_of(kBookingRules.begin(), kBookingRules.end(), [&](const BookingRule& rule) {
        return rule.event == event && rule.debit == debit && rule.credit == credit;
    });
}

void check_journal(const Journal& journal) {
    PDX_CHECK(!journal.postings.empty());
    const Currency currency = journal.postings.front().amount.currency();
    std::int64_t moved = 0;
    for (const Posting& posting : journal.postings) {
        PDX_CHECK(posting.amount.minor() > 0);
        PDX_CHECK(posting.amount.currency() == currency);
        PDX_CHECK(is_account(posting.debit) && is_account(posting.credit));
        PDX_CHECK(is_bookable(journal.event, posting.debit.kind, posting.credit.kind));
        add(moved, posting.amount.minor());  // the whole journal must fit
    }
    std::int64_t sum = 0;
    for (const auto& [account, change] : balance_changes(journal)) {
        add(sum, is_asset(account.kind) ? change : -change);
    }
    PDX_CHECK(sum == 0);
}

std::map<Account, std::int64_t> balance_changes(const Journal& journal) {
    std::map<Account, std::int64_t> changes;
    for (const Posting& posting : journal.postings) {
        const std::int64_t amount = posting.amount.minor();
        add(changes[posting.debit], is_asset(posting.debit.kind) ? amount : -amount);
        add(changes[posting.credit], is_asset(posting.credit.kind) ? -amount : amount);
    }
    return changes;
}

void Balances::apply(const Journal& journal) {
    check_journal(journal);
    std::map<Account, std::int64_t> after = balance_changes(journal);
    for (auto& [account, balance] : after) {
        const auto before = balances_.find(account);
        if (before != balances_.end()) add(balance, before->second);
        check_not_negative(account.kind, balance);
    }
    for (const auto& [account, balance] : after) balances_[account] = balance;
}

Money Balances::balance(const Account& account) const {
    const auto found = balances_.find(account);
    return Money::fen(found == balances_.end() ? 0 : found->second);
}

std::int64_t Balances::difference() const {
    std::int64_t sum = 0;
    for (const auto& [account, balance] : balances_) {
        add(sum, is_asset(account.kind) ? balance : -balance);
    }
    return sum;
}

void check_not_negative(AccountKind kind, std::int64_t balance) {
    if (is_asset(kind) || balance >= 0) return;
    ErrorDetail detail;
    detail.rule = to_string(kind);
    throw conflict("account.insufficient",
                   {"There is not enough money in the account (" + std::string(to_string(kind)) +
                        ") for this.",
                    "账户（" + std::string(label_zh(kind)) + "）余额不足。"},
                   std::move(detail));
}

}  // namespace pdx::domain
