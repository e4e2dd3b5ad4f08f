#include "marketplace/app/token_reversal_service.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>
#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "marketplace/app/contract_data.h"
#include "marketplace/app/decision_access.h"
#include "marketplace/app/delivered_data.h"
#include "marketplace/app/staged_write.h"
#include "marketplace/app/token_reversal_view.h"
#include "marketplace/store/contract_store.h"
#include "privacy/compiled_operation.h"
#include "privacy/number_token.h"
#include "privacy/token_reversal.h"

namespace pdx::app {
namespace {

using domain::ReversalEvent;
using domain::ReversalState;
using nlohmann::json;

constexpr std::string_view kNoun = "token_reversal";

store::Contract load_contract(sql::Connection& db, const ContractId& id) {
    auto contract = store::find_contract(db, id);
    if (!contract) throw not_found("contract");
    return *std::move(contract);
}

/// Throws: not_found("token_reversal"), also when it is not the caller's to read.
store::TokenReversal load(sql::Connection& db, const Caller& caller, const TokenReversalId& id) {
    auto reversal = store::find_token_reversal(db, id);
    if (!reversal || !may_read(caller, *reversal)) throw not_found(kNoun);
    return *std::move(reversal);
}

domain::ReversalApprovers approvers_of(const store::TokenReversal& reversal) {
    return {reversal.provider_id, reversal.authority_id};
}

bool is_due_to_lapse(const store::TokenReversal& reversal, Timestamp now) {
    return domain::next(reversal.state, ReversalEvent::kLapse) &&
           domain::reversal_is_due_to_lapse(reversal.created_at, now);
}

/// What the event makes of it, of one that has lapsed unrecorded too.
ReversalState after(const store::TokenReversal& reversal, ReversalEvent event, Timestamp now) {
    return domain::apply(is_due_to_lapse(reversal, now) ? ReversalState::kLapsed : reversal.state,
                         event);
}

void check_field(const store::Contract& contract, const std::string& field) {
    const privacy::Policy policy =
        policy_of(contract.id, contract.policy_text, contract.policy_digest);
    const bool has_tokens =
        std::any_of(policy.rules.begin(), policy.rules.end(), [&](const auto& rule) {
            return rule.field == field && rule.operation.kind == privacy::OperationKind::kToken;
        });
    if (has_tokens) return;
    throw invalid("token_reversal.field",
                  {"The contract does not replace this field by tokens that can be turned back.",
                   "该协议未对此字段采用可还原的令牌。"},
                  {.pointer = "/field"});
}

void check_tokens(const std::vector<std::string>& tokens) {
    domain::check_reversal_size(tokens.size());
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (privacy::number_token_kind(tokens[i])) continue;
        throw invalid("token_reversal.token",
                      {"This is no token. Give the tokens as they were delivered, never a number "
                       "of a person.",
                       "此项不是令牌。请按交付原样填写令牌，切勿填写个人号码。"},
                      {.pointer = "/tokens/" + std::to_string(i)});
    }
}

/// A file from which tokens of a field were made, and what the field was in it.
struct Source {
    Digest dataset;
    privacy::PlannedColumn column;
};

/// Each file once for what the field was in it, the newest first.
std::vector<Source> sources_of(sql::Connection& db, const store::TokenReversal& reversal) {
    constexpr std::int64_t kPage = 500;
    std::vector<Source> sources;
    std::set<std::tuple<Digest, privacy::Kind, std::string>> known;
    std::string last;
    for (;;) {
        const auto page = store::list_deliveries_of_contract(db, reversal.contract_id, last, kPage);
        if (page.empty()) break;
        last = page.back().id.text();
        for (const store::Delivery& delivery : page) {
            if (!was_published(delivery)) continue;
            for (privacy::PlannedColumn& column : delivered_plan(delivery)) {
                if (column.column.name != reversal.field ||
                    column.operation.kind != privacy::OperationKind::kToken) {
                    continue;
                }
                if (known
                        .emplace(delivery.input_digest, column.column.kind, column.operation.domain)
                        .second) {
                    sources.push_back({delivery.input_digest, std::move(column)});
                }
            }
        }
    }
    std::reverse(sources.begin(), sources.end());
    return sources;
}

void look_through(catalog::BlobReader input, const std::string& field,
                  privacy::TokenReversal& reversal) {
    std::optional<std::size_t> place;
    read_dataset(input, [&](const privacy::CsvRecord& record) {
        if (record.number == 0) {
            const auto found = std::find(record.fields.begin(), record.fields.end(), field);
            PDX_CHECK(found != record.fields.end());
            place = static_cast<std::size_t>(found - record.fields.begin());
            return;
        }
        reversal.see(record.fields[place.value()]);
    });
}

}  // namespace

