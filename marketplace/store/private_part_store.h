#pragma once
/// The private parts of entries, sealed: what the ledger only commits to. What is in them is
/// app/private_vault's to read; a row that was erased says so and holds nothing more.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "marketplace/domain/erasure.h"
#include "sql/sql.h"

namespace pdx::store {

/// Salt and texts under a key of their own, and that key under the exchange's.
struct SealedPart {
    Bytes wrapped_key;
    Bytes content;
};

struct Erasure {
    Timestamp at;
    domain::ErasureReason reason = domain::ErasureReason::kDataSubjectRequest;
};

struct PrivatePart {
    Digest commitment;  ///< as the entry has it; names the part everywhere
    std::uint64_t log_index = 0;
    std::string kind;  ///< of the entry, as the next two
    std::string entity_type;
    std::string entity_id;
    std::optional<SealedPart> sealed;  ///< absent when it was erased, or when somebody took it
    Timestamp recorded_at;
    std::optional<Erasure> erasure;
};

void insert_private_part(sql::Connection& db, const PrivatePart& part);
std::optional<PrivatePart> find_private_part(sql::Connection& db, const Digest& commitment);
/// Those of one entity, oldest first, at most kEntityPartsMax.
std::vector<PrivatePart> list_private_parts(sql::Connection& db, std::string_view entity_type,
                                            std::string_view entity_id);
inline constexpr std::int64_t kEntityPartsMax = 1'000;
/// Destroys the wrapped key and the sealed part. Requires: it was not erased before (checked).
void erase_private_part(sql::Connection& db, const Digest& commitment, const Erasure& erasure);
/// Makes the row what that erasure left. False when it is already.
bool erase_again(sql::Connection& db, const Digest& commitment, const Erasure& erasure);

std::span<const sql::Query> private_part_queries();

}  // namespace pdx::store
