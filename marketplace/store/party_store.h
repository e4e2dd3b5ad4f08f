#pragma once
/// Parties, their public keys and the hashes of their tokens.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/ids.h"
#include "base/time.h"
#include "marketplace/domain/permissions.h"
#include "sql/sql.h"

namespace pdx::store {

struct Party {
    PartyId id;
    std::string uscc;  ///< unified social credit code; of a sole trader it is personal information
    std::string name_zh;
    std::string name_en;
    domain::Role role = domain::Role::kAnonymous;
    Timestamp created_at;
    std::int64_t version = 1;
};

struct TokenHolder {
    Party party;
    Timestamp expires_at;
};

void insert_party(sql::Connection& db, const Party& party);
std::optional<Party> find_party(sql::Connection& db, const PartyId& id);
/// Ordered by id, from after `after`.
std::vector<Party> list_parties(sql::Connection& db, const std::string& after, std::int64_t limit);

/// Throws: Error kConflict "database.duplicate" when the party has this key already.
void insert_key(sql::Connection& db, const PartyId& id, const PublicKey& key, Timestamp now);
bool has_key(sql::Connection& db, const PartyId& id, const PublicKey& key);

void insert_token(sql::Connection& db, const Digest& token_hash, const PartyId& id, Timestamp now,
                  Timestamp expires_at);
/// Absent when the token is unknown or revoked; the caller compares the expiry.
std::optional<TokenHolder> find_token(sql::Connection& db, const Digest& token_hash);
/// Revokes every token of the party; how many there were.
std::int64_t revoke_tokens(sql::Connection& db, const PartyId& id, Timestamp now);

std::span<const sql::Query> party_queries();

}  // namespace pdx::store