Fact TokenReversalService::make_fact(std::string kind, const store::TokenReversal& reversal,
                                     json body, const ledger::PrivateTexts& texts) const {
    body.update(fact_of(reversal));
    return context_.vault.make_fact(std::move(kind), std::string(kNoun), reversal.id.text(),
                                    std::move(body), domain::profile_name(context_.rules), texts);
}

store::TokenReversal TokenReversalService::make(Transaction& tx,
                                                const RequestTokenReversal& input) {
    const store::Contract contract = load_contract(tx.db(), input.contract);
    const PartyId& party = tx.caller().party;
    if (party.empty() || (party != contract.provider_id && party != contract.authority_id &&
                          party != contract.operator_id)) {
        throw not_found("contract");
    }
    domain::check_two_approvers({contract.provider_id, contract.authority_id});
    domain::check_reversible(contract.facts(), tx.now());
    check_field(contract, input.field);
    check_tokens(input.tokens);
    store::TokenReversal reversal;
    reversal.id = tx.make_id<TokenReversalTag>();
    reversal.contract_id = contract.id;
    reversal.provider_id = contract.provider_id;
    reversal.authority_id = contract.authority_id;
    reversal.operator_id = contract.operator_id;
    reversal.requester_id = party;
    reversal.field = input.field;
    reversal.ground = input.ground;
    reversal.token_count = static_cast<std::int64_t>(input.tokens.size());
    reversal.created_at = tx.now();
    reversal.updated_at = tx.now();
    return reversal;
}

Outcome TokenReversalService::request(const WriteRequest& write,
                                      const RequestTokenReversal& input) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             const store::TokenReversal reversal = make(tx, input);
             store::insert_token_reversal(tx.db(), reversal);
             tx.record(
                 make_fact("token_reversal.requested", reversal,
                           {{"requester_id", reversal.requester_id.text()},
                            {"field", reversal.field},
                            {"ground", domain::to_string(reversal.ground)},
                            {"token_count", reversal.token_count}},
                           {{"reason", input.reason}, {"tokens", token_lines(input.tokens)}}));
             return to_json(reversal).dump();
         }});
}

Outcome TokenReversalService::approve(const WriteRequest& write, const TokenReversalId& id) {
    lapse_if_due(id);
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             store::TokenReversal reversal = load(tx.db(), tx.caller(), id);
             const ReversalEvent event =
                 domain::approval_of(approvers_of(reversal), tx.caller().party);
             domain::check_reversible(load_contract(tx.db(), reversal.contract_id).facts(),
                                      tx.now());
             reversal.state = after(reversal, event, tx.now());
             store::update_token_reversal(tx.db(), reversal, tx.now());
             tx.record(make_fact("token_reversal.approved", reversal,
                                 {{"approver_id", tx.caller().party.text()}}));
             return to_json(reversal).dump();
         }});
}

Outcome TokenReversalService::refuse(const WriteRequest& write, const TokenReversalId& id,
                                     const std::string& reason) {
    lapse_if_due(id);
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             store::TokenReversal reversal = load(tx.db(), tx.caller(), id);
             domain::approval_of(approvers_of(reversal), tx.caller().party);
             reversal.state = after(reversal, ReversalEvent::kRefuse, tx.now());
             store::update_token_reversal(tx.db(), reversal, tx.now());
             tx.record(make_fact("token_reversal.refused", reversal,
                                 {{"refuser_id", tx.caller().party.text()}},
                                 {{"refusal_reason", reason}}));
             return to_json(reversal).dump();
         }});
}

TokenReversalService::Disclosure TokenReversalService::disclose(const WriteRequest& write,
                                                                const TokenReversalId& id) {
    if (auto answer = answered_before(context_, write)) return {*std::move(answer), {}};
    lapse_if_due(id);
    /// As it stands before the numbers are looked for, and again when they are to be told.
    const auto check = [&](sql::Connection& db, Timestamp now) {
        store::TokenReversal reversal = load(db, write.caller, id);
        if (reversal.provider_id != write.caller.party) throw not_found(kNoun);
        // First, because approvals that an open request still lacks would not help.
        domain::check_reversible(load_contract(db, reversal.contract_id).facts(), now);
        reversal.state = after(reversal, ReversalEvent::kDisclose, now);
        return reversal;
    };
    store::TokenReversal asked;
    try {
        auto lease = context_.reads.borrow();
        asked = check(*lease, context_.clock.now());
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::kBusy) keep_refusal(context_, write, error);
        throw;
    }
    DisclosedNumbers numbers = find_numbers(asked);
    const auto known = std::count_if(numbers.begin(), numbers.end(),
                                     [](const auto& number) { return number.has_value(); });
    Outcome outcome = context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             store::TokenReversal reversal = check(tx.db(), tx.now());
             reversal.known_count = known;
             store::update_token_reversal(tx.db(), reversal, tx.now());
             tx.record(make_fact("token_reversal.disclosed", reversal, {{"known_count", known}}));
             return to_json(reversal).dump();
         }});
    // Of two at once the second is told that it was the second, and nothing else.
    if (outcome.replayed) return {std::move(outcome), {}};
    return {std::move(outcome), std::move(numbers)};
}

