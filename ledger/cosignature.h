#pragma once
/// Timestamped cosignatures of checkpoints (c2sp.org/tlog-cosignature, Ed25519): a witness's
/// statement that, at this time, this is the largest tree of this log that it has seen, and that it
/// is consistent with all that it saw before. The rules for when to make one are in witness.h.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/crypto.h"
#include "ledger/note.h"

namespace pdx::ledger {

/// A witness's key under its name. The signed message does not name the witness, therefore one key
/// per witness, and never a log's key.
class CosignatureSigner {
public:
    /// Requires: is_key_name(name) (checked).
    CosignatureSigner(std::string name, SigningKey key);
    /// Shape: PRIVATE+KEY+name+hex8(key id)+base64(0x04 || seed).
    static std::optional<CosignatureSigner> parse(std::string_view skey);
    /// For writing to a key file only.
    std::string skey() const;

    const std::string& name() const { return verifier_.name(); }
    const NoteVerifier& verifier() const { return verifier_; }
    /// Unit: POSIX seconds. Requires: text is that of a checkpoint; time below 2^63 (checked).
    NoteSignature sign(std::string_view text, std::uint64_t time) const;

private:
    SigningKey key_;
    NoteVerifier verifier_;
};

}  // namespace pdx::ledger
