#include "marketplace/store/token_reversal_store.h"

#include <array>

#include "base/error.h"
#include "marketplace/store/columns.h"

namespace pdx::store {
namespace {

constexpr sql::Query kInsert{
    "token_reversal.insert",
    "INSERT INTO token_reversal (token_reversal_id, contract_id, provider_id, authority_id, "
    "operator_id, requester_id, field_name, ground, token_count, known_count, state, version, "
    "created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr sql::Query kFind{
    "token_reversal.find",
    "SELECT token_reversal_id, contract_id, provider_id, authority_id, operator_id, requester_id, "
    "field_name, ground, token_count, known_count, state, version, created_at, updated_at "
    "FROM token_reversal WHERE token_reversal_id = ?"};
constexpr sql::Query kUpdate{
    "token_reversal.update",
    "UPDATE token_reversal SET known_count = ?, state = ?, version = ?, updated_at = ? "
    "WHERE token_reversal_id = ? AND version = ?"};
constexpr sql::Query kList{
    "token_reversal.list",
    "SELECT token_reversal_id, contract_id, provider_id, authority_id, operator_id, requester_id, "
    "field_name, ground, token_count, known_count, state, version, created_at, updated_at "
    "FROM token_reversal WHERE token_reversal_id > ? ORDER BY token_reversal_id LIMIT ?"};
constexpr sql::Query kListOfParty{
    "token_reversal.by_party",
    "SELECT token_reversal_id, contract_id, provider_id, authority_id, operator_id, requester_id, "
    "field_name, ground, token_count, known_count, state, version, created_at, updated_at "
    "FROM token_reversal WHERE (provider_id = ? OR authority_id = ? OR operator_id = ?) "
    "AND token_reversal_id > ? ORDER BY token_reversal_id LIMIT ?"};
constexpr sql::Query kListInState{
    "token_reversal.by_state",
    "SELECT token_reversal_id, contract_id, provider_id, authority_id, operator_id, requester_id, "
    "field_name, ground, token_count, known_count, state, version, created_at, updated_at "
    "FROM token_reversal WHERE state = ? AND created_at <= ? "
    "ORDER BY created_at, token_reversal_id LIMIT ?"};
constexpr std::array kQueries{kInsert, kFind, kUpdate, kList, kListOfParty, kListInState};

TokenReversal read_reversal(const sql::Row& row) {
    TokenReversal reversal;
    reversal.id = id_at<TokenReversalTag>(row, 0);
    reversal.contract_id = id_at<ContractTag>(row, 1);
    reversal.provider_id = id_at<PartyTag>(row, 2);
    reversal.authority_id = id_at<PartyTag>(row, 3);
    reversal.operator_id = id_at<PartyTag>(row, 4);
    reversal.requester_id = id_at<PartyTag>(row, 5);
    reversal.field = row.text(6);
    reversal.ground = name_at<domain::ReversalGround>(row, 7);
    reversal.token_count = row.integer(8);
    if (!row.is_null(9)) reversal.known_count = row.integer(9);
    reversal.state = name_at<domain::ReversalState>(row, 10);
    reversal.version = row.integer(11);
    reversal.created_at = row.time(12);
    reversal.updated_at = row.time(13);
    return reversal;
}

std::vector<TokenReversal> read_all(const std::vector<sql::Row>& rows) {
    std::vector<TokenReversal> reversals;
    reversals.reserve(rows.size());
    for (const sql::Row& row : rows) reversals.push_back(read_reversal(row));
    return reversals;
}

}  // namespace

void insert_token_reversal(sql::Connection& db, const TokenReversal& reversal) {
    db.run(kInsert, reversal.id, reversal.contract_id, reversal.provider_id, reversal.authority_id,
           reversal.operator_id, reversal.requester_id, reversal.field,
           domain::to_string(reversal.ground), reversal.token_count, reversal.known_count,
           domain::to_string(reversal.state), reversal.version, reversal.created_at,
           reversal.updated_at);
}

std::optional<TokenReversal> find_token_reversal(sql::Connection& db, const TokenReversalId& id) {
    const auto row = db.one(kFind, id);
    return row ? std::optional(read_reversal(*row)) : std::nullopt;
}

void update_token_reversal(sql::Connection& db, TokenReversal& reversal, Timestamp now) {
    if (db.run(kUpdate, reversal.known_count, domain::to_string(reversal.state),
               reversal.version + 1, now, reversal.id, reversal.version) != 1) {
        throw stale("token_reversal");
    }
    ++reversal.version;
    reversal.updated_at = now;
}

std::vector<TokenReversal> list_token_reversals(sql::Connection& db, const std::string& after,
                                                std::int64_t limit) {
    return read_all(db.all(kList, after, limit));
}

std::vector<TokenReversal> list_token_reversals_of_party(sql::Connection& db, const PartyId& party,
                                                         const std::string& after,
                                                         std::int64_t limit) {
    return read_all(db.all(kListOfParty, party, party, party, after, limit));
}

std::vector<TokenReversal> list_token_reversals_in(sql::Connection& db, domain::ReversalState state,
                                                   Timestamp until, std::int64_t limit) {
    return read_all(db.all(kListInState, domain::to_string(state), until, limit));
}

std::span<const sql::Query> token_reversal_queries() { return kQueries; }

}  // namespace pdx::store
