#include "marketplace/store/contract_store.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "marketplace/store/columns.h"

namespace pdx::store {
namespace {

constexpr sql::Query kInsert{
    "contract.insert",
    "INSERT INTO contract (contract_id, application_id, resource_id, provider_id, authority_id, "
    "operator_id, term_from, term_to, contract_text, text_digest, policy_text, policy_digest, "
    "price_ceiling_fen, state, version, created_at, updated_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr sql::Query kFind{
    "contract.find",
    "SELECT contract_id, application_id, resource_id, provider_id, authority_id, operator_id, "
    "term_from, term_to, contract_text, text_digest, policy_text, policy_digest, "
    "price_ceiling_fen, state, version, created_at, updated_at FROM contract "
    "WHERE contract_id = ?"};
constexpr sql::Query kUpdate{"contract.update",
                             "UPDATE contract SET state = ?, version = ?, updated_at = ? "
                             "WHERE contract_id = ? AND version = ?"};
constexpr sql::Query kList{
    "contract.list",
    "SELECT contract_id, application_id, resource_id, provider_id, authority_id, operator_id, "
    "term_from, term_to, contract_text, text_digest, policy_text, policy_digest, "
    "price_ceiling_fen, state, version, created_at, updated_at FROM contract "
    "WHERE contract_id > ? ORDER BY contract_id LIMIT ?"};
constexpr sql::Query kListOfParty{
    "contract.list_of_party",
    "SELECT contract_id, application_id, resource_id, provider_id, authority_id, operator_id, "
    "term_from, term_to, contract_text, text_digest, policy_text, policy_digest, "
    "price_ceiling_fen, state, version, created_at, updated_at FROM contract "
    "WHERE (operator_id = ? OR authority_id = ? OR provider_id = ?) AND contract_id > ? "
    "ORDER BY contract_id LIMIT ?"};
constexpr sql::Query kPastTerm{
    "contract.past_term",
    "SELECT contract_id FROM contract WHERE state IN ('in_force', 'suspended') AND term_to < ? "
    "AND contract_id > ? ORDER BY contract_id LIMIT ?"};
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
constexpr std::array kQueries{kInsert,          kFind,       kUpdate,      kList,   kListOfParty,
                              kInsertSignature, kSignatures, kInsertShare, kShares, kPastTerm};

Contract read_contract(const sql::Row& row) {
    Contract contract;
    contract.id = id_at<ContractTag>(row, 0);
    contract.application_id = id_at<ApplicationTag>(row, 1);
    contract.resource_id = id_at<ResourceTag>(row, 2);
    contract.provider_id = id_at<PartyTag>(row, 3);
    contract.authority_id = id_at<PartyTag>(row, 4);
    contract.operator_id = id_at<PartyTag>(row, 5);
    contract.term_from = date_at(row, 6);
    contract.term_to = date_at(row, 7);
    contract.text = row.text(8);
    contract.text_digest = row.digest(9);
    contract.policy_text = row.text(10);
    contract.policy_digest = row.digest(11);
    contract.price_ceiling = row.fen(12);
    contract.state = name_at<domain::ContractState>(row, 13);
    contract.version = row.integer(14);
    contract.created_at = row.time(15);
    contract.updated_at = row.time(16);
    return contract;
}

std::vector<Contract> read_all(const std::vector<sql::Row>& rows) {
    std::vector<Contract> contracts;
    contracts.reserve(rows.size());
    for (const sql::Row& row : rows) contracts.push_back(read_contract(row));
    return contracts;
}

}  // namespace

void insert_contract(sql::Connection& db, const Contract& contract) {
    db.run(kInsert, contract.id, contract.application_id, contract.resource_id,
           contract.provider_id, contract.authority_id, contract.operator_id,
           contract.term_from.iso(), contract.term_to.iso(), contract.text, contract.text_digest,
           contract.policy_text, contract.policy_digest, contract.price_ceiling,
           domain::to_string(contract.state), contract.version, contract.created_at,
           contract.updated_at);
}

std::optional<Contract> find_contract(sql::Connection& db, const ContractId& id) {
    const auto row = db.one(kFind, id);
    return row ? std::optional(read_contract(*row)) : std::nullopt;
}

void update_contract(sql::Connection& db, Contract& contract, Timestamp now) {
    if (db.run(kUpdate, domain::to_string(contract.state), contract.version + 1, now, contract.id,
               contract.version) != 1) {
        throw stale("contract");
    }
    ++contract.version;
    contract.updated_at = now;
}

void insert_signature(sql::Connection& db, const ContractId& id,
                      const ContractSignature& signature) {
    db.run(kInsertSignature, id, signature.party, ByteView(signature.public_key.value),
           ByteView(signature.signature), signature.signed_at);
}

std::vector<ContractSignature> list_signatures(sql::Connection& db, const ContractId& id) {
    std::vector<ContractSignature> signatures;
    for (const sql::Row& row : db.all(kSignatures, id)) {
        const auto key = PublicKey::from_bytes(row.blob(1));
        PDX_CHECK(key && row.blob(2).size() == Signature{}.size());
        ContractSignature signature{id_at<PartyTag>(row, 0), *key, {}, row.time(3)};
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
        shares.push_back({name_at<domain::SplitRole>(row, 0), row.integer(2), row.text(1)});
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

std::vector<ContractId> list_contracts_past_term(sql::Connection& db, Date today,
                                                 const std::string& after, std::int64_t limit) {
    std::vector<ContractId> ids;
    for (const sql::Row& row : db.all(kPastTerm, today.iso(), after, limit)) {
        ids.push_back(id_at<ContractTag>(row, 0));
    }
    return ids;
}

std::span<const sql::Query> contract_queries() { return kQueries; }

}  // namespace pdx::store
