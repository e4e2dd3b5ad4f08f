#pragma once
/// All keys that sign the checkpoints of one log: one while nothing changes, two while a new key
/// takes over, and an SM2 key where that is asked for.
#include <optional>
#include <string>
#include <vector>

#include "ledger/signer.h"
#include "ledger/sm2_signer.h"

namespace pdx::ledger {

class LogSigners {
public:
    /// Its line comes first. Not explicit: one key is the common case.
    LogSigners(NoteSigner first);  // NOLINT(google-explicit-constructor)
    /// Requires: a key of the same name (checked).
    void add(NoteSigner next);
    void add(Sm2Signer sm2);

    const std::string& name() const { return ed25519_.front().name(); }
    /// In the order of their lines: Ed25519 first, as every reader of the family expects.
    std::vector<NoteVerifier> verifiers() const;
    /// The signed note, with a line of each key.
    /// Requires: the checkpoint's origin is the signers' name (checked).
    std::string sign(const Checkpoint& checkpoint) const;

private:
    std::vector<NoteSigner> ed25519_;  ///< at least one
    std::optional<Sm2Signer> sm2_;
};

}  // namespace pdx::ledger
