#include "marketplace/store/party_store.h"

#include <array>

#include "base/check.h"

namespace pdx::store {
namespace {

constexpr sql::Query kInsert{
    "party.insert",
    "INSERT INTO party (party_id, uscc, name_zh, name_en, party_role, created_at, version) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"};
constexpr sql::Query kFind{
    "party.find",
    "SELECT party_id, uscc, name_zh, name_en, party_role, created_at, version FROM party "
    "WHERE party_id = ?"};
constexpr sql::Query kList{
    "party.list",
    "SELECT party_id, uscc, name_zh, name_en, party_role, created_at, version FROM party "
    "WHERE party_id > ? ORDER BY party_id LIMIT ?"};
constexpr sql::Query kInsertKey{
    "party_key.insert",
    "INSERT INTO party_key (party_id, public_key, created_at, revoked_at) VALUES (?, ?, ?, NULL)"};
constexpr sql::Query kHasKey{"party_key.find",
                             "SELECT created_at FROM party_key WHERE party_id = ? AND public_key = "
                             "? AND revoked_at IS NULL"};
constexpr sql::Query kInsertToken{
    "api_token.insert",
    "INSERT INTO api_token (token_hash, party_id, created_at, expires_at, revoked_at) "
    "VALUES (?, ?, ?, ?, NULL)"};
constexpr sql::Query kFindToken{
    "api_token.find",
    "SELECT p.party_id, p.uscc, p.name_zh, p.name_en, p.party_role, p.created_at, p.version, "
    "t.expires_at FROM api_token t JOIN party p ON p.party_id = t.party_id "
    "WHERE t.token_hash = ? AND t.revoked_at IS NULL"};
constexpr sql::Query kRevokeTokens{
    "api_token.revoke",
    "UPDATE api_token SET revoked_at = ? WHERE party_id = ? AND revoked_at IS NULL"};
constexpr std::array kQueries{kInsert, kFind,        kList,      kInsertKey,
                              kHasKey, kInsertToken, kFindToken, kRevokeTokens};

Party read_party(const sql::Row& row) {
    const auto id = PartyId::parse(row.text(0));
    const auto role = domain::parse_role(row.text(4));
    PDX_CHECK(id.has_value() && role.has_value());
    return {*id, row.text(1), row.text(2), row.text(3), *role, row.time(5), row.integer(6)};
}

}  // namespace

void insert_party(sql::Connection& db, const Party& party) {
    db.run(kInsert, party.id, party.uscc, party.name_zh, party.name_en,
           domain::to_string(party.role), party.created_at, party.version);
}

std::optional<Party> find_party(sql::Connection& db, const PartyId& id) {
    const auto row = db.one(kFind, id);
    return row ? std::optional(read_party(*row)) : std::nullopt;
}

std::vector<Party> list_parties(sql::Connection& db, const std::string& after, std::int64_t limit) {
    std::vector<Party> parties;
    for (const sql::Row& row : db.all(kList, after, limit)) parties.push_back(read_party(row));
    return parties;
}

void insert_key(sql::Connection& db, const PartyId& id, const PublicKey& key, Timestamp now) {
    db.run(kInsertKey, id, Bytes(key.value.begin(), key.value.end()), now);
}

bool has_key(sql::Connection& db, const PartyId& id, const PublicKey& key) {
    return db.one(kHasKey, id, Bytes(key.value.begin(), key.value.end())).has_value();
}

void insert_token(sql::Connection& db, const Digest& token_hash, const PartyId& id, Timestamp now,
                  Timestamp expires_at) {
    db.run(kInsertToken, token_hash, id, now, expires_at);
}

std::optional<TokenHolder> find_token(sql::Connection& db, const Digest& token_hash) {
    const auto row = db.one(kFindToken, token_hash);
    return row ? std::optional(TokenHolder{read_party(*row), row->time(7)}) : std::nullopt;
}

std::int64_t revoke_tokens(sql::Connection& db, const PartyId& id, Timestamp now) {
    return db.run(kRevokeTokens, now, id);
}

std::span<const sql::Query> party_queries() { return kQueries; }

}  // namespace pdx::store
