#pragma once
/// The second signature of a checkpoint, by SM2 with SM3, for readers who must rely on GB/T
/// algorithms. A signature line of type 0xff followed by our identifier (docs/LEDGER_FORMAT.md,
/// section 4); readers that do not know the type skip the line.
#include <string>
#include <string_view>

#include "base/sm2.h"
#include "ledger/note.h"

namespace pdx::ledger {

class Sm2Signer {
public:
    /// Requires: is_key_name(name) (checked). For a log, the name is its origin.
    Sm2Signer(std::string name, Sm2SigningKey key);

    const NoteVerifier& verifier() const { return verifier_; }
    NoteSignature sign(std::string_view text) const;

private:
    Sm2SigningKey key_;
    NoteVerifier verifier_;
};

}  // namespace pdx::ledger
