#pragma once
/// Settlements and their lines: who gets how much of an order, what was taken back, what was paid.
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/ids.h"
#include "base/money.h"
#include "base/time.h"
#include "marketplace/domain/settlement.h"
#include "marketplace/domain/settlement_rules.h"
#include "sql/sql.h"

namespace pdx::store {

struct SettlementLine {
    domain::SettlementLine share;
    Money refunded;
    Money paid;

    /// What may still be refunded, held or paid out.
    Money remaining() const { return share.amount.minus(refunded).minus(paid); }
};

struct Settlement {
    SettlementId id;
    OrderId order_id;
    Money gross;
    domain::SettlementState state = domain::SettlementState::kCalculated;
    std::int64_t version = 1;
    Timestamp created_at;
    Timestamp updated_at;
    std::vector<SettlementLine> lines;  ///< in their position
};

void insert_settlement(sql::Connection& db, const Settlement& settlement);
std::optional<Settlement> find_settlement(sql::Connection& db, const SettlementId& id);
std::optional<Settlement> find_settlement_of(sql::Connection& db, const OrderId& order);
/// Saves the state and what was refunded and paid of each line. Ensures: `settlement` has the new
/// version and time. Throws: Error kStale when it is not at `settlement.version` any more.
void update_settlement(sql::Connection& db, Settlement& settlement, Timestamp now);

std::span<const sql::Query> settlement_queries();

}  // namespace pdx::store
