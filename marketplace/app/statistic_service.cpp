#include "marketplace/app/statistic_service.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/crypto.h"
#include "base/error.h"
#include "marketplace/app/contract_data.h"
#include "marketplace/app/contract_text.h"
#include "marketplace/app/decision_access.h"
#include "marketplace/app/live_contract.h"
#include "marketplace/app/staged_write.h"
#include "marketplace/app/statistic_view.h"
#include "privacy/statistic.h"

namespace pdx::app {
namespace {

using domain::StatisticEvent;
using domain::StatisticState;
using nlohmann::json;

store::Statistic load_statistic(sql::Connection& db, const StatisticId& id) {
    auto statistic = store::find_statistic(db, id);
    if (!statistic) throw not_found("statistic");
    return *std::move(statistic);
}

store::StatisticCost cost_of(const privacy::PrivacySpend& spend) {
    return {static_cast<std::int64_t>(spend.epsilon_millionths),
            static_cast<std::int64_t>(spend.rho_millionths),
            static_cast<std::int64_t>(spend.delta_trillionths)};
}

privacy::PrivacyAccounts accounts_of(sql::Connection& db, const store::Contract& contract) {
    const auto limit = statistics_in(contract.text);
    return {{limit.value_or(privacy::PrivacySpend{}),
             spend_of(store::cost_of_contract(db, contract.id))},
            {kResourceBudget, spend_of(store::cost_of_resource(db, contract.resource_id))}};
}

/// What was signed rules it out, whatever the data is.
[[noreturn]] void refuse_column(const std::string& name) {
    throw invalid("statistic.column",
                  {"The column '" + name +
                       "' cannot be used here: the contract does not let it leave, or not as it is "
                       "where its own texts are asked for.",
                   "字段“" + name +
                       "”不可用于此查询：协议未允许提供，或查询须列出原值而协议未允许原样提供。"},
                  {.pointer = name});
}

/// What the newest data shows, or nobody has looked at yet, rules it out.
[[noreturn]] void refuse_class(const std::string& name) {
    throw conflict("statistic.column_class",
                   {"The column '" + name +
                        "' cannot be used here: the newest data does not have it, nobody has "
                        "classified it, or its values point to persons.",
                    "字段“" + name +
                        "”不可用于此查询：最新数据中没有该字段、尚未分类，或其内容直接指向个人。"},
                   {.pointer = name});
}

/// Words of persons stay out of questions, too: of what a query names and what an answer lists.
bool may_be_asked(privacy::Sensitivity sensitivity) {
    return sensitivity != privacy::Sensitivity::kUnknown &&
           sensitivity != privacy::Sensitivity::kDirectIdentifier &&
           sensitivity != privacy::Sensitivity::kFreeText;
}

/// Throws: kInvalid statistic.column; kConflict statistic.column_class.
/// `in_clear`: the answer lists the column's own texts.
void check_column(const privacy::Policy& policy, const std::vector<privacy::ColumnClass>& classes,
                  const std::string& name, bool in_clear) {
    const auto rule = std::find_if(policy.rules.begin(), policy.rules.end(),
                                   [&](const auto& one) { return one.field == name; });
    const auto column = std::find_if(classes.begin(), classes.end(),
                                     [&](const auto& one) { return one.name == name; });
    if (rule == policy.rules.end() || rule->operation.kind == privacy::OperationKind::kDrop ||
        (in_clear && rule->operation.kind != privacy::OperationKind::kPass)) {
        refuse_column(name);
    }
    if (column == classes.end() || !may_be_asked(column->sensitivity) ||
        (in_clear && !privacy::is_permitted(*column, rule->operation, policy.profile))) {
        refuse_class(name);
    }
}

void check_columns(const store::Contract& contract,
                   const std::vector<privacy::ColumnClass>& classes,
                   const privacy::StatisticQuery& query) {
    const privacy::Policy policy =
        policy_of(contract.id, contract.policy_text, contract.policy_digest);
    if (!policy.risk || policy.risk->subject != query.subject) {
        throw invalid("statistic.subject",
                      {"Persons are counted by the column that the contract names for it.",
                       "数据主体须以协议指明的字段标识。"},
                      {.pointer = "/subject"});
    }
    const bool is_there = std::any_of(classes.begin(), classes.end(),
                                      [&](const auto& one) { return one.name == query.subject; });
    if (!is_there) refuse_class(query.subject);
    if (!query.column.empty()) check_column(policy, classes, query.column, false);
    for (const privacy::Filter& filter : query.filters) {
        check_column(policy, classes, filter.column, false);
    }
    if (!query.groups) return;
    check_column(policy, classes, query.groups->column,
                 query.groups->kind == privacy::GroupKind::kUnknown);
}

/// What a question is about: the contract, live and the caller's, and its newest data.
struct Asked {
    store::Contract contract;
    catalog::Dataset dataset;
};

Asked load_asked(sql::Connection& db, const Caller& caller, const ContractId& id,
                 const privacy::StatisticQuery& query, Timestamp now) {
    const auto found = store::find_contract(db, id);
    if (!found || caller.party.empty() || found->operator_id != caller.party) {
        throw not_found("contract");
    }
    Asked asked{require_live(db, id, now), newest_dataset(db, *found)};
    if (!statistics_in(asked.contract.text)) {
        throw conflict("statistic.not_allowed", {"The contract has no budget for statistics.",
                                                 "该协议未设统计查询的隐私预算。"});
    }
    check_columns(asked.contract, classes_of(db, asked.contract, asked.dataset.id), query);
    return asked;
}

/// A space: no client's key is this one. Whoever asks again gets the answer that was kept.
IdempotencyKey answer_key(const store::Statistic& statistic) {
    return {"statistic " + statistic.id.text(), statistic.query_digest};
}

}  // namespace

Outcome StatisticService::ask(const WriteRequest& write, const ContractId& contract,
                              const privacy::StatisticQuery& query) {
    if (auto answer = answered_before(context_, write)) return *std::move(answer);
    // Refuses a key that stands for another question, though this one may have been answered.
    static_cast<void>(answered_before(context_, {write.caller, first_stage_key(write)}));
    const StatisticId id = reserve(write, contract, query);
    store::Statistic statistic;
    {
        auto lease = context_.reads.borrow();
        statistic = load_statistic(*lease, id);
    }
    std::string answer;
    if (statistic.state == StatisticState::kReserved) {
        answer = compute(statistic);
        // Not within the command: what that refuses stays refused for its key, and so for ever.
        auto lease = context_.reads.borrow();
        load_asked(*lease, write.caller, contract, query, context_.clock.now());
    }
    // Of two that compute at once the writer keeps the first's answer, and gives it to both.
    return context_.writer.submit({write.caller, answer_key(statistic),
                                   [&](Transaction& tx) { return keep(tx, id, answer); }});
}

StatisticId StatisticService::reserve(const WriteRequest& write, const ContractId& contract,
                                      const privacy::StatisticQuery& query) {
    const std::scoped_lock lock(reserving_);
    {
        auto lease = context_.reads.borrow();
        const Asked asked = load_asked(*lease, write.caller, contract, query, context_.clock.now());
        const auto before =
            store::find_question(*lease, contract, asked.dataset.sha256, query_digest(query));
        if (before) return before->id;
    }
    const Outcome outcome =
        context_.writer.submit({write.caller, first_stage_key(write),
                                [&](Transaction& tx) { return insert(tx, contract, query); }});
    const auto id =
        StatisticId::parse(json::parse(outcome.answer).at("statistic_id").get<std::string>());
    PDX_CHECK(id.has_value());
    return *id;
}

std::string StatisticService::insert(Transaction& tx, const ContractId& id,
                                     const privacy::StatisticQuery& query) {
    const Asked asked = load_asked(tx.db(), tx.caller(), id, query, tx.now());
    accounts_of(tx.db(), asked.contract).spend(query.spend);
    store::Statistic statistic;
    statistic.id = tx.make_id<StatisticTag>();
    statistic.contract_id = asked.contract.id;
    statistic.resource_id = asked.contract.resource_id;
    statistic.dataset_id = asked.dataset.id;
    statistic.operator_id = asked.contract.operator_id;
    statistic.input_digest = asked.dataset.sha256;
    statistic.query_text = query_text(query);
    statistic.query_digest = query_digest(query);
    statistic.cost = cost_of(query.spend);
    statistic.created_at = tx.now();
    statistic.updated_at = tx.now();
    store::insert_statistic(tx.db(), statistic);
    tx.record(make_fact("statistic.reserved", "statistic", statistic.id.text(), fact_of(statistic),
                        domain::profile_name(context_.rules)));
    return to_json(statistic).dump();
}

std::string StatisticService::compute(const store::Statistic& statistic) {
    const privacy::StatisticQuery query = privacy::read_query(statistic.query_text);
    const auto key = privacy::HashKey::from_bytes(random_bytes(privacy::HashKey::kSize));
    std::optional<privacy::StatisticCounter> counter;
    catalog::BlobReader input = context_.blobs.open(statistic.input_digest);
    read_dataset(input, [&](const privacy::CsvRecord& record) {
        if (record.number > 0) return counter->add(record.fields);
        const std::vector<std::string> names(record.fields.begin(), record.fields.end());
        counter.emplace(query, names, key);
    });
    privacy::RandomWords random(random_bytes);
    return answer_text(query, answer_query(query, counter.value().finish(), random));
}

std::string StatisticService::keep(Transaction& tx, const StatisticId& id,
                                   const std::string& answer) {
    store::Statistic statistic = load_statistic(tx.db(), id);
    // Refused for good, and so only what will not be otherwise again: a contract that has ended.
    const auto contract = store::find_contract(tx.db(), statistic.contract_id);
    PDX_CHECK(contract.has_value());
    if (domain::is_terminal(contract->state)) domain::check_live(contract->facts(), tx.now());
    statistic.state = domain::apply(statistic.state, StatisticEvent::kAnswer);
    PDX_CHECK(!answer.empty());
    statistic.answer_text = answer;
    statistic.answer_digest = sha256(answer);
    store::update_statistic(tx.db(), statistic, tx.now());
    json body = fact_of(statistic);
    body["answer_digest"] = statistic.answer_digest.hex();
    tx.record(make_fact("statistic.answered", "statistic", id.text(), body,
                        domain::profile_name(context_.rules)));
    return to_json(statistic).dump();
}

store::Statistic StatisticService::find(const Caller& caller, const StatisticId& id) {
    auto lease = context_.reads.borrow();
    store::Statistic statistic = load_statistic(*lease, id);
    const auto contract = store::find_contract(*lease, statistic.contract_id);
    if (!contract || !may_read(caller, *contract)) throw not_found("statistic");
    return statistic;
}

StatisticService::List StatisticService::list(const Caller& caller, const ContractId& id,
                                              const std::string& after, std::int64_t limit) {
    auto lease = context_.reads.borrow();
    const auto contract = store::find_contract(*lease, id);
    if (!contract || !may_read(caller, *contract)) throw not_found("contract");
    return {store::list_statistics(*lease, id, after, limit), accounts_of(*lease, *contract)};
}

}  // namespace pdx::app
