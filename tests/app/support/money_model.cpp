#include "tests/app/support/money_model.h"

#include <array>

#include "marketplace/app/order_view.h"
#include "tests/support/catch.h"

namespace pdx::test {
namespace {

using domain::AccountKind;
using domain::JournalEvent;
using nlohmann::json;

constexpr sql::Query kEntriesFrom{
    "test.entries_from",
    "SELECT bytes FROM log_entry WHERE log_index >= ? ORDER BY log_index LIMIT 100000"};

/// The entity that a set of members speaks of, the most special one first.
std::string entity_of(const json& fact) {
    for (const char* member : {"dispute_id", "settlement_id", "delivery_id", "order_id"}) {
        if (fact.contains(member) && fact.contains("version")) {
            return fact.at(member).get<std::string>();
        }
    }
    return {};
}

std::string order_of(const json& body) {
    if (body.contains("order")) return body.at("order").at("order_id").get<std::string>();
    return body.contains("order_id") ? body.at("order_id").get<std::string>() : std::string();
}

}  // namespace

std::size_t MoneyModel::follow() {
    const auto rows = trade_.market.open()->all(kEntriesFrom, next_index_);
    for (const sql::Row& row : rows) take(json::parse(row.blob(0)));
    next_index_ += std::ssize(rows);
    return rows.size();
}

void MoneyModel::take(const json& entry) {
    const auto at = entry.at("at").get<std::string>();
    CHECK(last_time_ <= at);
    last_time_ = at;
    const json& body = entry.at("body");
    remember(body);
    for (const char* part : {"order", "settlement", "dispute"}) {
        if (body.contains(part)) remember(body.at(part));
    }
    if (!body.contains("journals")) return;
    for (const json& posted : body.at("journals")) book(posted, order_of(body));
}

void MoneyModel::remember(const json& fact) {
    if (const std::string id = entity_of(fact); !id.empty()) facts_[id] = fact;
}

void MoneyModel::book(const json& posted, const std::string& order) {
    REQUIRE_FALSE(order.empty());
    const domain::Journal journal = journal_in(posted);
    std::int64_t sum = 0;
    for (const auto& [account, change] : domain::balance_changes(journal)) {
        sum += domain::is_asset(account.kind) ? change : -change;
    }
    CHECK(sum == 0);
    balances_.apply(journal);
    OrderMoney& money = orders_[order];
    for (const domain::Posting& posting : journal.postings) {
        const std::int64_t amount = posting.amount.minor();
        const bool from_escrow = posting.debit.kind == AccountKind::kEscrow;
        if (from_escrow) CHECK(posting.debit.owner == order);
        if (posting.credit.kind == AccountKind::kDisputeHold) {
            late_holds_[posting.credit.owner] = !from_escrow;
            (from_escrow ? money.held : money.held_late) += amount;
        }
        if (posting.debit.kind == AccountKind::kDisputeHold) {
            const bool late = late_holds_.at(posting.debit.owner);
            (late ? money.held_late : money.held) -= amount;
            if (journal.event == JournalEvent::kDisputeRefunded) {
                money.refunded += amount;
                if (late) money.refunded_late += amount;
            }
        }
        if (journal.event == JournalEvent::kOrderPaid) money.paid += amount;
        if (journal.event == JournalEvent::kOrderSettled) money.released += amount;
        if (journal.event == JournalEvent::kOrderRefunded) money.refunded += amount;
    }
}

void MoneyModel::compare() {
    compare_accounts();
    for (const store::Order& order : trade_.orders.list(trade_.auditor, "", 1'000)) {
        CAPTURE(order.id.text(), domain::to_string(order.state));
        compare_order(order);
        for (const store::Delivery& row :
             trade_.deliveries.list(trade_.auditor, order.id, "", 100)) {
            compare_fact(row.id.text(), app::fact_of(row));
        }
    }
    for (const store::Dispute& row : trade_.disputes.list(trade_.auditor, "", 1'000)) {
        CAPTURE(row.id.text(), domain::to_string(row.state));
        compare_fact(row.id.text(), app::fact_of(row));
        const std::int64_t held = domain::holds_money(row.state) ? row.held.minor() : 0;
        CHECK(balances_.balance({AccountKind::kDisputeHold, row.id.text()}).minor() == held);
    }
}

void MoneyModel::compare_accounts() {
    std::map<domain::Account, std::int64_t> stored;
    for (const store::AccountRow& row : trade_.books.list(trade_.auditor, "", 1'000)) {
        CHECK((domain::is_asset(row.account.kind) || row.balance.minor() >= 0));
        stored[row.account] = row.balance.minor();
    }
    CHECK(stored == balances_.all());
    CHECK(balances_.difference() == 0);
}

void MoneyModel::compare_order(const store::Order& order) {
    compare_fact(order.id.text(), app::fact_of(order));
    const OrderMoney& money = orders_[order.id.text()];
    const std::int64_t escrow = balances_.balance({AccountKind::kEscrow, order.id.text()}).minor();
    const std::int64_t refunded_early = money.refunded - money.refunded_late;
    CHECK(escrow >= 0);
    CHECK(escrow == money.paid - money.released - refunded_early - money.held);
    CHECK(money.held >= 0);
    CHECK(money.held_late >= 0);
    CHECK((money.held + money.held_late == 0 || order.state == domain::OrderState::kDisputed));
    CHECK((money.paid == 0 || money.paid == order.amount.minor()));
    CHECK(money.refunded == order.refunded.minor());
    CHECK(money.refunded <= money.paid);
    const auto settlement = store::find_settlement_of(*trade_.market.open(), order.id);
    if (settlement) {
        compare_fact(settlement->id.text(), app::fact_of(*settlement));
        compare_settlement(*settlement, money);
    } else {
        CHECK(money.released == 0);
    }
    // What is over holds nothing any more.
    constexpr std::array kOver{domain::OrderState::kCancelled, domain::OrderState::kRefunded,
                               domain::OrderState::kClosed};
    if (std::find(kOver.begin(), kOver.end(), order.state) != kOver.end()) {
        CHECK(escrow + money.held + money.held_late == 0);
    }
}

void MoneyModel::compare_settlement(const store::Settlement& settlement, const OrderMoney& money) {
    std::int64_t owed = 0;
    std::int64_t refunded = 0;
    const auto paid_by_bank = trade_.market.bank().paid();
    for (std::size_t position = 0; position < settlement.lines.size(); ++position) {
        const store::SettlementLine& line = settlement.lines[position];
        owed += line.share.amount.minor();
        refunded += line.refunded.minor();
        CHECK_FALSE(line.remaining().is_negative());
        const auto transfer =
            paid_by_bank.find(settlement.id.text() + ":" + std::to_string(position));
        const bool is_paid = transfer != paid_by_bank.end();
        CHECK(line.paid == (is_paid ? transfer->second : Money::fen(0)));
    }
    CHECK(owed == settlement.gross.minor());
    CHECK(owed == money.released);
    CHECK(refunded == money.refunded_late);
}

void MoneyModel::compare_fact(const std::string& id, const json& stored) {
    REQUIRE(facts_.contains(id));
    const json& fact = facts_.at(id);
    for (const auto& [member, value] : stored.items()) {
        CAPTURE(id, member);
        CHECK(fact.contains(member));
        if (fact.contains(member)) CHECK(fact.at(member) == value);
    }
}

}  // namespace pdx::test
