#include "ledger/log_signers.h"

#include <utility>

#include "base/check.h"

namespace pdx::ledger {

LogSigners::LogSigners(NoteSigner first) { ed25519_.push_back(std::move(first)); }

void LogSigners::add(NoteSigner next) {
    PDX_CHECK(next.name() == name());
    ed25519_.push_back(std::move(next));
}

void LogSigners::add(Sm2Signer sm2) {
    PDX_CHECK(sm2.verifier().name() == name());
    sm2_ = std::move(sm2);
}

std::vector<NoteVerifier> LogSigners::verifiers() const {
    std::vector<NoteVerifier> all;
    all.reserve(ed25519_.size() + 1);
    for (const NoteSigner& signer : ed25519_) all.push_back(signer.verifier());
    if (sm2_) all.push_back(sm2_->verifier());
    return all;
}

std::string LogSigners::sign(const Checkpoint& checkpoint) const {
    PDX_CHECK(checkpoint.origin == name());
    Note note{format_checkpoint(checkpoint), {}};
    for (const NoteSigner& signer : ed25519_) note.signatures.push_back(signer.sign(note.text));
    if (sm2_) note.signatures.push_back(sm2_->sign(note.text));
    return format_note(note);
}

}  // namespace pdx::ledger
