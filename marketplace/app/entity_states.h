#pragma once
/// What the ledger said of one entity up to an entry: as-of queries. The state is folded from
/// entries (marketplace/app/replay.h); the database only says which entries to read.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "marketplace/app/context.h"
#include "marketplace/app/replay.h"

namespace pdx::app {

/// Unit: entries that one question may read. More: `pdx audit state`.
inline constexpr std::size_t kHistoryEntriesMax = 10'000;

struct EntityAsOf {
    std::uint64_t at = 0;         ///< the last entry that counted
    std::uint64_t tree_size = 0;  ///< of the log when it was asked
    ReplayedEntity entity;
    std::vector<std::uint64_t> entries;  ///< that were read, ascending
};

class EntityStates {
public:
    explicit EntityStates(Context& context) : context_(context) {}

    /// The entity after entry `at`, or after the last one.
    /// Throws: not_found("entity") when the ledger had told nothing of it by then; kInvalid
    /// "entity.index" when the log has no such entry, "entity.too_long".
    EntityAsOf find(std::string_view type, const std::string& id, std::optional<std::uint64_t> at);

private:
    Context& context_;
};

}  // namespace pdx::app
