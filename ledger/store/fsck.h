#pragma once
/// The check of a stored log from the bytes of its entries up to the signature: entry, leaf hash,
/// tile, tiles above, root, head, every stored checkpoint, and the index against the bytes. In
/// small pieces, so that the same code runs once from the command line and for ever behind a
/// serving exchange. Reads through LogStore only.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "ledger/note.h"
#include "ledger/store/entry_index.h"
#include "ledger/store/log_store.h"
#include "sql/sql.h"

namespace pdx::ledger {

/// One thing that is wrong. `check` is stable: head, root, tile, entry, entry-json, entry-log,
/// column, index, checkpoint, checkpoint-root, missing, surplus, row.
struct FsckFault {
    std::string check;
    std::string place;                   ///< "entry 17", "tile/0/000", "checkpoint 300", "head"
    std::optional<std::uint64_t> entry;  ///< index, where it is one entry
    std::string detail;                  ///< a sentence for people

    /// "entry 17 (column): ..."
    std::string text() const;
};

/// One pass over a log as it is when the pass begins; what is appended meanwhile is for the next
/// one. A writer may go on: what is checked never changes. Thread: not shared.
class Fsck {
public:
    /// Unit: faults. After so many the pass ends: one damaged page can upset thousands of entries.
    static constexpr std::size_t kFaultsMax = 20;

    /// `keys`: those that have signed for this log; the name of the first is its origin.
    /// Requires: at least one (checked).
    explicit Fsck(std::vector<NoteVerifier> keys);

    /// Does the next piece, at most one bundle of entries. False when the pass is over.
    /// Throws: what the driver throws when the database cannot be read.
    bool step(sql::Connection& db);

    const std::vector<FsckFault>& faults() const { return faults_; }
    std::uint64_t size() const { return head_.size; }
    std::uint64_t entries() const { return entries_; }          ///< checked so far
    std::uint64_t tiles() const { return tiles_; }              ///< checked so far
    std::uint64_t checkpoints() const { return checkpoints_; }  ///< checked so far

private:
    enum class Phase { kHead, kBundles, kTiles, kCheckpoints, kEnd, kEntities, kPostings, kDone };

    void piece(sql::Connection& db);
    void check_head(sql::Connection& db);
    void check_bundle(sql::Connection& db);
    void check_entry(sql::Connection& db, const StoredEntry& stored, const Digest& expected);
    /// That the entry is listed under its entity.
    void check_entity(sql::Connection& db, std::uint64_t index, const Entry& entry);
    /// That the span's entries, and no others, are listed under their terms.
    void check_span(sql::Connection& db, std::span<const Posting> expected);
    /// That nothing else is listed, a page at a time.
    void check_entities(sql::Connection& db);
    void check_postings(sql::Connection& db);
    void check_tiles(sql::Connection& db);
    /// The tile at the width of this pass's tree; nullopt after naming what is wrong with it.
    std::optional<Bytes> load_tile(sql::Connection& db, unsigned level, std::uint64_t index);
    /// Whether the tile above, or the signed root, vouches for the tile.
    bool is_proven(sql::Connection& db, unsigned level, std::uint64_t index, const Bytes& tile);
    void check_checkpoints(sql::Connection& db);
    void check_checkpoint(const StoredCheckpoint& stored, const Digest& root);
    void check_end(sql::Connection& db);
    std::uint64_t size_now(sql::Connection& db);
    std::string where() const;
    void blame(FsckFault fault);

    std::vector<NoteVerifier> keys_;
    Phase phase_ = Phase::kHead;
    TreeHead head_;
    bool root_holds_ = false;
    std::uint64_t next_bundle_ = 0;
    unsigned next_level_ = 1;
    std::uint64_t next_tile_ = 0;
    std::uint64_t next_size_ = 0;
    PostingList postings_;  ///< of the span that is being checked
    EntityRow last_entity_;
    std::uint64_t entities_expected_ = 0;
    std::uint64_t entities_found_ = 0;
    Posting last_posting_;
    std::uint64_t entries_ = 0;
    std::uint64_t tiles_ = 0;
    std::uint64_t checkpoints_ = 0;
    std::vector<FsckFault> faults_;
};

std::span<const sql::Query> fsck_queries();

}  // namespace pdx::ledger
