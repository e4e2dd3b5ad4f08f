#pragma once
/// The newest entry of the entities that were written to lately, so that the sequencer need not ask
/// the database for each link. Bounded; what it does not know is in the database.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "ledger/entry.h"

namespace pdx::app {

/// Thread: the writer's only.
class EntityTails {
public:
    /// `recent_max`: entities of one generation; two are kept.
    explicit EntityTails(std::size_t recent_max = 8'192) : recent_max_(recent_max) {}

    /// nullopt when it is not known here.
    std::optional<ledger::PreviousEntry> find(std::string_view type, std::string_view id) const;
    void put(std::string_view type, std::string_view id, const ledger::PreviousEntry& entry);
    /// Forgets the older generation when the younger is full.
    /// Requires: every entry that was put is in the database, also when not yet committed there.
    void trim();
    /// After anything that was put may not have been committed.
    void clear();

    std::size_t size() const { return young_.size() + old_.size(); }

private:
    using Map = std::unordered_map<std::string, ledger::PreviousEntry>;

    std::size_t recent_max_;
    Map young_;
    Map old_;
};

}  // namespace pdx::app
