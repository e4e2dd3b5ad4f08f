#include "marketplace/store/dispute_store.h"

#include <array>

#include "base/error.h"
#include "marketplace/store/columns.h"

namespace pdx::store {
namespace {

constexpr sql::Query kInsert{
    "dispute.insert",
    "INSERT INTO dispute (dispute_id, order_id, claimant_id, respondent_id, reason, claimed_fen, "
    "held_fen, refund_fen, order_state, evidence, arbitrator_id, state, version, created_at, "
    "updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr sql::Query kFind{
    "dispute.find",
    "SELECT dispute_id, order_id, claimant_id, respondent_id, reason, claimed_fen, held_fen, "
    "refund_fen, order_state, evidence, arbitrator_id, state, version, created_at, updated_at "
    "FROM dispute "
    "WHERE dispute_id = ?"};
constexpr sql::Query kUpdate{"dispute.update",
                             "UPDATE dispute SET refund_fen = ?, order_state = ?, evidence = ?, "
                             "arbitrator_id = ?, state = ?, version = ?, updated_at = ? "
                             "WHERE dispute_id = ? AND version = ?"};
constexpr sql::Query kListOfOrder{
    "dispute.by_order",
    "SELECT dispute_id, order_id, claimant_id, respondent_id, reason, claimed_fen, held_fen, "
    "refund_fen, order_state, evidence, arbitrator_id, state, version, created_at, updated_at "
    "FROM dispute "
    "WHERE order_id = ? ORDER BY dispute_id LIMIT ?"};
constexpr sql::Query kList{
    "dispute.list",
    "SELECT dispute_id, order_id, claimant_id, respondent_id, reason, claimed_fen, held_fen, "
    "refund_fen, order_state, evidence, arbitrator_id, state, version, created_at, updated_at "
    "FROM dispute "
    "WHERE dispute_id > ? ORDER BY dispute_id LIMIT ?"};
constexpr sql::Query kListOfParty{
    "dispute.by_party",
    "SELECT dispute_id, order_id, claimant_id, respondent_id, reason, claimed_fen, held_fen, "
    "refund_fen, order_state, evidence, arbitrator_id, state, version, created_at, updated_at "
    "FROM dispute "
    "WHERE (claimant_id = ? OR respondent_id = ?) AND dispute_id > ? ORDER BY dispute_id LIMIT ?"};
constexpr std::array kQueries{kInsert, kFind, kUpdate, kListOfOrder, kList, kListOfParty};

Dispute read_dispute(const sql::Row& row) {
    Dispute dispute;
    dispute.id = id_at<DisputeTag>(row, 0);
    dispute.order_id = id_at<OrderTag>(row, 1);
    dispute.claimant_id = id_at<PartyTag>(row, 2);
    dispute.respondent_id = id_at<PartyTag>(row, 3);
    dispute.reason = name_at<domain::DisputeReason>(row, 4);
    dispute.claimed = row.fen(5);
    dispute.held = row.fen(6);
    if (!row.is_null(7)) dispute.refund = row.fen(7);
    dispute.order_state = name_at<domain::OrderState>(row, 8);
    dispute.evidence = optional_text_at(row, 9);
    dispute.arbitrator_id = optional_id_at<PartyTag>(row, 10);
    dispute.state = name_at<domain::DisputeState>(row, 11);
    dispute.version = row.integer(12);
    dispute.created_at = row.time(13);
    dispute.updated_at = row.time(14);
    return dispute;
}

std::vector<Dispute> read_disputes(const std::vector<sql::Row>& rows) {
    std::vector<Dispute> disputes;
    disputes.reserve(rows.size());
    for (const sql::Row& row : rows) disputes.push_back(read_dispute(row));
    return disputes;
}

}  // namespace

void insert_dispute(sql::Connection& db, const Dispute& dispute) {
    db.run(kInsert, dispute.id, dispute.order_id, dispute.claimant_id, dispute.respondent_id,
           domain::to_string(dispute.reason), dispute.claimed, dispute.held, dispute.refund,
           domain::to_string(dispute.order_state), dispute.evidence, dispute.arbitrator_id,
           domain::to_string(dispute.state), dispute.version, dispute.created_at,
           dispute.updated_at);
}

std::optional<Dispute> find_dispute(sql::Connection& db, const DisputeId& id) {
    const auto row = db.one(kFind, id);
    return row ? std::optional(read_dispute(*row)) : std::nullopt;
}

void update_dispute(sql::Connection& db, Dispute& dispute, Timestamp now) {
    if (db.run(kUpdate, dispute.refund, domain::to_string(dispute.order_state), dispute.evidence,
               dispute.arbitrator_id, domain::to_string(dispute.state), dispute.version + 1, now,
               dispute.id, dispute.version) != 1) {
        throw stale("dispute");
    }
    ++dispute.version;
    dispute.updated_at = now;
}

std::vector<Dispute> list_disputes_of_order(sql::Connection& db, const OrderId& order) {
    return read_disputes(db.all(kListOfOrder, order, kOrderDisputesMax));
}

std::vector<Dispute> list_disputes(sql::Connection& db, const std::string& after,
                                   std::int64_t limit) {
    return read_disputes(db.all(kList, after, limit));
}

std::vector<Dispute> list_disputes_of_party(sql::Connection& db, const PartyId& party,
                                            const std::string& after, std::int64_t limit) {
    return read_disputes(db.all(kListOfParty, party, party, after, limit));
}

std::span<const sql::Query> dispute_queries() { return kQueries; }

}  // namespace pdx::store
