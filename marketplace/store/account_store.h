#pragma once
/// Accounts with their running balances, and the postings that they are the sum of. What may be
/// booked is domain/journal.h's; who calls this is app/books.h alone.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/money.h"
#include "base/time.h"
#include "marketplace/domain/journal.h"
#include "sql/sql.h"

namespace pdx::store {

struct JournalTag {};
using JournalId = Id<JournalTag>;

struct AccountRow {
    domain::Account account;
    Money balance;
    std::int64_t postings = 0;  ///< how many it was touched by: its version
};

/// A posting with the journal it belongs to.
struct PostedRow {
    JournalId journal;
    domain::JournalEvent event;
    domain::Posting posting;
};

std::optional<AccountRow> find_account(sql::Connection& db, const domain::Account& account);
void insert_account(sql::Connection& db, const AccountRow& row);
/// Throws: Error kStale when the account is not at `postings_before` postings any more.
void update_account(sql::Connection& db, const AccountRow& row, std::int64_t postings_before);
/// Ordered by key, from after `after`.
std::vector<AccountRow> list_accounts(sql::Connection& db, const std::string& after,
                                      std::int64_t limit);

struct KindTotal {
    domain::AccountKind kind;
    Money balance;
};
/// The balances of all accounts, summed by kind; one statement, so one instant.
std::vector<KindTotal> total_by_kind(sql::Connection& db);

void insert_postings(sql::Connection& db, const JournalId& id, const OrderId& order,
                     const domain::Journal& journal, Timestamp now);
/// Everything booked for one order, oldest first, at most kOrderPostingsMax.
std::vector<PostedRow> list_postings(sql::Connection& db, const OrderId& order);
/// Unit: postings. An order of 32 shares with a dispute every month for years stays below it.
inline constexpr std::int64_t kOrderPostingsMax = 10'000;

std::span<const sql::Query> account_queries();

}  // namespace pdx::store
