#include "ledger/store/fsck.h"

#include <array>
#include <map>
#include <utility>

#include "base/check.h"
#include "ledger/checkpoint.h"
#include "ledger/entry.h"
#include "ledger/merkle.h"
#include "ledger/tile.h"
#include "ledger/tree.h"

namespace pdx::ledger {
namespace {

// LogStore gives tiles as readers need them; here it matters how they are stored.
constexpr sql::Query kStoredTile{"fsck.tile",
                                 "SELECT width, hashes FROM log_tile "
                                 "WHERE log = ? AND tile_level = ? AND tile_index = ?"};
constexpr std::array kQueries{kStoredTile};

/// Unit: checkpoints of one piece. Each costs a signature and a root.
constexpr int kCheckpointsAtOnce = 64;

Digest root_of_tile(const Bytes& tile) {
    TileNodes nodes;
    nodes.push_all(tile);
    return nodes.node(kTileHeight, 0);
}

std::string tile_name(unsigned level, std::uint64_t index) {
    return format_tile_path({.level = level, .index = index});
}

std::string entry_name(std::uint64_t index) { return "entry " + std::to_string(index); }

}  // namespace

std::string FsckFault::text() const { return place + " (" + check + "): " + detail; }

Fsck::Fsck(std::vector<NoteVerifier> keys) : keys_(std::move(keys)) { PDX_CHECK(!keys_.empty()); }

bool Fsck::step(sql::Connection& db) {
    if (phase_ == Phase::kDone) return false;
    try {
        piece(db);
    } catch (const InvariantViolation& violation) {
        // A row of another shape than the schema's, or a tile that is absent. The pass cannot go
        // on from here, and has found what it is for.
        blame({"row", where(), std::nullopt, violation.what()});
        phase_ = Phase::kDone;
    }
    if (faults_.size() >= kFaultsMax) phase_ = Phase::kDone;
    return phase_ != Phase::kDone;
}

void Fsck::piece(sql::Connection& db) {
    switch (phase_) {
        case Phase::kHead: return check_head(db);
        case Phase::kBundles: return check_bundle(db);
        case Phase::kTiles: return check_tiles(db);
        case Phase::kCheckpoints: return check_checkpoints(db);
        case Phase::kEnd: return check_end(db);
        case Phase::kEntities: return check_entities(db);
        case Phase::kPostings: return check_postings(db);
        case Phase::kDone: return;
    }
}

void Fsck::check_head(sql::Connection& db) {
    LogStore log(db, keys_.front().name());
    const auto head = log.head();
    phase_ = Phase::kDone;
    if (!head) {
        return blame({"head", "head", std::nullopt,
                      "the database holds no log named " + keys_.front().name()});
    }
    head_ = *head;
    if (head_.size == 0) {
        if (head_.root != empty_root()) {
            blame({"head", "head", std::nullopt, "an empty log has another root"});
        }
        phase_ = Phase::kEnd;
        return;
    }
    const auto stored = log.checkpoint_at(head_.size);
    if (!stored) {
        blame({"head", "head", std::nullopt,
               "no checkpoint is stored for its size, " + std::to_string(head_.size)});
        // Without a signature, the checkpoints that are there still say how large the log was.
        const auto latest = log.latest_checkpoint();
        if (!latest || latest->size == 0 || latest->size > head_.size) return;
        head_.size = latest->size;
        head_.root = latest->root;
    } else if (stored->root != head_.root) {
        blame({"head", "head", std::nullopt, "its root is not the one of its checkpoint"});
    }
    SqlTileReader tiles(db, log.log());
    // Which root is right is for the signature to say: check_checkpoints compares each with it.
    const Digest root = root_at(tiles, head_.size);
    root_holds_ = root == head_.root;
    if (!root_holds_) {
        blame({"root", "head", std::nullopt, "the tiles lead to another root than the head's"});
    }
    phase_ = Phase::kBundles;
}

std::optional<Bytes> Fsck::load_tile(sql::Connection& db, unsigned level, std::uint64_t index) {
    ++tiles_;
    const unsigned width = tile_width(head_.size, level, index);
    const auto stored = db.one(kStoredTile, keys_.front().name(), static_cast<int>(level), index);
    const std::string name = tile_name(level, index);
    if (!stored) {
        blame({"missing", name, std::nullopt, "the tile is not stored"});
        return std::nullopt;
    }
    Bytes bytes = stored->blob(1);
    const std::size_t hashes = bytes.size() / Digest::kSize;
    if (bytes.size() % Digest::kSize != 0 || hashes < width || hashes > kTileWidth) {
        blame({"tile", name, std::nullopt, "it holds " + std::to_string(bytes.size()) + " bytes"});
        return std::nullopt;
    }
    if (stored->integer(0) != static_cast<std::int64_t>(hashes)) {
        blame({"column", name, std::nullopt,
               "its width says " + std::to_string(stored->integer(0)) + ", and it holds " +
                   std::to_string(hashes) + " hashes"});
    }
    bytes.resize(width * Digest::kSize);
    return bytes;
}

bool Fsck::is_proven(sql::Connection& db, unsigned level, std::uint64_t index, const Bytes& tile) {
    if (tile.size() < kTileWidth * Digest::kSize) return root_holds_;
    const std::uint64_t parent = index / kTileWidth;
    const unsigned width = tile_width(head_.size, level + 1, parent);
    SqlTileReader tiles(db, keys_.front().name());
    const auto above = tiles.read_tile(level + 1, parent, width);
    return above && tile_hash(*above, index % kTileWidth) == root_of_tile(tile);
}

void Fsck::check_bundle(sql::Connection& db) {
    LogStore log(db, keys_.front().name());
    const std::uint64_t bundle = next_bundle_++;
    const std::uint64_t first = bundle * kTileWidth;
    const unsigned width = tile_width(head_.size, 0, bundle);
    if (first + width >= head_.size) phase_ = Phase::kTiles;
    const auto tile = load_tile(db, 0, bundle);
    const bool proven = tile && is_proven(db, 0, bundle, *tile);
    if (tile && !proven) {
        blame({"tile", tile_name(0, bundle), std::nullopt,
               "the tree above it does not lead to its hashes"});
    }
    const auto stored = log.entries(first, width);
    auto entry = stored.begin();
    for (std::uint64_t index = first; index < first + width; ++index) {
        if (entry == stored.end() || entry->index != index) {
            blame({"missing", entry_name(index), index, "the entry is not stored"});
            continue;
        }
        const Digest expected = proven ? tile_hash(*tile, index - first) : entry->leaf;
        check_entry(db, *entry, expected);
        ++entry;
    }
    if (const auto listed = postings_.take(first + width); !listed.empty()) check_span(db, listed);
}

void Fsck::check_entry(sql::Connection& db, const StoredEntry& stored, const Digest& expected) {
    ++entries_;
    const std::string name = entry_name(stored.index);
    if (stored.leaf != expected) {
        blame({"entry", name, stored.index,
               "its bytes are not those that were hashed: the tree proves another hash"});
    }
    const ParsedEntry& parsed = stored.parsed;
    if (parsed.reading == EntryReading::kNotCanonical) {
        blame({"entry-json", name, stored.index,
               "byte " + std::to_string(parsed.fault.offset) + ": " +
                   std::string(parsed.fault.what)});
    } else if (parsed.reading == EntryReading::kRead) {
        if (parsed.entry.log != keys_.front().name()) {
            blame({"entry-log", name, stored.index, "it was written for another log"});
        }
        check_entity(db, stored.index, parsed.entry);
        postings_.add(stored.index, parsed.entry);
    }
}

void Fsck::check_entity(sql::Connection& db, std::uint64_t index, const Entry& entry) {
    ++entities_expected_;
    const auto found = EntryIndex(db, keys_.front().name())
                           .of_entity(entity_key(entry.entity_type, entry.entity_id), index, 1);
    if (found.empty() || found.front() != index) {
        blame({"index", entry_name(index), index, "the index does not list it under its entity"});
    }
}

void Fsck::check_span(sql::Connection& db, std::span<const Posting> expected) {
    const std::uint64_t span = expected.front().span;
    EntryIndex index(db, keys_.front().name());
    std::map<Bytes, Bytes> stored;
    Posting last{span, {}, {}};
    for (bool more = true; more;) {
        const auto page = index.postings_after(last);
        for (const Posting& posting : page) {
            if (posting.span == span) stored.emplace(posting.term, posting.offsets);
        }
        more = !page.empty() && page.back().span == span;
        if (more) last = page.back();
    }
    for (const Posting& posting : expected) {
        const auto found = stored.find(posting.term);
        if (found == stored.end() || found->second != posting.offsets) {
            const std::uint64_t first = posting.indexes().front();
            blame({"index", entry_name(first), first,
                   found == stored.end() ? "the index does not list it under one of its terms"
                                         : "the index lists others beside it or instead of it"});
        }
        if (found != stored.end()) stored.erase(found);
    }
    if (!stored.empty()) {
        blame({"surplus", "index", std::nullopt,
               "its span " + std::to_string(span) + " lists a term that no entry has"});
    }
}

/// Those that belong to entries were found with them, so more than these is too much.
void Fsck::check_entities(sql::Connection& db) {
    const auto page = EntryIndex(db, keys_.front().name()).entities_after(last_entity_);
    const std::uint64_t now = size_now(db);
    for (const EntityRow& row : page) {
        if (row.index < head_.size) {
            ++entities_found_;
        } else if (row.index >= now) {
            blame({"surplus", "index", std::nullopt,
                   "it lists entry " + std::to_string(row.index) + ", which is not there"});
        }
    }
    if (std::ssize(page) == kIndexPageMax) {
        last_entity_ = page.back();
        return;
    }
    if (faults_.empty() && entities_found_ != entities_expected_) {
        blame({"surplus", "index", std::nullopt,
               "it lists " + std::to_string(entities_found_) + " entries under entities, and " +
                   std::to_string(entities_expected_) + " are"});
    }
    last_posting_.span = listed_end(head_.size) / kSpan;
    phase_ = Phase::kPostings;
}

/// What was listed behind the size of this pass: spans that have been filled meanwhile.
void Fsck::check_postings(sql::Connection& db) {
    const auto page = EntryIndex(db, keys_.front().name()).postings_after(last_posting_);
    if (!page.empty() && page.back().span >= listed_end(size_now(db)) / kSpan) {
        blame({"surplus", "index", std::nullopt,
               "it lists span " + std::to_string(page.back().span) + ", which is not full"});
    }
    if (std::ssize(page) < kIndexPageMax) {
        phase_ = Phase::kDone;
    } else {
        last_posting_ = page.back();
    }
}

/// Of the log, as it has grown meanwhile.
std::uint64_t Fsck::size_now(sql::Connection& db) {
    const auto head = LogStore(db, keys_.front().name()).head();
    return head ? head->size : 0;
}

/// One tile above level 0: the tile above it must hold its root.
void Fsck::check_tiles(sql::Connection& db) {
    while (next_level_ < kTileLevels && tile_width(head_.size, next_level_, next_tile_) == 0) {
        ++next_level_;
        next_tile_ = 0;
    }
    if (next_level_ >= kTileLevels) {
        phase_ = Phase::kCheckpoints;
        return;
    }
    const std::uint64_t index = next_tile_++;
    const auto tile = load_tile(db, next_level_, index);
    if (tile && !is_proven(db, next_level_, index, *tile)) {
        blame({"tile", tile_name(next_level_, index), std::nullopt,
               "the tree above it does not lead to its hashes"});
    }
}

void Fsck::check_checkpoints(sql::Connection& db) {
    LogStore log(db, keys_.front().name());
    SqlTileReader tiles(db, log.log());
    for (int i = 0; i < kCheckpointsAtOnce && faults_.size() < kFaultsMax; ++i) {
        const auto stored = log.checkpoint_covering(next_size_);
        if (!stored || stored->size > head_.size) {
            phase_ = Phase::kEnd;
            return;
        }
        next_size_ = stored->size;
        ++checkpoints_;
        check_checkpoint(*stored, root_at(tiles, stored->size));
    }
}

/// A root that the tiles lead to is consistent with every other root that they lead to.
void Fsck::check_checkpoint(const StoredCheckpoint& stored, const Digest& root) {
    const std::string name = "checkpoint " + std::to_string(stored.size);
    OpenedCheckpoint opened;
    for (const NoteVerifier& key : keys_) {
        opened = open_checkpoint(stored.note, key);
        if (opened.status != CheckpointStatus::kUnknownKeys) break;
    }
    if (opened.status != CheckpointStatus::kVerified) {
        return blame({"checkpoint", name, std::nullopt, std::string(describe(opened.status))});
    }
    if (opened.checkpoint.size != stored.size || opened.checkpoint.root != stored.root) {
        blame({"column", name, std::nullopt,
               "size or root stored beside the note are not those that it signs"});
    }
    if (opened.checkpoint.size == stored.size && opened.checkpoint.root != root) {
        blame({"checkpoint-root", name, std::nullopt,
               "the tree that is stored does not lead to the root that was signed"});
    }
}

void Fsck::check_end(sql::Connection& db) {
    LogStore log(db, keys_.front().name());
    const auto tiles = log.last_tiles();  // before the head: it covers those that were written
    const auto head = log.head();
    const bool stood_still = head && head->size == head_.size;
    if (stood_still && !log.entries(head_.size, 1).empty()) {
        blame({"surplus", entry_name(head_.size), head_.size, "it lies behind the signed size"});
    }
    const auto latest = log.latest_checkpoint();
    if (stood_still && latest && latest->size > head_.size) {
        blame({"surplus", "checkpoint " + std::to_string(latest->size), std::nullopt,
               "the log was signed at this size, and its head is behind"});
    }
    for (const TilePath& tile : tiles) {
        if (!head || tile_width(head->size, tile.level, tile.index) > 0) continue;
        blame({"surplus", format_tile_path(tile), std::nullopt,
               "it lies behind the edge of the log"});
    }
    if (!head || head->size < head_.size) {
        blame({"head", "head", std::nullopt, "it went back while it was looked at"});
    }
    phase_ = Phase::kEntities;
}

std::string Fsck::where() const {
    const bool in_last_bundle = phase_ == Phase::kTiles && next_level_ == 1 && next_tile_ == 0;
    if (in_last_bundle || phase_ == Phase::kBundles) {
        return "entries from " + std::to_string((next_bundle_ - 1) * kTileWidth);
    }
    if (phase_ == Phase::kTiles) {
        return tile_name(next_level_, next_tile_ > 0 ? next_tile_ - 1 : 0);
    }
    if (phase_ == Phase::kEntities || phase_ == Phase::kPostings) return "index";
    if (phase_ == Phase::kCheckpoints) return "checkpoint after " + std::to_string(next_size_);
    return "head";
}

void Fsck::blame(FsckFault fault) {
    if (faults_.size() < kFaultsMax) faults_.push_back(std::move(fault));
}

std::span<const sql::Query> fsck_queries() { return kQueries; }

}  // namespace pdx::ledger
