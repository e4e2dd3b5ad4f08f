#pragma once
/// Which columns of which tables an auditor reads, under the names that the ledger uses;
/// audit_store reads them.
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "marketplace/store/audit_store.h"
#include "sql/sql.h"

namespace pdx::store {

/// How a column becomes JSON.
enum class AuditedShape {
    kText,
    kInteger,
    kDecimal,  ///< an integer as a string: money and sizes
    kTime,
    kHex,  ///< 32 zero bytes are null
    kBase64,
    kSha256,  ///< of a text; of an empty one null
    kJson,    ///< a text that is JSON already
};

struct AuditedColumn {
    std::string_view member;
    AuditedShape shape = AuditedShape::kText;
};

/// Rows of another table. The first `keys` columns make the path; the rest are members, or, without
/// members, one amount that is summed.
struct AuditedList {
    std::string_view path;
    sql::Query query;
    std::size_t keys = 1;
    std::vector<AuditedColumn> columns;
};

struct AuditedTable {
    AuditedType type;
    sql::Query page;
    std::vector<AuditedColumn> columns;  ///< after the id
    std::vector<AuditedList> lists;
    AuditedShape id = AuditedShape::kText;  ///< kText or kHex
};

/// In an order in which they can be read by a person.
const std::vector<AuditedTable>& audited_tables();

}  // namespace pdx::store
