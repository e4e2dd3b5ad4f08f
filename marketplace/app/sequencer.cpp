#include "marketplace/app/sequencer.h"

#include <optional>
#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "ledger/checkpoint.h"
#include "ledger/entry.h"
#include "ledger/merkle.h"
#include "ledger/proof.h"
#include "ledger/store/log_store.h"

namespace pdx::app {
namespace {

constexpr std::string_view kSystem = "system";

ledger::Entry make_entry(const std::string& origin, Fact fact, const Caller& caller,
                         Timestamp now) {
    ledger::Entry entry;
    entry.log = origin;
    entry.kind = std::move(fact.kind);
    entry.v = fact.version;
    entry.entity_type = std::move(fact.entity_type);
    entry.entity_id = std::move(fact.entity_id);
    entry.at = now;
    entry.actor = caller.party.empty() ? std::string(kSystem) : caller.party.text();
    entry.actor_role = domain::to_string(caller.role);
    entry.rule = std::move(fact.rule);
    entry.body = std::move(fact.body);
    return entry;
}

}  // namespace

Receipt read_receipt(sql::Connection& db, const std::string& origin, std::uint64_t index) {
    ledger::LogStore log(db, origin);
    const auto entry = log.entry(index);
    const auto checkpoint = log.checkpoint_covering(index);
    if (!entry || !checkpoint) throw not_found("receipt");
    ledger::SqlTileReader tiles(db, origin);
    const ledger::Proof proof = ledger::inclusion_proof(tiles, index, checkpoint->size);
    return {index, checkpoint->size,
            ledger::format_receipt(entry->bytes, index, proof, checkpoint->note)};
}

Sequencer::Sequencer(ledger::LogSigners signers, const ledger::KindTable& kinds)
    : signers_(std::move(signers)),
      guard_(kinds) {}

Timestamp Sequencer::open(sql::Connection& db) {
    rows_.clear();
    tails_.clear();
    unlisted_.clear();
    sealed_rows_.clear();
    prover_.reset();
    ledger::LogStore log(db, origin());
    const auto head = log.head();
    check_not_behind(db, head.value_or(ledger::TreeHead{}));
    log.check_edge(head ? head->size : 0);
    if (!head) {
        db.begin();
        head_ = ledger::TreeHead{};
        log.create(head_.epoch);
        db.commit();
        appender_ = ledger::Appender();
        batch_begin_ = batch_end_ = 0;
        return {};
    }
    ledger::SqlTileReader tiles(db, origin());
    appender_ =
        head->size == 0 ? ledger::Appender() : ledger::Appender(tiles, head->size, head->root);
    head_ = *head;
    known_ = *head;
    batch_begin_ = batch_end_ = head->size;
    if (head->size == 0) return {};
    const auto stored = log.checkpoint_at(head->size);
    if (!stored) throw LedgerViolation("the tree head has no checkpoint");
    const auto opened = ledger::open_checkpoint(stored->note, signers_.verifiers());
    if (opened.status != ledger::CheckpointStatus::kVerified ||
        opened.checkpoint.size != head->size || opened.checkpoint.root != head->root) {
        throw LedgerViolation(
            "the last checkpoint is not one that these keys signed for this head");
    }
    checkpoint_ = stored->note;
    unlisted_ = log.load_unlisted(head->size);
    const auto last = log.entry(head->size - 1);
    if (!last) throw LedgerViolation("the last entry is missing");
    return last->parsed.entry.at;
}

/// A database that was replaced under the running process by an older or another copy of itself.
void Sequencer::check_not_behind(sql::Connection& db, const ledger::TreeHead& stored) {
    if (known_.size == 0) return;
    if (stored.size < known_.size) {
        throw LedgerViolation("the database is behind what was committed: it went back to " +
                              std::to_string(stored.size) + " entries from " +
                              std::to_string(known_.size));
    }
    ledger::SqlTileReader tiles(db, origin());
    if (ledger::root_at(tiles, known_.size) != known_.root) {
        throw LedgerViolation("the database holds another history than what was committed");
    }
}

PreparedEntry Sequencer::prepare(sql::Connection& db, Fact fact, const Caller& caller,
                                 Timestamp now) {
    PreparedEntry prepared{make_entry(origin(), std::move(fact), caller, now), {}};
    ledger::Entry& entry = prepared.entry;
    entry.prev = tails_.find(entry.entity_type, entry.entity_id);
    if (!entry.prev) {
        entry.prev =
            ledger::LogStore(db, origin()).last_of_entity(entry.entity_type, entry.entity_id);
    }
    prepared.bytes = ledger::encode_entry(entry);
    guard_.check(entry);
    return prepared;
}

std::uint64_t Sequencer::append(PreparedEntry prepared) {
    if (rows_.empty()) batch_begin_ = appender_.size();
    const Digest leaf = ledger::leaf_hash(prepared.bytes);
    const std::uint64_t index = appender_.append(leaf);
    tails_.put(prepared.entry.entity_type, prepared.entry.entity_id, {index, leaf});
    rows_.push_back({std::move(prepared.entry), std::move(prepared.bytes), leaf});
    return index;
}

void Sequencer::seal(sql::Connection& db) {
    sealed_rows_ = std::exchange(rows_, {});
    prover_.reset();
    if (sealed_rows_.empty()) return;
    const ledger::SealedBatch batch = appender_.seal();
    const ledger::TreeHead next{batch.size, batch.root, head_.epoch};
    ledger::LogStore log(db, origin());
    log.put_entries(batch_begin_, sealed_rows_);
    for (std::size_t i = 0; i < sealed_rows_.size(); ++i) {
        unlisted_.add(batch_begin_ + i, sealed_rows_[i].entry);
    }
    log.put_postings(unlisted_.take(batch.size));
    tails_.trim();
    log.put_tiles(batch.tiles);
    log.advance(head_, next);
    checkpoint_ = signers_.sign({origin(), batch.size, batch.root, {}});
    log.put_checkpoint({batch.size, batch.root, checkpoint_});
    head_ = next;
    batch_end_ = batch.size;
    prover_.emplace(appender_.prover());
}

Receipt Sequencer::receipt(sql::Connection& db, std::uint64_t index) {
    if (!prover_ || index < batch_begin_ || index >= batch_end_) {
        return read_receipt(db, origin(), index);
    }
    const ledger::Proof proof = prover_->inclusion(index);
    const Bytes& entry = sealed_rows_[index - batch_begin_].bytes;
    return {index, batch_end_, ledger::format_receipt(entry, index, proof, checkpoint_)};
}

}  // namespace pdx::app
