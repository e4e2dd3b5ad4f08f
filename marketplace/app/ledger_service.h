#pragma once
/// Reading the ledger: receipts, entries, and the resources of tlog-tiles. Everything here is
/// public and touches no writer.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/store/log_store.h"
#include "marketplace/app/context.h"
#include "marketplace/app/sequencer.h"

namespace pdx::app {

class LedgerService {
public:
    explicit LedgerService(Context& context) : context_(context) {}

    /// Throws: not_found("receipt").
    Receipt receipt(std::uint64_t index);
    /// From `begin` on, ascending.
    std::vector<ledger::StoredEntry> entries(const ledger::EntryFilter& filter, std::uint64_t begin,
                                             std::int64_t limit);
    /// Newest first.
    std::vector<ledger::StoredEntry> latest(std::int64_t limit);
    /// The latest signed note; absent while the log is empty.
    std::optional<std::string> checkpoint();
    /// Absent: 404 and nothing else (tlog-tiles).
    std::optional<Bytes> tile(unsigned level, std::uint64_t index, unsigned width);
    std::optional<Bytes> bundle(std::uint64_t index, unsigned width);

private:
    /// A tile is served only within the published size.
    std::uint64_t published_size(sql::Connection& db);
    Context& context_;
};

}  // namespace pdx::app
