#pragma once
/// Authorization contracts, their signatures, and how what is earned under them is shared.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/ids.h"
#include "base/money.h"
#include "base/time.h"
#include "marketplace/domain/contract.h"
#include "marketplace/domain/settlement_rules.h"
#include "sql/sql.h"

namespace pdx::store {

struct Contract {
    ContractId id;
    ApplicationId application_id;
    ResourceId resource_id;
    PartyId provider_id;
    PartyId authority_id;
    PartyId operator_id;
    Date term_from;
    Date term_to;
    std::string text;  ///< RFC 8785; what both parties sign
    Digest text_digest;
    std::string policy_text;  ///< privacy/policy.h; what a delivery under it does to the data
    Digest policy_digest;
    Money price_ceiling;
    domain::ContractState state = domain::ContractState::kDrafted;
    std::int64_t version = 1;
    Timestamp created_at;
    Timestamp updated_at;

    domain::ContractFacts facts() const { return {state, term_from, term_to}; }
};

struct ContractSignature {
    PartyId party;
    PublicKey public_key;
    Signature signature{};
    Timestamp signed_at;
};

void insert_contract(sql::Connection& db, const Contract& contract);
std::optional<Contract> find_contract(sql::Connection& db, const ContractId& id);
/// Writes state, version and updated_at; the rest of a contract never changes.
/// Ensures: `contract` has the new version and time. Throws: stale("contract").
void update_contract(sql::Connection& db, Contract& contract, Timestamp now);

/// Throws: Error kConflict "database.duplicate" when the party has signed already.
void insert_signature(sql::Connection& db, const ContractId& id,
                      const ContractSignature& signature);
std::vector<ContractSignature> list_signatures(sql::Connection& db, const ContractId& id);

void insert_shares(sql::Connection& db, const ContractId& id,
                   std::span<const domain::SplitRule> shares);
/// In the order in which they were set: ties of a split go to the earlier share.
std::vector<domain::SplitRule> list_shares(sql::Connection& db, const ContractId& id);

/// Lists are ordered by id, from after `after`.
std::vector<Contract> list_contracts(sql::Connection& db, const std::string& after,
                                     std::int64_t limit);
/// Those in which the party is provider, authority or operator.
std::vector<Contract> list_contracts_of_party(sql::Connection& db, const PartyId& party,
                                              const std::string& after, std::int64_t limit);

/// Those in force or suspended whose term ended before `today`, by id, from after `after`.
std::vector<ContractId> list_contracts_past_term(sql::Connection& db, Date today,
                                                 const std::string& after, std::int64_t limit);

std::span<const sql::Query> contract_queries();

}  // namespace pdx::store
