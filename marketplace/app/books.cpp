#include "marketplace/app/books.h"

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "marketplace/domain/escrow.h"

namespace pdx::app {
namespace {

using domain::AccountKind;
using domain::JournalEvent;
using nlohmann::json;

std::int64_t checked_sum(std::int64_t a, std::int64_t b) {
    std::int64_t sum = 0;
    PDX_CHECK(!__builtin_add_overflow(a, b, &sum));
    return sum;
}

void change_balance(Transaction& tx, const domain::Account& account, std::int64_t change,
                    std::int64_t postings) {
    const auto before = store::find_account(tx.db(), account);
    store::AccountRow row = before.value_or(store::AccountRow{account, Money::fen(0), 0});
    row.balance = Money::fen(checked_sum(row.balance.minor(), change));
    row.postings += postings;
    domain::check_not_negative(account.kind, row.balance.minor());
    if (before) {
        store::update_account(tx.db(), row, before->postings);
    } else {
        store::insert_account(tx.db(), row);
    }
}

/// The money of one order, folded from its postings. Unit: fen.
struct OrderFlow {
    std::int64_t paid = 0;
    std::int64_t released = 0;
    std::int64_t refunded = 0;
    std::int64_t escrow = 0;
    std::int64_t held = 0;
};

OrderFlow fold(const std::vector<store::PostedRow>& postings) {
    OrderFlow flow;
    for (const auto& [journal, event, posting] : postings) {
        const std::int64_t amount = posting.amount.minor();
        if (event == JournalEvent::kOrderPaid) flow.paid += amount;
        if (event == JournalEvent::kOrderSettled) flow.released += amount;
        if (event == JournalEvent::kOrderRefunded || event == JournalEvent::kDisputeRefunded) {
            flow.refunded += amount;
        }
        if (posting.credit.kind == AccountKind::kEscrow) flow.escrow += amount;
        if (posting.debit.kind == AccountKind::kEscrow) flow.escrow -= amount;
        if (posting.credit.kind == AccountKind::kDisputeHold) flow.held += amount;
        if (posting.debit.kind == AccountKind::kDisputeHold) flow.held -= amount;
    }
    return flow;
}

}  // namespace

json post(Transaction& tx, const OrderId& order, const domain::Journal& journal) {
    domain::check_journal(journal);
    std::map<domain::Account, std::int64_t> touched;
    json postings = json::array();
    for (const domain::Posting& posting : journal.postings) {
        ++touched[posting.debit];
        ++touched[posting.credit];
        postings.push_back({{"debit", posting.debit.key()},
                            {"credit", posting.credit.key()},
                            {"amount", posting.amount.text()}});
    }
    for (const auto& [account, change] : domain::balance_changes(journal)) {
        change_balance(tx, account, change, touched.at(account));
    }
    store::insert_postings(tx.db(), tx.make_id<store::JournalTag>(), order, journal, tx.now());
    return {{"event", domain::to_string(journal.event)}, {"postings", std::move(postings)}};
}

json post_all(Transaction& tx, const OrderId& order, std::span<const domain::Journal> journals) {
    json posted = json::array();
    for (const domain::Journal& journal : journals) posted.push_back(post(tx, order, journal));
    return posted;
}

void check_order_books(sql::Connection& db, const store::Order& order) {
    const OrderFlow flow = fold(store::list_postings(db, order.id));
    const auto escrow = store::find_account(db, {AccountKind::kEscrow, order.id.text()});
    PDX_CHECK(flow.escrow >= 0);
    PDX_CHECK(flow.escrow == (escrow ? escrow->balance.minor() : 0));
    PDX_CHECK(flow.paid == 0 || flow.paid == order.amount.minor());
    PDX_CHECK(flow.refunded == order.refunded.minor() && flow.refunded <= flow.paid);
    PDX_CHECK(flow.held >= 0);
    PDX_CHECK(flow.held == 0 || order.state == domain::OrderState::kDisputed);
    // A hold on a settled order lies on the payees' accounts, so escrow is compared without it.
    if (flow.released == 0) {
        PDX_CHECK(flow.escrow == flow.paid - flow.refunded - flow.held);
    } else {
        PDX_CHECK(flow.escrow == 0 && flow.released <= flow.paid);
    }
    PDX_CHECK(flow.escrow == 0 || !domain::is_escrow_empty_in(order.state));
}

}  // namespace pdx::app
