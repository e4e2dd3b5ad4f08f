#include "marketplace/app/entity_tails.h"

#include <utility>

namespace pdx::app {
namespace {

/// Types hold no NUL, so two entities never share a key.
std::string key_of(std::string_view type, std::string_view id) {
    std::string key(type);
    key += '\0';
    key += id;
    return key;
}

}  // namespace

std::optional<ledger::PreviousEntry> EntityTails::find(std::string_view type,
                                                       std::string_view id) const {
    const std::string key = key_of(type, id);
    for (const Map* map : {&young_, &old_}) {
        if (const auto found = map->find(key); found != map->end()) return found->second;
    }
    return std::nullopt;
}

void EntityTails::put(std::string_view type, std::string_view id,
                      const ledger::PreviousEntry& entry) {
    young_.insert_or_assign(key_of(type, id), entry);
}

void EntityTails::trim() {
    if (young_.size() < recent_max_) return;
    old_ = std::exchange(young_, {});
}

void EntityTails::clear() {
    young_.clear();
    old_.clear();
}

}  // namespace pdx::app
