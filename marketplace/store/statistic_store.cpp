#include "marketplace/store/statistic_store.h"

#include <array>

#include "base/error.h"
#include "marketplace/store/columns.h"

namespace pdx::store {
namespace {

constexpr sql::Query kInsert{
    "statistic.insert",
    "INSERT INTO statistic (statistic_id, contract_id, resource_id, dataset_id, operator_id, "
    "input_digest, query_digest, query_text, epsilon_millionths, rho_millionths, "
    "delta_trillionths, answer_text, answer_digest, state, version, created_at, updated_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr sql::Query kFind{
    "statistic.find",
    "SELECT statistic_id, contract_id, resource_id, dataset_id, operator_id, input_digest, "
    "query_digest, query_text, epsilon_millionths, rho_millionths, delta_trillionths, "
    "answer_text, answer_digest, state, version, created_at, updated_at FROM statistic "
    "WHERE statistic_id = ?"};
constexpr sql::Query kFindQuestion{
    "statistic.find_question",
    "SELECT statistic_id, contract_id, resource_id, dataset_id, operator_id, input_digest, "
    "query_digest, query_text, epsilon_millionths, rho_millionths, delta_trillionths, "
    "answer_text, answer_digest, state, version, created_at, updated_at FROM statistic "
    "WHERE contract_id = ? AND input_digest = ? AND query_digest = ?"};
constexpr sql::Query kUpdate{
    "statistic.update",
    "UPDATE statistic SET answer_text = ?, answer_digest = ?, state = ?, version = ?, "
    "updated_at = ? WHERE statistic_id = ? AND version = ?"};
constexpr sql::Query kList{
    "statistic.by_contract",
    "SELECT statistic_id, contract_id, resource_id, dataset_id, operator_id, input_digest, "
    "query_digest, query_text, epsilon_millionths, rho_millionths, delta_trillionths, "
    "answer_text, answer_digest, state, version, created_at, updated_at FROM statistic "
    "WHERE contract_id = ? AND statistic_id > ? ORDER BY statistic_id LIMIT ?"};
constexpr sql::Query kCostOfContract{
    "statistic.cost_of_contract",
    "SELECT COALESCE(CAST(SUM(epsilon_millionths) AS SIGNED), 0), "
    "COALESCE(CAST(SUM(rho_millionths) AS SIGNED), 0), "
    "COALESCE(CAST(SUM(delta_trillionths) AS SIGNED), 0) FROM statistic WHERE contract_id = ?"};
constexpr sql::Query kCostOfResource{
    "statistic.cost_of_resource",
    "SELECT COALESCE(CAST(SUM(epsilon_millionths) AS SIGNED), 0), "
    "COALESCE(CAST(SUM(rho_millionths) AS SIGNED), 0), "
    "COALESCE(CAST(SUM(delta_trillionths) AS SIGNED), 0) FROM statistic WHERE resource_id = ?"};
constexpr std::array kQueries{kInsert, kFind,           kFindQuestion,  kUpdate,
                              kList,   kCostOfContract, kCostOfResource};

Statistic read_statistic(const sql::Row& row) {
    Statistic statistic;
    statistic.id = id_at<StatisticTag>(row, 0);
    statistic.contract_id = id_at<ContractTag>(row, 1);
    statistic.resource_id = id_at<ResourceTag>(row, 2);
    statistic.dataset_id = id_at<DatasetTag>(row, 3);
    statistic.operator_id = id_at<PartyTag>(row, 4);
    statistic.input_digest = row.digest(5);
    statistic.query_digest = row.digest(6);
    statistic.query_text = row.text(7);
    statistic.cost = {row.integer(8), row.integer(9), row.integer(10)};
    statistic.answer_text = row.text(11);
    statistic.answer_digest = row.digest(12);
    statistic.state = name_at<domain::StatisticState>(row, 13);
    statistic.version = row.integer(14);
    statistic.created_at = row.time(15);
    statistic.updated_at = row.time(16);
    return statistic;
}

StatisticCost read_cost(const sql::Row& row) {
    return {row.integer(0), row.integer(1), row.integer(2)};
}

}  // namespace

void insert_statistic(sql::Connection& db, const Statistic& statistic) {
    db.run(kInsert, statistic.id, statistic.contract_id, statistic.resource_id,
           statistic.dataset_id, statistic.operator_id, statistic.input_digest,
           statistic.query_digest, statistic.query_text, statistic.cost.epsilon_millionths,
           statistic.cost.rho_millionths, statistic.cost.delta_trillionths, statistic.answer_text,
           statistic.answer_digest, domain::to_string(statistic.state), statistic.version,
           statistic.created_at, statistic.updated_at);
}

std::optional<Statistic> find_statistic(sql::Connection& db, const StatisticId& id) {
    const auto row = db.one(kFind, id);
    return row ? std::optional(read_statistic(*row)) : std::nullopt;
}

std::optional<Statistic> find_question(sql::Connection& db, const ContractId& contract,
                                       const Digest& input, const Digest& query) {
    const auto row = db.one(kFindQuestion, contract, input, query);
    return row ? std::optional(read_statistic(*row)) : std::nullopt;
}

void update_statistic(sql::Connection& db, Statistic& statistic, Timestamp now) {
    if (db.run(kUpdate, statistic.answer_text, statistic.answer_digest,
               domain::to_string(statistic.state), statistic.version + 1, now, statistic.id,
               statistic.version) != 1) {
        throw stale("statistic");
    }
    ++statistic.version;
    statistic.updated_at = now;
}

std::vector<Statistic> list_statistics(sql::Connection& db, const ContractId& contract,
                                       const std::string& after, std::int64_t limit) {
    std::vector<Statistic> statistics;
    for (const sql::Row& row : db.all(kList, contract, after, limit)) {
        statistics.push_back(read_statistic(row));
    }
    return statistics;
}

StatisticCost cost_of_contract(sql::Connection& db, const ContractId& contract) {
    return read_cost(db.one(kCostOfContract, contract).value());
}

StatisticCost cost_of_resource(sql::Connection& db, const ResourceId& resource) {
    return read_cost(db.one(kCostOfResource, resource).value());
}

std::span<const sql::Query> statistic_queries() { return kQueries; }

}  // namespace pdx::store
