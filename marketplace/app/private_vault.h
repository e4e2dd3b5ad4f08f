#pragma once
/// The keys under which private texts lie in the database, and the only place that opens them. Each
/// part has a random key of its own, wrapped under a key that derives from the exchange's master
/// key: destroying the wrapped key destroys the part wherever a copy of its ciphertext lingers.
/// The salt lies inside the seal, so that the database alone lets nobody try out short texts
/// against the commitment. Format: docs/LEDGER_FORMAT.md, section 14.
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/secret.h"
#include "ledger/private_part.h"
#include "marketplace/app/fact.h"
#include "marketplace/store/private_part_store.h"

namespace pdx::app {

/// What a party may disclose.
struct OpenedPart {
    Bytes salt;
    ledger::PrivateTexts texts;
};

/// Thread: any.
class PrivateVault {
public:
    /// `log`: the origin, bound into every commitment. Requires: a master key of 32 bytes
    /// (checked).
    PrivateVault(ByteView master_key, std::string log);

    /// A fact that commits to the texts: its body gets `private_commitment`, and what is stored
    /// goes with it to the batch that appends it. Without texts, as make_fact().
    /// Requires: the texts that private_kinds.h gives the kind (checked).
    /// Throws: as make_fact(); Error kInvalid "json.not_canonical" when a text is not UTF-8.
    Fact make_fact(std::string kind, std::string entity_type, std::string entity_id,
                   nlohmann::json body, std::string rule, const ledger::PrivateTexts& texts) const;

    /// nullopt when it was erased.
    /// Throws: InvariantViolation when what is stored does not open, or is not what the commitment
    /// says; never with a text in it.
    std::optional<OpenedPart> open(const store::PrivatePart& part) const;

    /// The same for the same reference, and nothing to whoever has not the key.
    Digest reference_key(std::string_view bank_reference) const;

private:
    std::string log_;
    Secret wrap_;
    Secret reference_;
};

}  // namespace pdx::app
