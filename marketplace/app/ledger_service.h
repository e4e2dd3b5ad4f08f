#pragma once
/// Reading the ledger: receipts, entries, and the files of tlog-tiles. Everything here is public
/// and touches no writer.
#include <cstdint>
#include <vector>

#include "ledger/store/log_store.h"
#include "marketplace/app/context.h"
#include "marketplace/app/entity_history.h"
#include "marketplace/app/ledger_query.h"
#include "marketplace/app/log_files.h"
#include "marketplace/app/sequencer.h"

namespace pdx::app {

class LedgerService {
public:
    explicit LedgerService(Context& context)
        : context_(context),
          files_(context.reads, context.log_origin, context.witnesses) {}

    /// The log as other tools read it.
    LogFiles& files() { return files_; }

    /// Under the checkpoint that appended the entry, with the cosignatures that it has by now.
    /// Throws: not_found("receipt").
    Receipt receipt(std::uint64_t index);
    /// Under the first checkpoint covering the entry that reached the policy's quorum.
    /// Throws: not_found("receipt"); kNotFound "receipt.not_witnessed" while there is none.
    Receipt witnessed_receipt(std::uint64_t index);
    /// The published entries that match, see find_entries().
    LedgerPage find(const LedgerQuery& query, std::int64_t limit);
    /// All entries about one entity from a place on, oldest first, with their chain.
    EntityHistory history(const std::string& entity_type, const std::string& entity_id,
                          const HistoryPlace& place, std::int64_t limit);
    /// Newest first.
    std::vector<ledger::StoredEntry> latest(std::int64_t limit);

private:
    Receipt receipt_under(sql::Connection& db, std::uint64_t index,
                          const WitnessedCheckpoint& checkpoint);

    Context& context_;
    LogFiles files_;
};

}  // namespace pdx::app
