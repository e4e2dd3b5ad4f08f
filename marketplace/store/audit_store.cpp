#include "marketplace/store/audit_store.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/crypto.h"
#include "marketplace/store/audit_tables.h"

namespace pdx::store {
namespace {

using nlohmann::json;
using Shape = AuditedShape;

std::string json_of(const sql::Row& row, std::size_t column, Shape shape) {
    if (row.is_null(column)) return "null";
    const auto text = [](const std::string& value) {
        return json(value).dump(-1, ' ', false, json::error_handler_t::replace);
    };
    switch (shape) {
        case Shape::kText: return text(row.text(column));
        case Shape::kInteger: return std::to_string(row.integer(column));
        case Shape::kDecimal: return text(std::to_string(row.integer(column)));
        // A time outside of what can be written is shown as the number that it is.
        case Shape::kTime: {
            constexpr std::int64_t kYear9999 = 253'402'300'799'999'999;
            const std::int64_t micros = row.integer(column);
            return micros < 0 || micros > kYear9999 ? std::to_string(micros)
                                                    : text(Timestamp{micros}.rfc3339());
        }
        case Shape::kHex: {
            const Bytes& bytes = row.blob(column);
            const bool zero = std::all_of(bytes.begin(), bytes.end(),
                                          [](std::uint8_t byte) { return byte == 0; });
            return zero && bytes.size() == Digest::kSize ? "null" : text(to_hex(bytes));
        }
        case Shape::kBase64: return text(to_base64(row.blob(column)));
        case Shape::kSha256: {
            const std::string& hashed = row.text(column);
            return hashed.empty() ? "null" : text(sha256(hashed).hex());
        }
        case Shape::kJson: return row.text(column);
    }
    fail_check("unknown shape", __FILE__, __LINE__);
}

/// A key column as it stands in a path.
std::string key_of(const sql::Row& row, std::size_t column, std::string_view list) {
    if (list == "keys") return to_hex(row.blob(column));
    if (list == "signatures" || list == "postings") return row.text(column);
    return std::to_string(row.integer(column));
}

void add_list(sql::Connection& db, const AuditedList& list, AuditRow& row) {
    std::map<std::string, std::int64_t> sums;
    for (const sql::Row& part : db.all(list.query, row.id)) {
        std::string path(list.path);
        for (std::size_t key = 0; key < list.keys; ++key) {
            path += "/" + key_of(part, key, list.path);
        }
        if (list.columns.empty()) {
            std::int64_t& sum = sums[path];
            // A sum that does not fit differs from every sum of the ledger, which does.
            if (__builtin_add_overflow(sum, part.integer(list.keys), &sum)) sum = INT64_MIN;
        }
        for (std::size_t i = 0; i < list.columns.size(); ++i) {
            row.members.emplace_back(path + "/" + std::string(list.columns[i].member),
                                     json_of(part, list.keys + i, list.columns[i].shape));
        }
    }
    for (const auto& [path, sum] : sums) {
        row.members.emplace_back(path, "\"" + std::to_string(sum) + "\"");
    }
}

}  // namespace

std::span<const AuditedType> audited_types() {
    static const std::vector<AuditedType> types = [] {
        std::vector<AuditedType> all;
        for (const AuditedTable& table : audited_tables()) all.push_back(table.type);
        return all;
    }();
    return types;
}

std::vector<AuditRow> audit_page(sql::Connection& db, std::string_view type,
                                 const std::string& after) {
    const auto table = std::find_if(audited_tables().begin(), audited_tables().end(),
                                    [&](const AuditedTable& one) { return one.type.type == type; });
    PDX_CHECK(table != audited_tables().end());
    std::vector<AuditRow> rows;
    const bool binary = table->id == Shape::kHex;
    const Bytes bytes = binary ? from_hex(after).value() : Bytes{};
    const std::array values{binary ? sql::to_parameter(bytes) : sql::to_parameter(after),
                            sql::to_parameter(kAuditPageMax)};
    for (const sql::Row& stored : db.select(table->page, values)) {
        AuditRow row{binary ? to_hex(stored.blob(0)) : stored.text(0), {}};
        for (std::size_t i = 0; i < table->columns.size(); ++i) {
            row.members.emplace_back(std::string(table->columns[i].member),
                                     json_of(stored, i + 1, table->columns[i].shape));
        }
        for (const AuditedList& list : table->lists) add_list(db, list, row);
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace pdx::store
