#pragma once
/// Whose copy leaked: a table against all that this exchange ever delivered. Reads the deliveries,
/// what each did to its columns, and the stored datasets; writes nothing.
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "catalog/blob_store.h"
#include "privacy/delivery_trace.h"
#include "sql/sql.h"

namespace pdx::app {

struct TracedDelivery {
    DeliveryId id;
    PartyId buyer;
    Timestamp delivered_at;
    privacy::MarkEvidence order;
    bool is_named = false;
};

/// Named when the tokens name it; then its deliveries are told apart by the order of their rows.
/// The only delivery under a named contract is named with it.
struct TracedContract {
    ContractId id;
    PartyId provider;
    PartyId licensee;  ///< the operator
    privacy::HitEvidence tokens;
    bool is_named = false;
    std::vector<TracedDelivery> deliveries;  ///< the surest first
};

struct LeakTrace {
    int limit = 0;
    std::uint64_t deliveries = 0;
    std::uint64_t without_dataset = 0;      ///< deliveries whose dataset is erased: not looked at
    std::vector<TracedContract> contracts;  ///< the surest first
};

using TraceProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// `limit`: a contract or delivery is named when chance accuses any innocent one with probability
/// 10^-limit at most, all of them together.
/// Throws: kConflict "trace.no_deliveries", "delivery.policy"; as BlobStore::open() but for a blob
/// that is not there.
LeakTrace trace_leak(sql::Connection& db, const catalog::BlobStore& blobs, ByteView master_key,
                     const privacy::LeakedTokens& leak, int limit, const TraceProgress& progress);

}  // namespace pdx::app
