#pragma once
/// Serial numbers without gaps, counted inside the writer's transaction.
#include <cstdint>
#include <span>
#include <string_view>

#include "sql/sql.h"

namespace pdx::store {

/// The next number of the series, from 1.
std::int64_t next_number(sql::Connection& db, std::string_view series);

std::span<const sql::Query> counter_queries();

}  // namespace pdx::store
