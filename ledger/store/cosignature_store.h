#pragma once
/// The cosignatures that witnesses gave to checkpoints of a log, in SQL. Each was verified before
/// it was stored and is only ever added, so that what was shown once can be shown for ever.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/note.h"
#include "sql/sql.h"

namespace pdx::ledger {

struct StoredCosignature {
    std::uint64_t size = 0;  ///< of the checkpoint
    NoteSignature line;

    bool operator==(const StoredCosignature&) const = default;
};

/// Unit: checkpoints of one list.
inline constexpr std::int64_t kCosignedPageMax = 256;

/// Thread: not shared, as its connection.
class CosignatureStore {
public:
    CosignatureStore(sql::Connection& connection, std::string log)
        : connection_(connection),
          log_(std::move(log)) {}

    /// A second line by the same key for the same checkpoint is not kept: the first time is the
    /// stronger claim. Requires: a timestamped line that was verified, of a name of at most 255
    /// bytes. False when there was one.
    bool add(const StoredCosignature& cosignature);
    /// Of one checkpoint, by name and id.
    std::vector<NoteSignature> of(std::uint64_t size);
    /// The largest size that this key cosigned; 0: none.
    std::uint64_t largest_by(const std::string& key_name, std::uint32_t key_id);
    /// Sizes of cosigned checkpoints above `size`, ascending, at most kCosignedPageMax.
    std::vector<std::uint64_t> sizes_above(std::uint64_t size);
    /// Sizes below `size`, descending, at most kCosignedPageMax.
    std::vector<std::uint64_t> sizes_below(std::uint64_t size);

private:
    sql::Connection& connection_;
    std::string log_;
};

/// Every statement of this file, for the test that prepares them on each driver.
std::span<const sql::Query> cosignature_queries();

}  // namespace pdx::ledger
