#pragma once
/// What an auditor asks of the entries, answered page by page in bounded time whatever is asked.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "ledger/store/log_store.h"

namespace pdx::app {

/// Every criterion that is set must hold.
struct LedgerQuery {
    std::string entity_type;  ///< with entity_id: what the entry is about
    std::string entity_id;
    std::string kind;
    std::string actor;
    std::string mentions = {};      ///< a UUID: about it, by it, or with it in the body
    std::uint64_t from = 0;         ///< the first index
    std::uint64_t to = UINT64_MAX;  ///< the index after the last
    std::optional<Timestamp> since = {};
    std::optional<Timestamp> until = {};  ///< recorded before this
};

struct LedgerPage {
    std::vector<ledger::StoredEntry> entries;  ///< ascending; may be fewer than were asked for
    std::optional<std::uint64_t> next;         ///< where to go on; absent: that was all
};

/// The first index of `size` entries that was recorded at the time or later; `size` when none was.
/// Recorded times never decrease, so about log2(size) entries are read.
std::uint64_t index_at(ledger::LogStore& log, std::uint64_t size, Timestamp time);

/// The entries of the first `size` that match, from `query.from` on, at most `limit`. Looks at a
/// bounded number of entries: where several criteria seldom meet, a page is short or empty and says
/// where to go on.
LedgerPage find_entries(ledger::LogStore& log, std::uint64_t size, const LedgerQuery& query,
                        std::int64_t limit);

}  // namespace pdx::app
