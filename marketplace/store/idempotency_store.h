#pragma once
/// The answers kept for repeated requests; in the same transaction as the effect.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "sql/sql.h"

namespace pdx::store {

struct KeptAnswer {
    Digest request_hash;
    bool refused = false;
    std::string answer;                      ///< the answer, or the refusal's text
    std::optional<std::uint64_t> log_index;  ///< absent for a refusal
};

std::optional<KeptAnswer> find_answer(sql::Connection& db, std::string_view party_id,
                                      std::string_view key);
void keep_answer(sql::Connection& db, std::string_view party_id, std::string_view key,
                 const KeptAnswer& answer, Timestamp now);

std::span<const sql::Query> idempotency_queries();

}  // namespace pdx::store
