#pragma once
/// The books: every movement of money goes through post(), which is the only writer of accounts and
/// postings. Which movements exist is domain/journal.h's, the amounts are
/// domain/settlement_rules.h's.
#include <nlohmann/json_fwd.hpp>
#include <span>

#include "marketplace/app/context.h"
#include "marketplace/domain/journal.h"
#include "marketplace/store/account_store.h"
#include "marketplace/store/order_store.h"

namespace pdx::app {

/// Books a journal: accounts are created on first use, balances and posting counts kept beside.
/// Returns: {"event", "postings": [{"debit","credit","amount"}]} for the fact, so that every
/// balance can be rebuilt from the entries alone. Throws: InvariantViolation when the journal is
/// not one; kConflict `account.insufficient` when an account would go below zero.
nlohmann::json post(Transaction& tx, const OrderId& order, const domain::Journal& journal);
/// A JSON array, one element per journal.
nlohmann::json post_all(Transaction& tx, const OrderId& order,
                        std::span<const domain::Journal> journals);

/// What must be true of an order's money at any instant (design section 7), checked in every build
/// at the end of each command that moves it: escrow = paid - released - refunded - held >= 0 and
/// equal to the account's balance; refunds are those of the order; nothing is held without a
/// dispute; nothing is left in escrow once the order is over.
/// Throws: InvariantViolation.
void check_order_books(sql::Connection& db, const store::Order& order);

}  // namespace pdx::app
