#pragma once
/// The private part of an entry: named texts that the entry itself does not hold, and commits to by
/// a salted HMAC (design D4). Whoever is shown salt and texts can check them against the entry;
/// once both are erased, the commitment tells nothing, however short the texts were. The byte
/// string is docs/LEDGER_FORMAT.md, section 14. Knows no storage: marketplace/app/private_vault.h.
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace pdx::ledger {

/// Names are a-z and _, 1 to 64 bytes; texts are any UTF-8.
using PrivateTexts = std::map<std::string, std::string, std::less<>>;

inline constexpr std::size_t kPrivateSaltBytes = 32;
/// The member of a body that holds the commitment, the same in every kind that has one.
inline constexpr std::string_view kPrivateCommitment = "private_commitment";

/// The entry that a part belongs to. It is bound into the commitment, so that a part cannot be
/// passed off as another entry's.
struct PrivatePlace {
    std::string log;
    std::string kind;
    std::string entity_type;
    std::string entity_id;

    bool operator==(const PrivatePlace&) const = default;
};

/// Shape: RFC 8785 object of strings, {"statement":".."}.
/// Requires: at least one text, well-formed names (checked).
/// Throws: Error kInvalid "json.not_canonical" when a text is not UTF-8.
std::string private_part_text(const PrivateTexts& texts);
/// The only texts t with private_part_text(t) == text; nullopt when there are none.
std::optional<PrivateTexts> parse_private_part(std::string_view text);

/// HMAC-SHA-256(salt, label LF log LF kind LF entity type LF entity id LF part).
/// Requires: a salt of kPrivateSaltBytes (a shorter key and the same key with zeros behind it give
/// one HMAC), no LF in what comes before the part (checked).
Digest commit_private_part(ByteView salt, const PrivatePlace& place, std::string_view part);

}  // namespace pdx::ledger
