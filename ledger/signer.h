#pragma once
/// The log's own signing key under its name. One key per purpose: nothing else is signed with it.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/crypto.h"
#include "ledger/checkpoint.h"
#include "ledger/note.h"

namespace pdx::ledger {

class NoteSigner {
public:
    /// Requires: is_key_name(name) (checked). For a log, the name is its origin.
    NoteSigner(std::string name, SigningKey key);
    /// Shape: PRIVATE+KEY+name+hex8(key id)+base64(0x01 || seed), as Go's x/mod writes it.
    static std::optional<NoteSigner> parse(std::string_view skey);
    /// For writing to a key file only.
    std::string skey() const;

    const std::string& name() const { return verifier_.name(); }
    const NoteVerifier& verifier() const { return verifier_; }
    NoteSignature sign(std::string_view text) const;

private:
    SigningKey key_;
    NoteVerifier verifier_;
};

/// The text form of a private key of one byte of type: PRIVATE+KEY+name+hex8(key id)+base64(type ||
/// seed). For writing to a key file only. Requires: the key is the verifier's (checked).
std::string format_note_secret(const NoteVerifier& verifier, const SigningKey& key);
/// Name and key. Whoever writes it again and compares has checked the key id, too.
std::optional<std::pair<std::string, SigningKey>> parse_note_secret(std::string_view skey,
                                                                    std::uint8_t type);

/// The signed note of a checkpoint of the signer's log.
/// Requires: the checkpoint's origin is the signer's name (checked).
std::string sign_checkpoint(const Checkpoint& checkpoint, const NoteSigner& signer);

}  // namespace pdx::ledger
