#include "marketplace/store/idempotency_store.h"

#include <array>

namespace pdx::store {
namespace {

constexpr sql::Query kFind{"idempotency.find",
                           "SELECT request_hash, refused, answer, log_index FROM idempotency "
                           "WHERE party_id = ? AND idempotency_key = ?"};
constexpr sql::Query kInsert{
    "idempotency.insert",
    "INSERT INTO idempotency (party_id, idempotency_key, request_hash, refused, answer, log_index, "
    "created_at) VALUES (?, ?, ?, ?, ?, ?, ?)"};
constexpr std::array kQueries{kFind, kInsert};

}  // namespace

std::optional<KeptAnswer> find_answer(sql::Connection& db, std::string_view party_id,
                                      std::string_view key) {
    const auto row = db.one(kFind, party_id, key);
    if (!row) return std::nullopt;
    KeptAnswer answer{row->digest(0), row->integer(1) != 0, row->text(2), std::nullopt};
    if (!row->is_null(3)) answer.log_index = static_cast<std::uint64_t>(row->integer(3));
    return answer;
}

void keep_answer(sql::Connection& db, std::string_view party_id, std::string_view key,
                 const KeptAnswer& answer, Timestamp now) {
    db.run(kInsert, party_id, key, answer.request_hash, answer.refused ? 1 : 0, answer.answer,
           answer.log_index, now);
}

std::span<const sql::Query> idempotency_queries() { return kQueries; }

}  // namespace pdx::store
