#pragma once
/// What an entry can be found by, as byte strings for an index: what it is about, its kind, who
/// acted, and every UUID in its body. Different things may share a term; whoever finds an entry by
/// one asks matches() whether it is meant.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "ledger/entry.h"

namespace pdx::ledger {

/// Unit: bytes. The column of sql/schema/0001_ledger.
inline constexpr std::size_t kTermBytesMax = 100;

/// Which entries a list holds; at most one criterion applies, the first that is set.
struct EntryFilter {
    std::string entity_type = {};  ///< with entity_id
    std::string entity_id = {};
    std::string kind = {};
    std::string actor = {};
    /// A UUID: entries about it, by it, or with it in their body.
    std::string mentions = {};

    bool is_empty() const {
        return entity_id.empty() && kind.empty() && actor.empty() && mentions.empty();
    }
};

bool matches(const Entry& entry, const EntryFilter& filter);

/// Every term of the entry, sorted, each once.
std::vector<Bytes> terms_of(const Entry& entry);
/// An entry that matches the filter has one of these terms. None for an empty filter, and for
/// `mentions` that is no UUID, which nothing matches.
std::vector<Bytes> terms_of(const EntryFilter& filter);

}  // namespace pdx::ledger
