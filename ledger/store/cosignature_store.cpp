#include "ledger/store/cosignature_store.h"

#include <array>

#include "base/check.h"
#include "base/error.h"

namespace pdx::ledger {
namespace {

using sql::Query;

constexpr Query kInsert{"cosignature.insert",
                        "INSERT INTO log_cosignature (log, size, key_name, key_id, cosigned_at, "
                        "signature) VALUES (?, ?, ?, ?, ?, ?)"};
constexpr Query kOf{"cosignature.of",
                    "SELECT key_name, key_id, signature FROM log_cosignature "
                    "WHERE log = ? AND size = ? ORDER BY key_name, key_id LIMIT 100"};
constexpr Query kLargestBy{"cosignature.largest_by",
                           "SELECT size FROM log_cosignature "
                           "WHERE log = ? AND key_name = ? AND key_id = ? "
                           "ORDER BY size DESC LIMIT 1"};
constexpr Query kSizesAbove{"cosignature.sizes_above",
                            "SELECT DISTINCT size FROM log_cosignature "
                            "WHERE log = ? AND size > ? ORDER BY size LIMIT 256"};
constexpr Query kSizesBelow{"cosignature.sizes_below",
                            "SELECT DISTINCT size FROM log_cosignature "
                            "WHERE log = ? AND size < ? ORDER BY size DESC LIMIT 256"};

constexpr std::array kQueries{kInsert, kOf, kLargestBy, kSizesAbove, kSizesBelow};

std::vector<std::uint64_t> read_sizes(const std::vector<sql::Row>& rows) {
    std::vector<std::uint64_t> sizes;
    sizes.reserve(rows.size());
    for (const sql::Row& row : rows) sizes.push_back(static_cast<std::uint64_t>(row.integer(0)));
    return sizes;
}

}  // namespace

bool CosignatureStore::add(const StoredCosignature& cosignature) {
    const NoteSignature& line = cosignature.line;
    const auto time = cosignature_time(line.signature);
    PDX_CHECK(time.has_value());
    try {
        connection_.run(kInsert, log_, cosignature.size, line.name, line.key_id, *time,
                        line.signature);
        return true;
    } catch (const Error& error) {
        if (error.code() == "database.duplicate") return false;
        throw;
    }
}

std::vector<NoteSignature> CosignatureStore::of(std::uint64_t size) {
    std::vector<NoteSignature> lines;
    for (const sql::Row& row : connection_.all(kOf, log_, size)) {
        lines.push_back({row.text(0), static_cast<std::uint32_t>(row.integer(1)), row.blob(2)});
    }
    return lines;
}

std::uint64_t CosignatureStore::largest_by(const std::string& key_name, std::uint32_t key_id) {
    const auto row = connection_.one(kLargestBy, log_, key_name, key_id);
    return row ? static_cast<std::uint64_t>(row->integer(0)) : 0;
}

std::vector<std::uint64_t> CosignatureStore::sizes_above(std::uint64_t size) {
    return read_sizes(connection_.all(kSizesAbove, log_, size));
}

std::vector<std::uint64_t> CosignatureStore::sizes_below(std::uint64_t size) {
    return read_sizes(connection_.all(kSizesBelow, log_, size));
}

std::span<const sql::Query> cosignature_queries() { return kQueries; }

}  // namespace pdx::ledger
