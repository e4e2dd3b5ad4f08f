#pragma once
/// Appends to a stored log as the writer does it, without the transaction around it.
#include <vector>

#include "ledger/signer.h"
#include "ledger/store/log_store.h"
#include "ledger/tree.h"

namespace pdx::test {

/// Entries, tiles, head, and a checkpoint where there is a signer. Requires: the appender stands
/// where the log does. Returns: what was stored.
std::vector<ledger::SequencedEntry> store_batch(ledger::LogStore& log, ledger::Appender& appender,
                                                std::vector<ledger::Entry> entries,
                                                const ledger::NoteSigner* signer);

}  // namespace pdx::test
