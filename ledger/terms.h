#pragma once
/// What an entry can be found by, as byte strings for an index: what it is about, its kind, who
/// acted, and every UUID in its body. Whoever finds an entry by a term asks matches() whether it is
/// meant.
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "ledger/entry.h"

namespace pdx::ledger {

/// Unit: bytes. The columns of the index, sql/schema.
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
/// False for the bytes of most entries that do not match, and cheaper than reading them.
bool may_match(const Bytes& entry, const EntryFilter& filter);

/// Two entities have two keys. Those of one UUID, whatever their types, begin with uuid_prefix().
Bytes entity_key(std::string_view type, std::string_view id);
/// Requires: a UUID (checked).
Bytes uuid_prefix(std::string_view id);
bool is_uuid(std::string_view text);

/// Calls `visit` with each term of the entry, in no order, some of them perhaps twice: its kind,
/// its actor, and every UUID by which it acted or which is in its body, but its own entity's. The
/// bytes are gone after the call.
void visit_terms(const Entry& entry, const std::function<void(ByteView)>& visit);
/// The term that every entry has which matches a filter by kind, actor or mention; one that is
/// about the mentioned thing may lack it. Requires: one of these is set, and a mention is a UUID
/// (checked).
Bytes term_of(const EntryFilter& filter);

}  // namespace pdx::ledger
