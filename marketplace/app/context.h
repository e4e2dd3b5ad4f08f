#pragma once
/// What every service needs, once. The composition root (marketplace/cli) builds it.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/secret.h"
#include "base/time.h"
#include "catalog/blob_store.h"
#include "marketplace/app/contract_keys.h"
#include "marketplace/app/private_vault.h"
#include "marketplace/app/read_pool.h"
#include "marketplace/app/witnessed.h"
#include "marketplace/app/writer.h"
#include "marketplace/bank/bank.h"
#include "marketplace/domain/deadlines.h"
#include "privacy/pattern_set.h"

namespace pdx::app {

struct Context {
    ReadPool& reads;
    Writer& writer;
    const Clock& clock;
    IdSource& ids;
    catalog::BlobStore& blobs;
    bank::Bank& bank;
    const domain::RuleProfile& rules;         ///< the profile under which new decisions are taken
    std::string log_origin;                   ///< name of the log; part of what parties sign
    Secret master_key;                        ///< 32 bytes; all other keys derive from it
    const WitnessTerms* witnesses = nullptr;  ///< null: the log has no witnesses
    std::chrono::milliseconds delivery_time_max = std::chrono::hours(1);
    const privacy::PatternSet* patterns = nullptr;  ///< null: the exchange states none
    PrivateVault vault{master_key.view(), log_origin};
    ContractKeys contract_keys{master_key.view()};
};

/// Who writes, and under which Idempotency-Key.
struct WriteRequest {
    Caller caller;
    std::optional<IdempotencyKey> idempotency;
};

}  // namespace pdx::app
