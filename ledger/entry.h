#pragma once
/// One entry of the ledger: a fact in RFC 8785 canonical JSON (design D4). Holds ids, amounts,
/// states, digests and the rule that applied; never personal data. The bytes are fixed where the
/// entry is encoded and never serialised again.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "ledger/canonical_json.h"

namespace pdx::ledger {

/// Unit: bytes. The length in an entry bundle is a uint16.
inline constexpr std::size_t kEntryBytesMax = 65'535;
/// The greatest version of a kind's body that an envelope can name.
inline constexpr int kKindVersionMax = 9'999;

/// Where the history of an entity was before this entry: the link of a per-entity chain, by which
/// an omission in one entity's history shows without the rest of the log (ledger/chain.h).
struct PreviousEntry {
    std::uint64_t index = 0;
    Digest leaf;

    bool operator==(const PreviousEntry&) const = default;
};

struct Entry {
    std::string log;          ///< origin of the log: the entry cannot be replayed in another
    std::string kind;         ///< noun.verb, as order.paid
    int v = 1;                ///< version of the kind's body: (kind, v) names a schema
    std::string entity_type;  ///< as order
    std::string entity_id;    ///< UUIDv7, or another id of at most 64 bytes
    Timestamp at;             ///< when the fact was recorded
    std::string actor;        ///< party id, or "system"
    std::string actor_role;   ///< the role in which the actor acted
    std::string rule;         ///< rule profile and version under which it was decided; may be empty
    std::string body = "{}";  ///< a canonical JSON object
    std::optional<PreviousEntry> prev = {};  ///< none: the first entry of its entity

    bool operator==(const Entry&) const = default;
};

/// Shape: {"actor":..,"at":"2026-03-01T08:00:00.000000Z","body":{..},"entity":{"id":..,"type":..},
/// "kind":..,"log":..,"prev":null or {"index":..,"leaf":..},"role":..,"rule":..,"v":1}
/// Throws: Error kTooLarge "entry.too_large" above kEntryBytesMax; Error kInvalid
/// "json.not_canonical" when the body is no canonical object or a text is not UTF-8;
/// InvariantViolation when a member is empty that may not be, or longer than its column.
Bytes encode_entry(const Entry& entry);

enum class EntryReading {
    kRead,             ///< an envelope as encode_entry writes it
    kCannotInterpret,  ///< canonical JSON of another shape: not wrong, only unknown
    kNotCanonical,     ///< no entry of a ledger: see fault
};

struct ParsedEntry {
    EntryReading reading = EntryReading::kNotCanonical;
    Entry entry;           ///< holds when kRead
    CanonicalFault fault;  ///< holds when kNotCanonical
};

/// Ensures: encode_entry(parse_entry(bytes).entry) == bytes when kRead. Does not throw. Whether the
/// kind and its version are known is for the reader of kinds to say (ledger/kinds.h), and "unknown"
/// there is no fault either.
ParsedEntry parse_entry(std::string_view bytes);

}  // namespace pdx::ledger
