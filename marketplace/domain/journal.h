#pragma once
/// Double entry with a closed list of what may be booked. A journal is a business event and its
/// postings; each posting moves a positive amount from one account's debit to another's credit, so
/// every journal sums to zero. The books are kept here; the money is at the bank.
/// Source: settlement reference 7.4, 9.1; design D7.
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/money.h"
#include "marketplace/domain/machine.h"

namespace pdx::domain {

/// The chart of accounts. bank_clearing is an asset; all others are what the exchange owes or has
/// earned, and may not go below zero.
enum class AccountKind {
    kBankClearing,     ///< one: what lies at the bank
    kBuyerWallet,      ///< per buyer
    kEscrow,           ///< per order
    kDisputeHold,      ///< per dispute
    kPayeePayable,     ///< per operator, developer or third party
    kPlatformRevenue,  ///< one
    kFiscalShare,      ///< per source department: non-tax revenue owed to the treasury
    kTaxPayable,       ///< one
};

inline constexpr auto kAccountKindNames = std::to_array<NameRow<AccountKind>>({
    {AccountKind::kBankClearing, "bank_clearing", "银行清算"},
    {AccountKind::kBuyerWallet, "buyer_wallet", "买方资金"},
    {AccountKind::kEscrow, "escrow", "订单托管"},
    {AccountKind::kDisputeHold, "dispute_hold", "争议冻结"},
    {AccountKind::kPayeePayable, "payee_payable", "应付收款方"},
    {AccountKind::kPlatformRevenue, "platform_revenue", "平台收入"},
    {AccountKind::kFiscalShare, "fiscal_share", "应缴非税收入"},
    {AccountKind::kTaxPayable, "tax_payable", "应交税费"},
});
constexpr std::span<const NameRow<AccountKind>> names_of(AccountKind) { return kAccountKindNames; }

enum class JournalEvent {
    kWalletFunded,
    kWalletWithdrawn,
    kOrderPaid,
    kOrderRefunded,
    kOrderSettled,
    kDisputeHeld,
    kDisputeReleased,
    kDisputeRefunded,
    kPaidOut,
    kPayoutReturned,
};

inline constexpr auto kJournalEventNames = std::to_array<NameRow<JournalEvent>>({
    {JournalEvent::kWalletFunded, "wallet_funded", "买方入金"},
    {JournalEvent::kWalletWithdrawn, "wallet_withdrawn", "买方出金"},
    {JournalEvent::kOrderPaid, "order_paid", "订单付款"},
    {JournalEvent::kOrderRefunded, "order_refunded", "订单退款"},
    {JournalEvent::kOrderSettled, "order_settled", "订单结算"},
    {JournalEvent::kDisputeHeld, "dispute_held", "争议冻结"},
    {JournalEvent::kDisputeReleased, "dispute_released", "解除冻结"},
    {JournalEvent::kDisputeRefunded, "dispute_refunded", "争议退款"},
    {JournalEvent::kPaidOut, "paid_out", "划付"},
    {JournalEvent::kPayoutReturned, "payout_returned", "退汇"},
});
constexpr std::span<const NameRow<JournalEvent>> names_of(JournalEvent) {
    return kJournalEventNames;
}

/// An account. `owner` is a party, order or dispute id; empty for the kinds that exist once.
struct Account {
    AccountKind kind = AccountKind::kBankClearing;
    std::string owner;

    auto operator<=>(const Account&) const = default;
    /// Shape: kind, or kind:owner. Stable: reaches disk and ledger.
    std::string key() const;
    /// Owner: 1 to 64 of [A-Za-z0-9._-], absent exactly for the kinds that exist once.
    static std::optional<Account> parse(std::string_view key);
};

/// True when there is one account of the kind, without an owner.
constexpr bool is_single(AccountKind kind) {
    return kind == AccountKind::kBankClearing || kind == AccountKind::kPlatformRevenue ||
           kind == AccountKind::kTaxPayable;
}
/// An asset grows by debits; every other kind by credits.
constexpr bool is_asset(AccountKind kind) { return kind == AccountKind::kBankClearing; }

struct Posting {
    Account debit;
    Account credit;
    Money amount;
    bool operator==(const Posting&) const = default;
};

struct Journal {
    JournalEvent event = JournalEvent::kOrderPaid;
    std::vector<Posting> postings;
    bool operator==(const Journal&) const = default;
};

/// A line of the closed table.
struct BookingRule {
    JournalEvent event;
    AccountKind debit;
    AccountKind credit;
};
std::span<const BookingRule> booking_rules();
bool is_bookable(JournalEvent event, AccountKind debit, AccountKind credit);

/// At least one posting; each positive, between two well-formed accounts, in the table; one
/// currency; the signed sum is zero.
/// Throws: InvariantViolation, because only our own code makes journals.
void check_journal(const Journal& journal);

/// What a journal does to the balances, by account key. The balance of an asset is debits less
/// credits, of any other kind credits less debits.
/// Requires: check_journal passes.
std::map<Account, std::int64_t> balance_changes(const Journal& journal);

/// Balances folded from journals: the auditor's replay, and the model that tests compare against.
class Balances {
public:
    /// Ensures: nothing changes when it throws.
    /// Throws: kConflict `account.insufficient` when an account would go below zero.
    void apply(const Journal& journal);
    /// Zero for an account that was never touched.
    Money balance(const Account& account) const;
    /// Assets less everything else; zero at every instant.
    std::int64_t difference() const;
    const std::map<Account, std::int64_t>& all() const { return balances_; }

private:
    std::map<Account, std::int64_t> balances_;
};

/// The refusal for an account that lacks the money. Public text names the kind, never the amount.
/// Throws: kConflict `account.insufficient` when `balance` is negative and `kind` is no asset.
void check_not_negative(AccountKind kind, std::int64_t balance);

}  // namespace pdx::domain
