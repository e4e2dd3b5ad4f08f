#pragma once
/// The only way by which data leaves: a stored dataset through the contract's policy into a new
/// blob, in constant memory (design D6). It knows no state; the commands around it ask whether it
/// may run, and whether what it made may be published.
#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/secret.h"
#include "base/time_limit.h"
#include "catalog/blob_store.h"
#include "privacy/classify.h"
#include "privacy/policy.h"
#include "privacy/transform.h"

namespace pdx::app {

struct MaskingJob {
    DeliveryId delivery;                        ///< whose rows have an order of their own
    PartyId buyer;                              ///< whose copy has marks and canaries of its own
    Digest input;                               ///< the dataset's blob
    ContractId contract;                        ///< whose copies these are
    Secret key;                                 ///< the contract's; of pseudonyms and tokens
    ResourceId resource;                        ///< whose releases are joined in the risk
    privacy::Policy policy;                     ///< the contract's
    std::vector<privacy::ColumnClass> classes;  ///< of all columns, in the order of the file
    const privacy::PatternSet* patterns = nullptr;  ///< the exchange's, or none
};

struct MaskedOutput {
    catalog::BlobInfo stored;
    privacy::MaskReport report;
};

/// Masks the whole dataset or nothing: what was written of a file that fails is removed. `steps`:
/// of the policy's generalisation, taken at once.
/// Throws: what privacy/transform.h and catalog/blob_store.h throw; as check_in_time().
MaskedOutput mask_dataset(const catalog::BlobStore& blobs, ByteView master_key,
                          const MaskingJob& job, const TimeLimit& limit, std::size_t steps = 0);

/// Throws: kBusy "delivery.timed_out" once the limit is over.
void check_in_time(const TimeLimit& limit);

/// Per column the operation and counts, and the totals; no values.
nlohmann::json to_json(const privacy::MaskReport& report);

}  // namespace pdx::app
