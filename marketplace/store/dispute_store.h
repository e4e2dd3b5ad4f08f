#pragma once
/// Disputes. Statement, answer and decision are private parts (private_part_store.h).
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/money.h"
#include "base/time.h"
#include "marketplace/domain/dispute.h"
#include "marketplace/domain/order.h"
#include "sql/sql.h"

namespace pdx::store {

struct Dispute {
    DisputeId id;
    OrderId order_id;
    PartyId claimant_id;
    PartyId respondent_id;
    domain::DisputeReason reason = domain::DisputeReason::kQuality;
    Money claimed;
    Money held;                                                       ///< what was frozen at filing
    std::optional<Money> refund;                                      ///< as decided
    domain::OrderState order_state = domain::OrderState::kDelivered;  ///< where the order was
    std::optional<std::string> evidence;  ///< JSON: log indexes, ascending
    std::optional<PartyId> arbitrator_id;
    domain::DisputeState state = domain::DisputeState::kFiled;
    std::int64_t version = 1;
    Timestamp created_at;
    Timestamp updated_at;
};

void insert_dispute(sql::Connection& db, const Dispute& dispute);
std::optional<Dispute> find_dispute(sql::Connection& db, const DisputeId& id);
/// Saves what changes in a dispute's life. Ensures: `dispute` has the new version and time.
/// Throws: Error kStale when it is not at `dispute.version` any more.
void update_dispute(sql::Connection& db, Dispute& dispute, Timestamp now);
/// All of one order, oldest first, at most kOrderDisputesMax.
std::vector<Dispute> list_disputes_of_order(sql::Connection& db, const OrderId& order);
inline constexpr std::int64_t kOrderDisputesMax = 1'000;
/// Ordered by id, from after `after`.
std::vector<Dispute> list_disputes(sql::Connection& db, const std::string& after,
                                   std::int64_t limit);
/// Those in which the party is claimant or respondent.
std::vector<Dispute> list_disputes_of_party(sql::Connection& db, const PartyId& party,
                                            const std::string& after, std::int64_t limit);

std::span<const sql::Query> dispute_queries();

}  // namespace pdx::store
