#include "marketplace/store/settlement_store.h"

#include <array>
#include <string>

#include "base/error.h"
#include "marketplace/store/columns.h"

namespace pdx::store {
namespace {

constexpr sql::Query kInsert{
    "settlement.insert",
    "INSERT INTO settlement (settlement_id, order_id, gross_fen, state, version, created_at, "
    "updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)"};
constexpr sql::Query kInsertLine{
    "settlement_line.insert",
    "INSERT INTO settlement_line (settlement_id, position, share_role, party_id, basis_points, "
    "amount_fen, refunded_fen, paid_fen) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr sql::Query kFind{
    "settlement.find",
    "SELECT settlement_id, order_id, gross_fen, state, version, created_at, updated_at "
    "FROM settlement WHERE settlement_id = ?"};
constexpr sql::Query kFindOfOrder{
    "settlement.by_order",
    "SELECT settlement_id, order_id, gross_fen, state, version, created_at, updated_at "
    "FROM settlement WHERE order_id = ?"};
constexpr sql::Query kLines{
    "settlement_line.list",
    "SELECT share_role, party_id, basis_points, amount_fen, refunded_fen, paid_fen "
    "FROM settlement_line WHERE settlement_id = ? ORDER BY position LIMIT 32"};
constexpr sql::Query kUpdate{"settlement.update",
                             "UPDATE settlement SET state = ?, version = ?, updated_at = ? "
                             "WHERE settlement_id = ? AND version = ?"};
constexpr sql::Query kUpdateLine{"settlement_line.update",
                                 "UPDATE settlement_line SET refunded_fen = ?, paid_fen = ? "
                                 "WHERE settlement_id = ? AND position = ?"};
constexpr std::array kQueries{kInsert, kInsertLine, kFind,      kFindOfOrder,
                              kLines,  kUpdate,     kUpdateLine};
static_assert(domain::kSplitRulesMax == 32);

std::optional<Settlement> read_settlement(sql::Connection& db, const std::optional<sql::Row>& row) {
    if (!row) return std::nullopt;
    Settlement settlement;
    settlement.id = id_at<SettlementTag>(*row, 0);
    settlement.order_id = id_at<OrderTag>(*row, 1);
    settlement.gross = row->fen(2);
    settlement.state = name_at<domain::SettlementState>(*row, 3);
    settlement.version = row->integer(4);
    settlement.created_at = row->time(5);
    settlement.updated_at = row->time(6);
    for (const sql::Row& line : db.all(kLines, settlement.id)) {
        settlement.lines.push_back(
            {{name_at<domain::SplitRole>(line, 0), line.text(1), line.integer(2), line.fen(3)},
             line.fen(4),
             line.fen(5)});
    }
    return settlement;
}

}  // namespace

void insert_settlement(sql::Connection& db, const Settlement& settlement) {
    db.run(kInsert, settlement.id, settlement.order_id, settlement.gross,
           domain::to_string(settlement.state), settlement.version, settlement.created_at,
           settlement.updated_at);
    std::int64_t position = 0;
    for (const SettlementLine& line : settlement.lines) {
        db.run(kInsertLine, settlement.id, position, domain::to_string(line.share.role),
               line.share.party, line.share.basis_points, line.share.amount, line.refunded,
               line.paid);
        ++position;
    }
}

std::optional<Settlement> find_settlement(sql::Connection& db, const SettlementId& id) {
    return read_settlement(db, db.one(kFind, id));
}

std::optional<Settlement> find_settlement_of(sql::Connection& db, const OrderId& order) {
    return read_settlement(db, db.one(kFindOfOrder, order));
}

void update_settlement(sql::Connection& db, Settlement& settlement, Timestamp now) {
    if (db.run(kUpdate, domain::to_string(settlement.state), settlement.version + 1, now,
               settlement.id, settlement.version) != 1) {
        throw stale("settlement");
    }
    std::int64_t position = 0;
    for (const SettlementLine& line : settlement.lines) {
        PDX_CHECK(!line.remaining().is_negative());
        PDX_CHECK(db.run(kUpdateLine, line.refunded, line.paid, settlement.id, position) == 1);
        ++position;
    }
    ++settlement.version;
    settlement.updated_at = now;
}

std::span<const sql::Query> settlement_queries() { return kQueries; }

}  // namespace pdx::store
