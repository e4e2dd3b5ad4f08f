#include "marketplace/app/contract_service.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "ledger/store/log_store.h"
#include "marketplace/app/alarm.h"
#include "marketplace/app/application_facts.h"
#include "marketplace/app/contract_text.h"
#include "marketplace/app/decision_access.h"
#include "marketplace/domain/price_cap.h"
#include "marketplace/store/contract_key_store.h"
#include "marketplace/store/party_store.h"
#include "privacy/fingerprint.h"

namespace pdx::app {
namespace {

using domain::ApplicationEvent;
using domain::ContractEvent;
using nlohmann::json;

constexpr std::int64_t kAtOnceMax = 100;
constexpr std::string_view kLingers = "contract_key.lingers";

store::Party load_party(Transaction& tx, const PartyId& id) {
    auto party = store::find_party(tx.db(), id);
    PDX_CHECK(party.has_value());
    return *std::move(party);
}

/// The operator's and the source department's share go to those of this contract; any other share
/// to a party that the exchange knows.
void check_share_parties(Transaction& tx, const store::Application& application,
                         std::span<const domain::SplitRule> shares) {
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const domain::SplitRule& share = shares[i];
        if (share.party.empty()) continue;
        const auto party = PartyId::parse(share.party);
        bool fits = party && store::find_party(tx.db(), *party).has_value();
        if (share.role == domain::SplitRole::kOperator) fits = party == application.operator_id;
        if (share.role == domain::SplitRole::kSourceDepartment) {
            fits = party == application.provider_id;
        }
        if (fits) continue;
        const std::string role(domain::to_string(share.role));
        throw invalid("contract.share_party",
                      {"The share '" + role + "' names a party that it cannot go to.",
                       "“" + std::string(domain::label_zh(share.role)) + "”份额所列主体不正确。"},
                      {.pointer = "/shares/" + std::to_string(i) + "/party_id"});
    }
}

/// What detection has learned since the application was checked counts too.
void check_still_admissible(const ClassifiedResource& resource,
                            const store::Application& application, const domain::RuleProfile& rules,
                            privacy::SensitivityProfile profile) {
    domain::require_no_reason(
        "application.not_admissible",
        {"The application no longer passes the admission check.", "该申请已不符合准入条件。"},
        admission_report(resource, application, rules).refusals);
    for (const store::ApplicationField& field : application.fields) {
        if (field.decision == domain::FieldDecision::kRefuse) continue;
        const privacy::ColumnClass* column = resource.column(field.name);
        PDX_CHECK(column != nullptr);
        check_treatment(*column, field.operation, profile);
    }
}

json fact_body(const store::Contract& contract, ContractEvent event) {
    return {{"event", domain::to_string(event)},
            {"state", domain::to_string(contract.state)},
            {"version", contract.version}};
}

json draft_body(const store::Contract& contract, const store::Application& application,
                std::span<const domain::SplitRule> shares) {
    json split = json::array();
    for (const domain::SplitRule& share : shares) {
        split.push_back({{"role", domain::to_string(share.role)},
                         {"party_id", share.party},
                         {"basis_points", share.basis_points}});
    }
    return {{"event", "draft"},
            {"state", domain::to_string(contract.state)},
            {"version", contract.version},
            {"application", fact_of(application, ApplicationEvent::kGrant)},
            {"resource_id", contract.resource_id.text()},
            {"provider_id", contract.provider_id.text()},
            {"authority_id", contract.authority_id.text()},
            {"operator_id", contract.operator_id.text()},
            {"term_from", contract.term_from.iso()},
            {"term_to", contract.term_to.iso()},
            {"text_digest", contract.text_digest.hex()},
            {"policy_digest", contract.policy_digest.hex()},
            {"price_ceiling", contract.price_ceiling.text()},
            {"shares", std::move(split)}};
}

store::Contract load(sql::Connection& db, const ContractId& id) {
    auto contract = store::find_contract(db, id);
    if (!contract) throw not_found("contract");
    return *std::move(contract);
}

ContractDetail detail_of(sql::Connection& db, store::Contract contract) {
    const ContractId id = contract.id;
    return {std::move(contract), store::list_shares(db, id), store::list_signatures(db, id)};
}

void check_key(Transaction& tx, const PublicKey& key) {
    if (store::has_key(tx.db(), tx.caller().party, key)) return;
    throw invalid("contract.key",
                  {"This key is not registered for your party. Register it first.",
                   "该公钥未登记在贵单位名下，请先登记。"},
                  {.pointer = "/public_key"});
}

void check_signature(const PublicKey& key, const Signature& signature, const std::string& message) {
    if (verify_signature(key, as_bytes(message), signature)) return;
    throw invalid("contract.signature",
                  {"The signature does not fit the contract text and the key. Sign the text as it "
                   "is served, with the label before it.",
                   "签名与协议文本或公钥不符，请对所提供的协议原文（含前置标签）签名。"},
                  {.pointer = "/signature"});
}

void check_risk_subject(const ClassifiedResource& resource,
                        const std::optional<privacy::RiskRule>& risk) {
    if (!risk || risk->subject.empty() || resource.column(risk->subject) != nullptr) return;
    throw invalid("contract.risk_subject",
                  {"The data resource has no field '" + risk->subject +
                       "' that could say who a row is about.",
                   "该数据资源没有可标识数据主体的字段“" + risk->subject + "”。"},
                  {.pointer = "/risk/subject"});
}

/// What one person may cost is counted by the column that says who a row is about.
void check_statistics_subject(const GrantTerms& terms) {
    if (!terms.statistics || (terms.risk && !terms.risk->subject.empty())) return;
    throw invalid("contract.statistics_subject",
                  {"Statistics need limits of risk with the field that says who a row is about.",
                   "允许统计查询时，须在风险限值中指明标识数据主体的字段。"},
                  {.pointer = "/risk/subject"});
}

/// What could never be delivered is not granted. Without data to go by each delivery decides.
void check_fingerprint(const privacy::Policy& policy, const ClassifiedResource& resource) {
    const bool is_classified = std::all_of(
        policy.rules.begin(), policy.rules.end(), [&resource](const privacy::FieldRule& rule) {
            const privacy::ColumnClass* column = resource.column(rule.field);
            return column != nullptr && column->kind != privacy::Kind::kUnknown &&
                   column->sensitivity != privacy::Sensitivity::kUnknown;
        });
    if ((!policy.marks && !policy.canaries) || !is_classified) return;
    const auto plan = privacy::plan_columns(policy, resource.columns);
    if (policy.marks) privacy::check_mark_plan(*policy.marks, plan);
    if (policy.canaries) privacy::fit_canaries(*policy.canaries, plan);
}

privacy::PolicyScope scope_of(const store::Application& application, const GrantTerms& terms) {
    privacy::PolicyScope scope;
    scope.resource = application.resource_id.text();
    scope.purpose = application.purpose;
    scope.versions = terms.versions;
    scope.from = application.term_from;
    scope.to = application.term_to;
    std::set<std::string> forms;
    for (const domain::ProductKind form : terms.forms) forms.emplace(domain::to_string(form));
    if (forms.empty()) {
        for (const auto& row : domain::kProductKindNames) forms.emplace(row.name);
    }
    scope.forms.assign(forms.begin(), forms.end());
    return scope;
}

std::string_view kind_of(ContractEvent event) {
    switch (event) {
        case ContractEvent::kSuspend: return "contract.suspended";
        case ContractEvent::kResume: return "contract.resumed";
        case ContractEvent::kRevoke: return "contract.revoked";
        case ContractEvent::kTerminate: return "contract.terminated";
        case ContractEvent::kExpire: return "contract.expired";
        case ContractEvent::kSignAsOperator:
        case ContractEvent::kSignAsAuthority: break;
    }
    fail_check("neither an act of supervision nor an end", __FILE__, __LINE__);
}

constexpr std::string_view kDestroyed = "destroyed";

/// Takes the contract to its new state, and its key away with its end. Returns the body that says
/// so; version_of() says of which version.
json change(Transaction& tx, store::Contract& contract, ContractEvent event) {
    store::update_contract(tx.db(), contract, tx.now());
    json body = fact_body(contract, event);
    if (domain::is_end(event)) {
        store::destroy_contract_key(tx.db(), contract.id, tx.now());
        body["key"] = kDestroyed;
    }
    return body;
}

/// The first version of a revocation said nothing of the key.
int version_of(ContractEvent event) { return event == ContractEvent::kRevoke ? 2 : 1; }

bool says_destroyed(const ledger::Entry& entry) {
    const json body = json::parse(entry.body);
    return body.contains("key") && body.at("key") == kDestroyed;
}

}  // namespace

