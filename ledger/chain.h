#pragma once
/// The chain of one entity: each entry names index and leaf hash of the entity's entry before it.
/// Whoever holds an entity's entries, with their receipts, sees from them alone that none between
/// the first and the last was left out. That none came after the last, no chain can say.
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "ledger/entry.h"

namespace pdx::ledger {

enum class ChainFault {
    kReordered,      ///< the entry does not come after the one before it
    kNotEarlier,     ///< it links to itself or to a later entry
    kFirstWithPrev,  ///< it links back, but nothing of its entity is there: the beginning is
                     ///< missing
    kNoPrev,         ///< it says that it is the first, and is not
    kMissing,        ///< it links to an entry after the one before it: that one is missing
    kSkipsBack,      ///< it links to an entry before the one before it: the history forks
    kOtherLeaf,      ///< it links to the right index and another entry
    kOtherEntity,    ///< it belongs to another entity
};
/// A sentence for people, without the final full stop.
std::string_view describe(ChainFault fault);

/// Checks one link. `before`: the entity's last entry before this one, if any.
std::optional<ChainFault> check_link(std::uint64_t index, const std::optional<PreviousEntry>& prev,
                                     const std::optional<PreviousEntry>& before);

/// An entry of a history, whose place in the log is proven elsewhere.
struct HistoryEntry {
    std::uint64_t index = 0;
    Digest leaf;
    Entry entry;
};

struct HistoryFault {
    std::size_t position = 0;  ///< in the history
    ChainFault fault = ChainFault::kMissing;
};

/// The first thing that is wrong with the history of one entity, oldest entry first.
std::optional<HistoryFault> check_history(std::span<const HistoryEntry> history);

/// The chains of all entities of a log at once, entry by entry.
/// Unit: about 64 bytes for each entity, 40 for each entry that cannot be interpreted.
class ChainAudit {
public:
    /// Half of an SHA-256 over the entity: two entities never share one, whoever chose them.
    using Key = std::array<std::uint8_t, 16>;
    static Key key_of(std::string_view entity_type, std::string_view entity_id);

    /// Requires: indexes ascend over both calls.
    std::optional<ChainFault> add(std::uint64_t index, const Digest& leaf, const Key& entity,
                                  const std::optional<PreviousEntry>& prev);
    /// An entry whose entity is not known here. Whatever links to it is believed.
    void add_uninterpreted(std::uint64_t index, const Digest& leaf);

    std::size_t entities() const { return tails_.size(); }

private:
    struct Tail {
        Key entity;
        PreviousEntry last;
    };

    /// The slot that holds the entity, or the empty one for it.
    std::size_t slot_of(const Key& entity) const;
    void grow();

    std::deque<Tail> tails_;
    std::vector<std::uint32_t> slots_;  ///< a power of two; 0: empty, else 1 + place in tails_
    std::vector<PreviousEntry> uninterpreted_;  ///< ascending
};

}  // namespace pdx::ledger
