#include "ledger/chain.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "base/check.h"
#include "base/crypto.h"

namespace pdx::ledger {

std::string_view describe(ChainFault fault) {
    switch (fault) {
        case ChainFault::kReordered: return "the entry does not come after the one before it";
        case ChainFault::kNotEarlier: return "the entry names a previous one that is not earlier";
        case ChainFault::kFirstWithPrev:
            return "the entry names a previous one, and its entity has none";
        case ChainFault::kNoPrev: return "the entry says that it is its entity's first, and is not";
        case ChainFault::kMissing:
            return "the previous entry that it names is missing from its entity's history";
        case ChainFault::kSkipsBack:
            return "the entry passes over the last one of its entity: the history forks";
        case ChainFault::kOtherLeaf:
            return "the previous entry has another leaf hash than the entry names";
        case ChainFault::kOtherEntity: return "the entry belongs to another entity";
    }
    return "";
}

std::optional<ChainFault> check_link(std::uint64_t index, const std::optional<PreviousEntry>& prev,
                                     const std::optional<PreviousEntry>& before) {
    if (before && before->index >= index) return ChainFault::kReordered;
    if (!prev) return before ? std::optional(ChainFault::kNoPrev) : std::nullopt;
    if (prev->index >= index) return ChainFault::kNotEarlier;
    if (!before) return ChainFault::kFirstWithPrev;
    if (prev->index > before->index) return ChainFault::kMissing;
    if (prev->index < before->index) return ChainFault::kSkipsBack;
    if (prev->leaf != before->leaf) return ChainFault::kOtherLeaf;
    return std::nullopt;
}

std::optional<HistoryFault> check_history(std::span<const HistoryEntry> history) {
    std::optional<PreviousEntry> before;
    for (std::size_t i = 0; i < history.size(); ++i) {
        const HistoryEntry& item = history[i];
        if (item.entry.entity_type != history[0].entry.entity_type ||
            item.entry.entity_id != history[0].entry.entity_id) {
            return HistoryFault{i, ChainFault::kOtherEntity};
        }
        if (const auto fault = check_link(item.index, item.entry.prev, before)) {
            return HistoryFault{i, *fault};
        }
        before = PreviousEntry{item.index, item.leaf};
    }
    return std::nullopt;
}

ChainAudit::Key ChainAudit::key_of(std::string_view entity_type, std::string_view entity_id) {
    thread_local Sha256 hash;
    // The type's length first: no pair of texts gives the bytes of another pair.
    const auto length = static_cast<std::uint8_t>(entity_type.size());
    const Digest digest =
        hash.update(ByteView(&length, 1)).update(entity_type).update(entity_id).finish();
    Key key;
    std::copy_n(digest.value.begin(), key.size(), key.begin());
    return key;
}

std::size_t ChainAudit::slot_of(const Key& entity) const {
    std::size_t hash = 0;
    std::memcpy(&hash, entity.data(), sizeof hash);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t slot = hash & mask;; slot = (slot + 1) & mask) {
        if (slots_[slot] == 0 || tails_[slots_[slot] - 1].entity == entity) return slot;
    }
}

void ChainAudit::grow() {
    PDX_CHECK(tails_.size() < std::numeric_limits<std::uint32_t>::max());
    if (!slots_.empty() && tails_.size() + 1 <= slots_.size() / 4 * 3) return;
    slots_.assign(std::max<std::size_t>(1'024, slots_.size() * 2), 0);
    for (std::size_t i = 0; i < tails_.size(); ++i) {
        slots_[slot_of(tails_[i].entity)] = static_cast<std::uint32_t>(i + 1);
    }
}

std::optional<ChainFault> ChainAudit::add(std::uint64_t index, const Digest& leaf,
                                          const Key& entity,
                                          const std::optional<PreviousEntry>& prev) {
    grow();
    std::uint32_t& slot = slots_[slot_of(entity)];
    std::optional<PreviousEntry> before;
    if (slot == 0) {
        tails_.push_back({entity, {index, leaf}});
        slot = static_cast<std::uint32_t>(tails_.size());
    } else {
        before = std::exchange(tails_[slot - 1].last, {index, leaf});
    }
    if (prev && prev->index < index && (!before || before->index < prev->index)) {
        const auto unread = std::lower_bound(
            uninterpreted_.begin(), uninterpreted_.end(), prev->index,
            [](const PreviousEntry& entry, std::uint64_t at) { return entry.index < at; });
        if (unread != uninterpreted_.end() && unread->index == prev->index) before = *unread;
    }
    return check_link(index, prev, before);
}

void ChainAudit::add_uninterpreted(std::uint64_t index, const Digest& leaf) {
    uninterpreted_.push_back({index, leaf});
}

}  // namespace pdx::ledger
