#include "marketplace/store/account_store.h"

#include <array>

#include "base/check.h"
#include "base/error.h"
#include "marketplace/store/columns.h"

namespace pdx::store {
namespace {

constexpr sql::Query kFind{
    "account.find", "SELECT account_key, balance_fen, postings FROM account WHERE account_key = ?"};
constexpr sql::Query kInsert{
    "account.insert",
    "INSERT INTO account (account_key, account_kind, owner_id, balance_fen, postings) "
    "VALUES (?, ?, ?, ?, ?)"};
constexpr sql::Query kUpdate{
    "account.update",
    "UPDATE account SET balance_fen = ?, postings = ? WHERE account_key = ? AND postings = ?"};
constexpr sql::Query kList{
    "account.list",
    "SELECT account_key, balance_fen, postings FROM account WHERE account_key > ? "
    "ORDER BY account_key LIMIT ?"};
// MySQL sums integers to DECIMAL, which the driver would give as text.
constexpr sql::Query kTotals{"account.totals",
                             "SELECT account_kind, CAST(SUM(balance_fen) AS SIGNED) FROM account "
                             "GROUP BY account_kind ORDER BY account_kind LIMIT 100"};
constexpr sql::Query kInsertPosting{
    "posting.insert",
    "INSERT INTO posting (journal_id, position, journal_event, order_id, debit_key, credit_key, "
    "amount_fen, posted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr sql::Query kPostingsOfOrder{
    "posting.by_order",
    "SELECT journal_id, journal_event, debit_key, credit_key, amount_fen FROM posting "
    "WHERE order_id = ? ORDER BY journal_id, position LIMIT ?"};
constexpr std::array kQueries{kFind,   kInsert,        kUpdate,         kList,
                              kTotals, kInsertPosting, kPostingsOfOrder};

domain::Account read_key(const std::string& key) {
    auto account = domain::Account::parse(key);
    PDX_CHECK(account.has_value());
    return *account;
}

AccountRow read_account(const sql::Row& row) {
    return {read_key(row.text(0)), row.fen(1), row.integer(2)};
}

}  // namespace

std::optional<AccountRow> find_account(sql::Connection& db, const domain::Account& account) {
    const auto row = db.one(kFind, account.key());
    return row ? std::optional(read_account(*row)) : std::nullopt;
}

void insert_account(sql::Connection& db, const AccountRow& row) {
    db.run(kInsert, row.account.key(), domain::to_string(row.account.kind), row.account.owner,
           row.balance, row.postings);
}

void update_account(sql::Connection& db, const AccountRow& row, std::int64_t postings_before) {
    if (db.run(kUpdate, row.balance, row.postings, row.account.key(), postings_before) != 1) {
        throw stale("account");
    }
}

std::vector<AccountRow> list_accounts(sql::Connection& db, const std::string& after,
                                      std::int64_t limit) {
    std::vector<AccountRow> accounts;
    for (const sql::Row& row : db.all(kList, after, limit)) accounts.push_back(read_account(row));
    return accounts;
}

std::vector<KindTotal> total_by_kind(sql::Connection& db) {
    std::vector<KindTotal> totals;
    for (const sql::Row& row : db.all(kTotals)) {
        totals.push_back({name_at<domain::AccountKind>(row, 0), row.fen(1)});
    }
    return totals;
}

void insert_postings(sql::Connection& db, const JournalId& id, const OrderId& order,
                     const domain::Journal& journal, Timestamp now) {
    std::int64_t position = 0;
    for (const domain::Posting& posting : journal.postings) {
        db.run(kInsertPosting, id, position, domain::to_string(journal.event), order,
               posting.debit.key(), posting.credit.key(), posting.amount, now);
        ++position;
    }
}

std::vector<PostedRow> list_postings(sql::Connection& db, const OrderId& order) {
    std::vector<PostedRow> postings;
    for (const sql::Row& row : db.all(kPostingsOfOrder, order, kOrderPostingsMax + 1)) {
        postings.push_back({id_at<JournalTag>(row, 0),
                            name_at<domain::JournalEvent>(row, 1),
                            {read_key(row.text(2)), read_key(row.text(3)), row.fen(4)}});
    }
    PDX_CHECK(std::ssize(postings) <= kOrderPostingsMax);
    return postings;
}

std::span<const sql::Query> account_queries() { return kQueries; }

}  // namespace pdx::store
