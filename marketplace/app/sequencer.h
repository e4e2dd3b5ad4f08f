#pragma once
/// Turns the facts of a batch into leaves, tiles, a tree head and a signed checkpoint, inside the
/// writer's transaction. It owns the log's private key and the right edge of its tree.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "ledger/entry.h"
#include "ledger/kinds.h"
#include "ledger/log_signers.h"
#include "ledger/store/log_store.h"
#include "ledger/tree.h"
#include "marketplace/app/caller.h"
#include "marketplace/app/entity_tails.h"
#include "marketplace/app/entry_guard.h"
#include "marketplace/app/fact.h"
#include "marketplace/app/witnessed.h"
#include "sql/sql.h"

namespace pdx::app {

/// What every write is answered with: a .tlog-proof file that carries the entry itself.
struct Receipt {
    std::uint64_t index = 0;
    std::uint64_t tree_size = 0;
    std::string proof;
    Witnessed witnessed = {};  ///< of the checkpoint in this very proof
};

/// The receipt of an entry that is in the log, under the checkpoint of the batch that appended it,
/// so that asking again gives the same bytes.
/// Throws: not_found("receipt") when the log is shorter.
Receipt read_receipt(sql::Connection& db, const std::string& origin, std::uint64_t index);

/// An entry that has no place in the log yet.
struct PreparedEntry {
    ledger::Entry entry;
    Bytes bytes;
};

/// Thread: the writer's only.
class Sequencer {
public:
    /// The keys' name is the origin of the log. `kinds` outlives this.
    explicit Sequencer(ledger::LogSigners signers,
                       const ledger::KindTable& kinds = ledger::kinds());

    const std::string& origin() const { return signers_.name(); }
    /// Loads the tree head and the right edge; forgets what was appended since the last commit.
    /// Returns the time of the last entry (0 for an empty log).
    /// Throws: LedgerViolation when head, tiles and checkpoint disagree, when another key signed,
    /// or when the database is behind what this process committed, as after a failover to a copy.
    Timestamp open(sql::Connection& db);

    /// The fact as an entry, linked to the last one of its entity. Changes nothing: a command may
    /// still be refused. Throws: InvariantViolation when the entry may not stand in a ledger
    /// (entry_guard.h).
    PreparedEntry prepare(sql::Connection& db, Fact fact, const Caller& caller, Timestamp now);
    /// The index that append() gives next.
    std::uint64_t next_index() const { return appender_.size(); }
    /// Requires: nothing was appended since this entry was prepared.
    std::uint64_t append(PreparedEntry prepared);
    /// Stores entries, tiles, head and checkpoint. Throws: LedgerViolation when the head is not
    /// where this sequencer left it (another writer).
    void seal(sql::Connection& db);
    /// The batch of seal() is durable; from here on no shorter and no other tree is accepted.
    void committed() { known_ = head_; }
    const ledger::TreeHead& head() const { return head_; }
    /// After seal() and the commit. Works for every index in the log.
    Receipt receipt(sql::Connection& db, std::uint64_t index);

private:
    void check_not_behind(sql::Connection& db, const ledger::TreeHead& stored);

    ledger::LogSigners signers_;
    EntryGuard guard_;
    ledger::Appender appender_;
    ledger::TreeHead head_;
    ledger::TreeHead known_;  ///< the last head that this process knows to be committed
    EntityTails tails_;
    ledger::PostingList unlisted_;
    std::vector<ledger::SequencedEntry> rows_;  ///< of the batch being made
    std::optional<ledger::Prover> prover_;      ///< of the last sealed batch
    std::vector<ledger::SequencedEntry>
        sealed_rows_;  ///< of that batch: batch_begin_ .. batch_end_
    std::uint64_t batch_begin_ = 0;
    std::uint64_t batch_end_ = 0;
    std::string checkpoint_;  ///< of the last sealed batch
};

}  // namespace pdx::app
