#pragma once
/// A second bookkeeping, from the ledger's entries alone, that knows nothing of the services: what
/// the property tests hold the database against after every command.
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "marketplace/domain/journal.h"
#include "tests/app/support/trade.h"

namespace pdx::test {

/// The money of one order. Unit: fen.
struct OrderMoney {
    std::int64_t paid = 0;
    std::int64_t released = 0;       ///< to those who are owed
    std::int64_t refunded = 0;       ///< to the buyer, before and after the settlement
    std::int64_t refunded_late = 0;  ///< of that, from what had been released
    std::int64_t held = 0;           ///< in disputes, from escrow
    std::int64_t held_late = 0;      ///< in disputes, from what had been released
};

class MoneyModel {
public:
    explicit MoneyModel(Trade& trade) : trade_(trade) {}

    /// Takes in the entries since the last call; checks of each that its journals sum to zero and
    /// leave no account below zero, and that time does not go back. Returns how many there were.
    std::size_t follow();

    /// Holds accounts, orders, deliveries, settlements, disputes and the bank against the entries.
    void compare();

private:
    void take(const nlohmann::json& entry);
    void book(const nlohmann::json& posted, const std::string& order);
    void remember(const nlohmann::json& fact);
    void compare_accounts();
    void compare_order(const store::Order& order);
    void compare_settlement(const store::Settlement& settlement, const OrderMoney& money);
    void compare_fact(const std::string& id, const nlohmann::json& stored);

    Trade& trade_;
    std::int64_t next_index_ = 0;
    std::string last_time_;
    domain::Balances balances_;
    std::map<std::string, OrderMoney> orders_;
    std::map<std::string, bool> late_holds_;       ///< dispute: whether from released money
    std::map<std::string, nlohmann::json> facts_;  ///< entity: the last that was said of it
};

}  // namespace pdx::test