std::vector<std::string> TokenReversalService::tokens_of(sql::Connection& db,
                                                         const TokenReversalId& id) const {
    for (const auto& part : store::list_private_parts(db, kNoun, id.text())) {
        if (part.kind != "token_reversal.requested") continue;
        const auto opened = context_.vault.open(part);
        if (opened) return tokens_in(opened->texts.at("tokens"));
    }
    throw conflict("token_reversal.erased",
                   {"The tokens of this request were erased.", "该申请所列的令牌已被删除。"});
}

DisclosedNumbers TokenReversalService::find_numbers(const store::TokenReversal& asked) {
    std::vector<std::string> tokens;
    std::vector<Source> sources;
    store::Contract contract;
    Secret key;
    {
        auto lease = context_.reads.borrow();
        tokens = tokens_of(*lease, asked.id);
        sources = sources_of(*lease, asked);
        contract = load_contract(*lease, asked.contract_id);
        key = context_.contract_keys.key_of(*lease, contract);
    }
    const privacy::Policy policy =
        policy_of(contract.id, contract.policy_text, contract.policy_digest);
    DisclosedNumbers numbers(tokens.size());
    bool is_whole = true;
    for (const Source& source : sources) {
        privacy::TokenReversal reversal(source.column, key.view(), policy.cryptography, tokens);
        if (reversal.is_done()) continue;
        if (!context_.blobs.contains(source.dataset)) {
            is_whole = false;
            continue;
        }
        look_through(context_.blobs.open(source.dataset), asked.field, reversal);
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            if (reversal.numbers()[i]) numbers[i] = reversal.numbers()[i];
        }
        if (std::find(numbers.begin(), numbers.end(), std::nullopt) == numbers.end())
            return numbers;
    }
    if (is_whole) return numbers;
    throw conflict("token_reversal.dataset",
                   {"Data that was delivered under the contract is not stored any more, so nobody "
                    "can say whose these tokens are.",
                    "依该协议交付过的数据已不再保存，无法确认令牌所属。"});
}

store::TokenReversal TokenReversalService::find(const Caller& caller, const TokenReversalId& id) {
    auto lease = context_.reads.borrow();
    return load(*lease, caller, id);
}

std::vector<store::TokenReversal> TokenReversalService::list(const Caller& caller,
                                                             const std::string& after,
                                                             std::int64_t limit) {
    auto lease = context_.reads.borrow();
    if (reads_everything(caller)) return store::list_token_reversals(*lease, after, limit);
    return store::list_token_reversals_of_party(*lease, caller.party, after, limit);
}

std::size_t TokenReversalService::lapse_due() {
    std::size_t count = 0;
    for (const auto& row : domain::names_of(ReversalState{})) {
        if (!domain::next(row.value, ReversalEvent::kLapse)) continue;
        for (std::size_t lapsed = 1; lapsed > 0; count += lapsed) {
            lapsed = 0;
            for (const TokenReversalId& id : due_in(row.value)) {
                if (lapse(id)) ++lapsed;
            }
        }
    }
    return count;
}

std::vector<TokenReversalId> TokenReversalService::due_in(ReversalState state) {
    constexpr std::int64_t kAtOnceMax = 100;
    const Timestamp until = context_.clock.now().plus(-domain::kReversalLapsesAfter);
    auto lease = context_.reads.borrow();
    std::vector<TokenReversalId> due;
    for (const auto& one : store::list_token_reversals_in(*lease, state, until, kAtOnceMax)) {
        due.push_back(one.id);
    }
    return due;
}

void TokenReversalService::lapse_if_due(const TokenReversalId& id) {
    bool is_due = false;
    {
        auto lease = context_.reads.borrow();
        const auto reversal = store::find_token_reversal(*lease, id);
        is_due = reversal && is_due_to_lapse(*reversal, context_.clock.now());
    }
    if (is_due) lapse(id);
}

/// False when somebody was faster.
bool TokenReversalService::lapse(const TokenReversalId& id) {
    try {
        context_.writer.submit(
            {system_caller(), std::nullopt, [&](Transaction& tx) {
                 auto reversal = store::find_token_reversal(tx.db(), id);
                 PDX_CHECK(reversal.has_value());
                 if (!is_due_to_lapse(*reversal, tx.now())) throw stale(kNoun);
                 reversal->state = domain::apply(reversal->state, ReversalEvent::kLapse);
                 store::update_token_reversal(tx.db(), *reversal, tx.now());
                 tx.record(make_fact("token_reversal.lapsed", *reversal, json::object()));
                 return to_json(*reversal).dump();
             }});
        return true;
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::kStale) throw;
        return false;
    }
}

}  // namespace pdx::app