store::Contract ContractService::draft(Transaction& tx, const store::Application& application,
                                       const GrantTerms& terms) {
    const ClassifiedResource resource = load_classified(tx.db(), application.resource_id);
    check_still_admissible(resource, application, context_.rules, terms.profile);
    domain::check_contract_term(application.term_from, application.term_to,
                                context_.rules.contract_years_max, Date::of(tx.now()));
    domain::check_price(terms.price_ceiling, terms.price_ceiling, application.beneficiary);
    domain::check_split_rules(terms.shares);
    check_share_parties(tx, application, terms.shares);
    const ContractParties parties{load_party(tx, application.provider_id),
                                  load_party(tx, tx.caller().party),
                                  load_party(tx, application.operator_id)};
    store::Contract contract;
    contract.id = tx.make_id<ContractTag>();
    contract.application_id = application.id;
    contract.resource_id = application.resource_id;
    contract.provider_id = application.provider_id;
    contract.authority_id = tx.caller().party;
    contract.operator_id = application.operator_id;
    contract.term_from = application.term_from;
    contract.term_to = application.term_to;
    check_risk_subject(resource, terms.risk);
    check_statistics_subject(terms);
    privacy::Policy policy = contract_policy(contract.id, application.fields);
    policy.risk = terms.risk;
    policy.marks = terms.marks;
    policy.canaries = terms.canaries;
    policy.cryptography = terms.cryptography;
    policy.profile = terms.profile;
    policy.scope = scope_of(application, terms);
    privacy::check_policy(policy);
    check_fingerprint(policy, resource);
    contract.policy_text = privacy::policy_text(policy);
    contract.policy_digest = privacy::policy_hash(policy);
    contract.text = contract_text(
        {contract.id, policy, terms.price_ceiling, terms.shares, terms.statistics}, application,
        resource.resource, parties, domain::profile_name(context_.rules));
    contract.text_digest = sha256(contract.text);
    contract.price_ceiling = terms.price_ceiling;
    contract.created_at = tx.now();
    contract.updated_at = tx.now();
    return contract;
}

