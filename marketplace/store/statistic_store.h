#pragma once
/// Questions with noise, their answers, and the sums of what they cost.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/time.h"
#include "marketplace/domain/statistic.h"
#include "sql/sql.h"

namespace pdx::store {

/// Unit: privacy/privacy_budget.h.
struct StatisticCost {
    std::int64_t epsilon_millionths = 0;
    std::int64_t rho_millionths = 0;
    std::int64_t delta_trillionths = 0;
    bool operator==(const StatisticCost&) const = default;
};

struct Statistic {
    StatisticId id;
    ContractId contract_id;
    ResourceId resource_id;
    DatasetId dataset_id;
    PartyId operator_id;
    Digest input_digest;  ///< of the dataset's content
    Digest query_digest;
    std::string query_text;  ///< privacy/statistic_query.h
    StatisticCost cost;
    std::string answer_text;  ///< JSON; empty until it is answered
    Digest answer_digest;     ///< zero until it is answered
    domain::StatisticState state = domain::StatisticState::kReserved;
    std::int64_t version = 1;
    Timestamp created_at;
    Timestamp updated_at;
};

/// Throws: Error kConflict "database.duplicate" when the contract has asked this of this content.
void insert_statistic(sql::Connection& db, const Statistic& statistic);
std::optional<Statistic> find_statistic(sql::Connection& db, const StatisticId& id);
std::optional<Statistic> find_question(sql::Connection& db, const ContractId& contract,
                                       const Digest& input, const Digest& query);
/// Saves answer and state. Ensures: `statistic` has the new version and time.
/// Throws: Error kStale when it is not at `statistic.version` any more.
void update_statistic(sql::Connection& db, Statistic& statistic, Timestamp now);
/// Oldest first, from after `after`.
std::vector<Statistic> list_statistics(sql::Connection& db, const ContractId& contract,
                                       const std::string& after, std::int64_t limit);

/// Of all questions, answered or not.
StatisticCost cost_of_contract(sql::Connection& db, const ContractId& contract);
StatisticCost cost_of_resource(sql::Connection& db, const ResourceId& resource);

std::span<const sql::Query> statistic_queries();

}  // namespace pdx::store
