#pragma once
/// Which entities tell of each other: the entries of one hold facts of the others.
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sql/sql.h"

namespace pdx::store {

/// The entities whose entries tell of this one, as (type, id) of the ledger, itself included: of an
/// order its deliveries, settlement and disputes, and so for each of them; of an application its
/// contract; of a dataset its resource; of a private part the family of its entity. Only itself for
/// any other, and for what is not stored.
std::vector<std::pair<std::string, std::string>> family_of(sql::Connection& db,
                                                           std::string_view type,
                                                           const std::string& id);

std::span<const sql::Query> relation_queries();

}  // namespace pdx::store