Outcome ContractService::grant(const WriteRequest& write, const ApplicationId& id,
                               const GrantTerms& terms) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             auto application = store::find_application(tx.db(), id);
             if (!application) throw not_found("application");
             application->state = domain::apply(application->state, ApplicationEvent::kGrant);
             domain::check_grantable(rulings_of(*application));
             store::Contract contract = draft(tx, *application, terms);
             store::update_application(tx.db(), *application, tx.now());
             store::insert_contract(tx.db(), contract);
             store::insert_shares(tx.db(), contract.id, terms.shares);
             store::insert_contract_key(tx.db(), contract.id,
                                        context_.contract_keys.make_sealed_seed(contract.id),
                                        tx.now());
             tx.record(make_fact("contract.drafted", "contract", contract.id.text(),
                                 draft_body(contract, *application, terms.shares),
                                 domain::profile_name(context_.rules)));
             return to_json(detail_of(tx.db(), std::move(contract))).dump();
         }});
}

Outcome ContractService::sign(const WriteRequest& write, const ContractId& id, const PublicKey& key,
                              const Signature& signature) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             store::Contract contract = load(tx.db(), id);
             const PartyId& signer = write.caller.party;
             if (signer != contract.operator_id && signer != contract.authority_id) {
                 throw not_found("contract");
             }
             const ContractEvent event =
                 domain::signing_event(signer, contract.operator_id, contract.authority_id);
             contract.state = domain::apply(contract.state, event);
             check_key(tx, key);
             check_signature(key, signature,
                             domain::contract_signing_message(context_.log_origin, contract.text));
             store::insert_signature(tx.db(), id, {signer, key, signature, tx.now()});
             store::update_contract(tx.db(), contract, tx.now());
             json body = fact_body(contract, event);
             body["text_digest"] = contract.text_digest.hex();
             body["signer_id"] = signer.text();
             body["public_key"] = to_base64(key.value);
             body["signature"] = to_base64(signature);
             tx.record(make_fact("contract.signed", "contract", id.text(), body,
                                 domain::profile_name(context_.rules)));
             return to_json(detail_of(tx.db(), std::move(contract))).dump();
         }});
}

