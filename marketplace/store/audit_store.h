#pragma once
/// Rows as an auditor reads them: every table of the market in pages, each row as members with the
/// names that the ledger uses. Reads raw columns on purpose: a value that this program would never
/// have written must be shown, not refused.
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sql/sql.h"

namespace pdx::store {

struct AuditRow {
    std::string id;
    /// Shape: path, JSON text; as app::ReplayedEntity. One path may come from two columns.
    std::vector<std::pair<std::string, std::string>> members;
};

/// One type of entity: its table, and the tables whose rows belong to it.
struct AuditedType {
    std::string_view type;
    /// Paths that come from rows of another table. When the row has none of them, and the ledger
    /// tells some, rows are missing.
    std::vector<std::string_view> lists;
    /// The one of `lists` that the ledger may leave out as a whole; empty: none.
    std::string_view optional_list;
};

/// Unit: rows of one page.
inline constexpr std::int64_t kAuditPageMax = 200;

/// In an order in which they can be read by a person.
std::span<const AuditedType> audited_types();

/// By id in byte order, from after `after`. Requires: a type of audited_types().
std::vector<AuditRow> audit_page(sql::Connection& db, std::string_view type,
                                 const std::string& after);

std::span<const sql::Query> audit_queries();

}  // namespace pdx::store
