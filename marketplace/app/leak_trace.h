#pragma once
/// Whose copy leaked: a table against all that this exchange ever delivered. Reads the deliveries,
/// what each did to its columns, and the stored datasets; writes nothing.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "catalog/blob_store.h"
#include "privacy/csv.h"
#include "privacy/delivery_trace.h"
#include "privacy/trace.h"
#include "sql/sql.h"

namespace pdx::app {

struct TracedDelivery {
    DeliveryId id;
    PartyId buyer;
    Timestamp delivered_at;
    privacy::MarkEvidence order;
    privacy::CopyEvidence copy;  ///< the same for all that one buyer got under one contract
    bool is_same_file = false;   ///< byte for byte, by its SHA-256
    bool is_named = false;

    int copy_exponent() const { return std::max(copy.marks.exponent, copy.canaries.exponent); }
    int exponent() const;  ///< the best of all three
};

/// Named when the tokens name it, or one of its deliveries: by the order of its rows, by marks or
/// canaries, or because it is the same file and no delivery of another contract is. These tell its
/// deliveries apart; the only one is named with it. Once its key is destroyed nobody can make its
/// tokens again, canaries are found where they left as they are, and the order where rows are told
/// by what is no token.
struct TracedContract {
    ContractId id;
    PartyId provider;
    PartyId licensee;            ///< the operator
    bool key_destroyed = false;  ///< the contract has ended: `tokens` says nothing
    privacy::HitEvidence tokens;
    bool is_named = false;
    std::vector<TracedDelivery> deliveries;  ///< the surest first

    int exponent() const;  ///< of the tokens, and of its deliveries
};

struct LeakTrace {
    int limit = 0;
    std::uint64_t deliveries = 0;
    std::uint64_t without_dataset = 0;  ///< deliveries whose dataset is erased: only marks count
    std::vector<TracedContract> contracts;  ///< the surest first
};

/// The leaked table, which is read again for each contract that has marks or canaries.
struct Leak {
    Digest sha256;  ///< of the file
    const privacy::LeakedTokens& tokens;
    /// Every record, the header first, with the names that the columns were delivered under.
    std::function<void(const privacy::CsvReader::Handler&)> read;
};

using TraceProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// `limit`: a contract or delivery is named when chance accuses any innocent one with probability
/// 10^-limit at most, all of them together.
/// Throws: kConflict "trace.no_deliveries", "delivery.policy"; as BlobStore::open() but for a blob
/// that is not there; what `leak.read` throws.
LeakTrace trace_leak(sql::Connection& db, const catalog::BlobStore& blobs, ByteView master_key,
                     const Leak& leak, int limit, const TraceProgress& progress);

}  // namespace pdx::app