Outcome ContractService::supervise(const WriteRequest& write, const ContractId& id,
                                   domain::ContractEvent event, const std::string& reason) {
    Outcome outcome = context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             store::Contract contract = load(tx.db(), id);
             if (contract.authority_id != write.caller.party) throw not_found("contract");
             contract.state = domain::apply(contract.state, event);
             const json body = change(tx, contract, event);
             Fact fact = context_.vault.make_fact(
                 std::string(kind_of(event)), "contract", id.text(), body,
                 domain::profile_name(context_.rules), {{"state_reason", reason}});
             fact.version = version_of(event);
             tx.record(std::move(fact));
             return to_json(detail_of(tx.db(), std::move(contract))).dump();
         }});
    if (domain::is_end(event)) scrub_or_alarm(context_.reads, kLingers);
    return outcome;
}

std::size_t ContractService::expire_due() {
    std::size_t count = 0;
    std::string after;
    while (true) {
        std::vector<ContractId> due;
        {
            auto lease = context_.reads.borrow();
            due = store::list_contracts_past_term(*lease, Date::of(context_.clock.now()), after,
                                                  kAtOnceMax);
        }
        if (due.empty()) break;
        after = due.back().text();
        for (const ContractId& id : due) count += expire(id) ? 1U : 0U;
    }
    if (count > 0) scrub_or_alarm(context_.reads, kLingers);
    return count;
}

bool ContractService::expire(const ContractId& id) {
    try {
        context_.writer.submit(
            {system_caller(), std::nullopt, [&](Transaction& tx) {
                 store::Contract contract = load(tx.db(), id);
                 contract.state = domain::expire(contract.facts(), tx.now());
                 const json body = change(tx, contract, ContractEvent::kExpire);
                 tx.record(make_fact(std::string(kind_of(ContractEvent::kExpire)), "contract",
                                     id.text(), body, domain::profile_name(context_.rules)));
                 return to_json(detail_of(tx.db(), std::move(contract))).dump();
             }});
        return true;
    } catch (const Error& refusal) {
        // It ended in another way since it was found.
        if (refusal.kind() != ErrorKind::kConflict) throw;
    } catch (const InvariantViolation& violation) {
        raise_alarm("contract.not_expired", id.text() + ": " + violation.what());
    }
    return false;
}

void ContractService::repair_keys() {
    auto lease = context_.reads.borrow();
    ledger::LogStore log(*lease, context_.log_origin);
    for (const ContractEvent end :
         {ContractEvent::kRevoke, ContractEvent::kExpire, ContractEvent::kTerminate}) {
        log.visit({.kind = std::string(kind_of(end))}, [&](const ledger::StoredEntry& stored) {
            const ledger::Entry& entry = stored.parsed.entry;
            const auto id = ContractId::parse(entry.entity_id);
            PDX_CHECK(id.has_value());
            if (says_destroyed(entry) && store::destroy_contract_key(*lease, *id, entry.at)) {
                raise_alarm("contract_key.returned", id->text());
            }
            return true;
        });
    }
    while (true) {
        const auto waiting = store::list_contracts_without_seed(*lease, kAtOnceMax);
        if (waiting.empty()) return;
        for (const ContractId& id : waiting) {
            PDX_CHECK(
                store::set_first_seed(*lease, id, context_.contract_keys.make_sealed_seed(id)));
        }
    }
}

ContractDetail ContractService::find(const Caller& caller, const ContractId& id) {
    auto lease = context_.reads.borrow();
    store::Contract contract = load(*lease, id);
    if (!may_read(caller, contract)) throw not_found("contract");
    return detail_of(*lease, std::move(contract));
}

std::vector<store::Contract> ContractService::list(const Caller& caller, const std::string& after,
                                                   std::int64_t limit) {
    auto lease = context_.reads.borrow();
    if (reads_everything(caller)) return store::list_contracts(*lease, after, limit);
    return store::list_contracts_of_party(*lease, caller.party, after, limit);
}

}  // namespace pdx::app
