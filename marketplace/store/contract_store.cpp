#include "marketplace/store/contract_store.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/error.h"

namespace pdx::store {
namespace {

constexpr sql::Query kInsert{
    "contract.insert",
    "INSERT INTO contract (contract_id, application_id, resource_id, provider_id, authority_id, "
    "operator_id, term_from, term_to, contract_text, text_digest, policy_text, policy_digest, "
    "price_ceiling_fen, state, state_reason, version, created_at, updated_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr sql::Query kFind{
    "contract.find",
    "SELECT contract_id, application_id, resource_id, provider_id, authority_id, operator_id, "
    "term_from, term_to, contract_text, text_digest, policy_text, policy_digest, "
    "price_ceiling_fen, state, state_reason, version, created_at, updated_at FROM contract "
    "WHERE contract_id = ?"};
constexpr sql::Query kUpdate{
    "contract.update",
    "UPDATE contract SET state = ?, state_reason = ?, version = ?, updated_at = ? "
    "WHERE contract_id = ? AND version = ?"};
constexpr sql::Query kList{
    "contract.list",
    "SELECT contract_id, application_id, resource_id, provider_id, authority_id, operator_id, "
    "term_from, term_to, contract_text, text_digest, policy_text, policy_digest, "
    "price_ceiling_fen, state, state_reason, version, created_at, updated_at FROM contract "
    "WHERE contract_id > ? ORDER BY contract_id LIMIT ?"};
constexpr sql::Query kListOfParty{
    "contract.list_of_party",
    "SELECT contract_id, application_id, resource_id, provider_id, authority_id, operator_id, "
    "term_from, term_to, contract_text, text_digest, policy_text, policy_digest, "
    "price_ceiling_fen, state, state_reason, version, created_at, updated_at FROM contract "
    "WHERE (operator_id = ? OR authority_id = ? OR provider_id = ?) AND contract_id > ? "
    "ORDER BY contract_id LIMIT ?"};
constexpr sql::Query kInsertSignature{
    "contract_signature.insert",
    "INSERT INTO contract_signature (contract_id, party_id, public_key, signature, signed_at) "
    "VALUES (?, ?, ?, ?, ?)"};
constexpr sql::Query kSignatures{
    "contract_signature.list",
    "SELECT party_id, public_key, signature, signed_at FROM contract_signature "
    "WHERE contract_id = ? ORDER BY signed_at, party_id LIMIT 2"};
constexpr sql::Query kInsertShare{
    "contract_share.insert",
    "INSERT INTO contract_share (contract_id, position, share_role, party_id, basis_points) "
    "VALUES (?, ?, ?, ?, ?)"};
constexpr sql::Query kShares{
    "contract_share.list",
    "SELECT share_role, party_id, basis_points FROM contract_share WHERE contract_id = ? "
    "ORDER BY position LIMIT 100"};
constexpr std::array kQueries{kInsert,          kFind,       kUpdate,      kList,  kListOfParty,
                              kInsertSignature, kSignatures, kInsertShare, kShares};

Contract read_contract(const sql::Row& row) {
    const auto id = ContractId::parse(row.text(0));
    const auto application = ApplicationId::parse(row.text(1));
    const auto resource = ResourceId::parse(row.text(2));
    const auto provider = PartyId::parse(row.text(3));
    const auto authority = PartyId::parse(row.text(4));
    const auto operator_party = PartyId::parse(row.text(5));
    const auto from = Date::parse(row.text(6));
    const auto to = Date::parse(row.text(7));
    const auto state = domain::parse_contract_state(row.text(13));
    PDX_CHECK(id && application && resource && provider && authority && operator_party);
    PDX_CHECK(from && to && state);
    return {*id,         *application, *resource,    *provider,       *authority,   *operator_party,
            *from,       *to,          row.text(8),  row.digest(9),   row.text(10), row.digest(11),
            row.fen(12), *state,       row.text(14), row.integer(15), row.time(16), row.time(17)};
}

std::vector<Contract> read_all(const std::vector<sql::Row>& rows) {
    std::vector<Contract> contracts;
    contracts.reserve(rows.size());
    for (const sql::Row& row : rows) contracts.push_back(read_contract(row));
    return contracts;
}

}  // namespace

void insert_contract(sql::Connection& db, const Contract& contract) {
    db.run(kInsert, contract.id, contract.application, contract.resource, contract.provider,
           contract.authority, contract.operator_party, contract.term_from.iso(),
           contract.term_to.iso(), contract.text, contract.text_digest, contract.policy_text,
           contract.policy_digest, contract.price_ceiling, domain::to_string(contract.state),
           contract.state_reason, contract.version, contract.created_at, contract.updated_at);
}

std::optional<Contract> find_contract(sql::Connection& db, const ContractId& id) {
    const auto row = db.one(kFind, id);
    return row ? std::optional(read_contract(*row)) : std::nullopt;
}

void save_contract(sql::Connection& db, const Contract& contract) {
    const std::int64_t changed =
        db.run(kUpdate, domain::to_string(contract.state), contract.state_reason, contract.version,
               contract.updated_at, contract.id, contract.version - 1);
    if (changed != 1) throw stale("contract");
}

void insert_signature(sql::Connection& db, const ContractId& id,
                      const ContractSignature& signature) {
    db.run(kInsertSignature, id, signature.party, ByteView(signature.public_key.value),
           ByteView(signature.signature), signature.signed_at);
}

std::vector<ContractSignature> list_signatures(sql::Connection& db, const ContractId& id) {
    std::vector<ContractSignature> signatures;
    for (const sql::Row& row : db.all(kSignatures, id)) {
        const auto party = PartyId::parse(row.text(0));
        const auto key = PublicKey::from_bytes(row.blob(1));
        PDX_CHECK(party && key && row.blob(2).size() == Signature{}.size());
        ContractSignature signature{*party, *key, {}, row.time(3)};
        std::copy(row.blob(2).begin(), row.blob(2).end(), signature.signature.begin());
        signatures.push_back(signature);
    }
    return signatures;
}

void insert_shares(sql::Connection& db, const ContractId& id,
                   std::span<const domain::SplitRule> shares) {
    for (std::size_t i = 0; i < shares.size(); ++i) {
        db.run(kInsertShare, id, i, domain::to_string(shares[i].role), shares[i].party,
               shares[i].basis_points);
    }
}

std::vector<domain::SplitRule> list_shares(sql::Connection& db, const ContractId& id) {
    std::vector<domain::SplitRule> shares;
    for (const sql::Row& row : db.all(kShares, id)) {
        const auto role = domain::parse<domain::SplitRole>(row.text(0));
        PDX_CHECK(role.has_value());
        shares.push_back({*role, row.integer(2), row.text(1)});
    }
    return shares;
}

std::vector<Contract> list_contracts(sql::Connection& db, const std::string& after,
                                     std::int64_t limit) {
    return read_all(db.all(kList, after, limit));
}

std::vector<Contract> list_contracts_of_party(sql::Connection& db, const PartyId& party,
                                              const std::string& after, std::int64_t limit) {
    return read_all(db.all(kListOfParty, party, party, party, after, limit));
}

std::span<const sql::Query> contract_queries() { return kQueries; }

}  // namespace pdx::store
