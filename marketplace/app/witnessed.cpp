#include "marketplace/app/witnessed.h"

#include <utility>

#include "base/check.h"
#include "ledger/store/cosignature_store.h"
#include "marketplace/app/alarm.h"

namespace pdx::app {
namespace {

/// Cosigned checkpoints that are looked through for one with a quorum. Unit: checkpoints.
constexpr std::size_t kLookedAtMax = 4'096;

bool is_enough(const WitnessedCheckpoint& checkpoint) {
    return checkpoint.witnessed.quorum && checkpoint.witnessed.k > 0;
}

std::optional<WitnessedCheckpoint> at_size(sql::Connection& db, const std::string& origin,
                                           const WitnessTerms& terms, std::uint64_t size) {
    const auto stored = ledger::LogStore(db, origin).checkpoint_at(size);
    if (!stored) return std::nullopt;
    return with_cosignatures(db, origin, terms, *stored);
}

}  // namespace

Witnessed WitnessTerms::unwitnessed() const {
    return {0, policy.witnesses.size(),
            policy.reached(std::vector<bool>(policy.witnesses.size(), false))};
}

WitnessedCheckpoint with_cosignatures(sql::Connection& db, const std::string& origin,
                                      const WitnessTerms& terms,
                                      const ledger::StoredCheckpoint& checkpoint) {
    const auto lines = ledger::CosignatureStore(db, origin).of(checkpoint.size);
    WitnessedCheckpoint result{checkpoint.size, checkpoint.note, terms.unwitnessed()};
    if (lines.empty()) return result;
    const std::string text = checkpoint.note.substr(0, checkpoint.note.find("\n\n") + 1);
    std::vector<bool> witnessed(terms.policy.witnesses.size(), false);
    for (std::size_t i = 0; i < witnessed.size(); ++i) {
        const ledger::NoteVerifier& key = terms.policy.witnesses[i].key;
        for (const ledger::NoteSignature& line : lines) {
            if (!key.knows(line)) continue;
            if (!key.verify(text, line)) {
                raise_alarm("witness.stored_line",
                            "a stored cosignature does not verify and is not shown");
                continue;
            }
            result.note += ledger::format_note_signature(line);
            witnessed[i] = true;
            ++result.witnessed.k;
        }
    }
    result.witnessed.quorum = terms.policy.reached(witnessed);
    return result;
}

std::optional<WitnessedCheckpoint> published_checkpoint(sql::Connection& db,
                                                        const std::string& origin,
                                                        const WitnessTerms& terms) {
    if (!terms.policy.quorum || terms.publish_unwitnessed) {
        const auto latest = ledger::LogStore(db, origin).latest_checkpoint();
        if (!latest) return std::nullopt;
        return with_cosignatures(db, origin, terms, *latest);
    }
    ledger::CosignatureStore store(db, origin);
    std::uint64_t below = INT64_MAX;
    for (std::size_t looked = 0; looked < kLookedAtMax;) {
        const auto sizes = store.sizes_below(below);
        if (sizes.empty()) return std::nullopt;
        for (const std::uint64_t size : sizes) {
            auto checkpoint = at_size(db, origin, terms, size);
            if (checkpoint && is_enough(*checkpoint)) return checkpoint;
        }
        looked += sizes.size();
        below = sizes.back();
    }
    return std::nullopt;
}

std::optional<WitnessedCheckpoint> witnessed_covering(sql::Connection& db,
                                                      const std::string& origin,
                                                      const WitnessTerms& terms,
                                                      std::uint64_t index) {
    ledger::CosignatureStore store(db, origin);
    std::uint64_t above = index;
    for (std::size_t looked = 0; looked < kLookedAtMax;) {
        const auto sizes = store.sizes_above(above);
        if (sizes.empty()) return std::nullopt;
        for (const std::uint64_t size : sizes) {
            auto checkpoint = at_size(db, origin, terms, size);
            if (checkpoint && is_enough(*checkpoint)) return checkpoint;
        }
        looked += sizes.size();
        above = sizes.back();
    }
    return std::nullopt;
}

}  // namespace pdx::app
