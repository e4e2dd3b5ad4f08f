#include "marketplace/store/private_part_store.h"

#include <array>

#include "base/check.h"
#include "marketplace/store/columns.h"

namespace pdx::store {
namespace {

constexpr sql::Query kInsert{
    "private_part.insert",
    "INSERT INTO private_part (commitment, log_index, kind, entity_type, entity_id, wrapped_key, "
    "sealed_part, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr sql::Query kFind{
    "private_part.find",
    "SELECT commitment, log_index, kind, entity_type, entity_id, wrapped_key, sealed_part, "
    "recorded_at, erased_at, erasure_reason FROM private_part WHERE commitment = ?"};
constexpr sql::Query kListOfEntity{
    "private_part.by_entity",
    "SELECT commitment, log_index, kind, entity_type, entity_id, wrapped_key, sealed_part, "
    "recorded_at, erased_at, erasure_reason FROM private_part "
    "WHERE entity_type = ? AND entity_id = ? ORDER BY log_index LIMIT ?"};
constexpr sql::Query kErase{
    "private_part.erase",
    "UPDATE private_part SET wrapped_key = NULL, sealed_part = NULL, erased_at = ?, "
    "erasure_reason = ? WHERE commitment = ? AND erased_at IS NULL"};
constexpr sql::Query kEraseAgain{
    "private_part.erase_again",
    "UPDATE private_part SET wrapped_key = NULL, sealed_part = NULL, erased_at = ?, "
    "erasure_reason = ? WHERE commitment = ? AND (wrapped_key IS NOT NULL OR "
    "sealed_part IS NOT NULL OR erased_at IS NULL OR erased_at <> ? OR erasure_reason <> ?)"};
constexpr std::array kQueries{kInsert, kFind, kListOfEntity, kErase, kEraseAgain};

PrivatePart read_part(const sql::Row& row) {
    PrivatePart part;
    part.commitment = row.digest(0);
    part.log_index = static_cast<std::uint64_t>(row.integer(1));
    part.kind = row.text(2);
    part.entity_type = row.text(3);
    part.entity_id = row.text(4);
    if (!row.is_null(5) && !row.is_null(6)) part.sealed = SealedPart{row.blob(5), row.blob(6)};
    part.recorded_at = row.time(7);
    if (!row.is_null(8)) {
        part.erasure = Erasure{row.time(8), name_at<domain::ErasureReason>(row, 9)};
    }
    PDX_CHECK(!part.sealed || !part.erasure);
    return part;
}

}  // namespace

void insert_private_part(sql::Connection& db, const PrivatePart& part) {
    PDX_CHECK(part.sealed.has_value() && !part.erasure.has_value());
    db.run(kInsert, part.commitment, part.log_index, part.kind, part.entity_type, part.entity_id,
           part.sealed->wrapped_key, part.sealed->content, part.recorded_at);
}

std::optional<PrivatePart> find_private_part(sql::Connection& db, const Digest& commitment) {
    const auto row = db.one(kFind, commitment);
    return row ? std::optional(read_part(*row)) : std::nullopt;
}

std::vector<PrivatePart> list_private_parts(sql::Connection& db, std::string_view entity_type,
                                            std::string_view entity_id) {
    std::vector<PrivatePart> parts;
    for (const sql::Row& row : db.all(kListOfEntity, entity_type, entity_id, kEntityPartsMax)) {
        parts.push_back(read_part(row));
    }
    return parts;
}

void erase_private_part(sql::Connection& db, const Digest& commitment, const Erasure& erasure) {
    PDX_CHECK(db.run(kErase, erasure.at, domain::to_string(erasure.reason), commitment) == 1);
}

bool erase_again(sql::Connection& db, const Digest& commitment, const Erasure& erasure) {
    const std::string_view reason = domain::to_string(erasure.reason);
    return db.run(kEraseAgain, erasure.at, reason, commitment, erasure.at, reason) > 0;
}

std::span<const sql::Query> private_part_queries() { return kQueries; }

}  // namespace pdx::store
