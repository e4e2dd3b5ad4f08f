#pragma once
/// Requests to turn tokens back. Their tokens and reasons are private parts (private_part_store.h);
/// no number is stored.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "marketplace/domain/token_reversal.h"
#include "sql/sql.h"

namespace pdx::store {

struct TokenReversal {
    TokenReversalId id;
    ContractId contract_id;
    PartyId provider_id;
    PartyId authority_id;
    PartyId operator_id;
    PartyId requester_id;
    std::string field;
    domain::ReversalGround ground = domain::ReversalGround::kErrorCorrection;
    std::int64_t token_count = 0;
    std::optional<std::int64_t> known_count;  ///< once they were told
    domain::ReversalState state = domain::ReversalState::kRequested;
    std::int64_t version = 1;
    Timestamp created_at;
    Timestamp updated_at;
};

void insert_token_reversal(sql::Connection& db, const TokenReversal& reversal);
std::optional<TokenReversal> find_token_reversal(sql::Connection& db, const TokenReversalId& id);
/// Saves state and known_count. Ensures: `reversal` has the new version and time.
/// Throws: Error kStale when it is not at `reversal.version` any more.
void update_token_reversal(sql::Connection& db, TokenReversal& reversal, Timestamp now);

/// Oldest first, from after `after`.
std::vector<TokenReversal> list_token_reversals(sql::Connection& db, const std::string& after,
                                                std::int64_t limit);
std::vector<TokenReversal> list_token_reversals_of_party(sql::Connection& db, const PartyId& party,
                                                         const std::string& after,
                                                         std::int64_t limit);
/// In this state and from `until` or before, oldest first.
std::vector<TokenReversal> list_token_reversals_in(sql::Connection& db, domain::ReversalState state,
                                                   Timestamp until, std::int64_t limit);

std::span<const sql::Query> token_reversal_queries();

}  // namespace pdx::store
