#include "ledger/sm2_signer.h"

#include <utility>

namespace pdx::ledger {

Sm2Signer::Sm2Signer(std::string name, Sm2SigningKey key)
    : key_(std::move(key)),
      verifier_(std::move(name), NoteKey::sm2(key_.public_key())) {}

NoteSignature Sm2Signer::sign(std::string_view text) const {
    const Signature signature = key_.sign(as_bytes(sm2_message(text)));
    return {verifier_.name(), verifier_.key_id(), Bytes(signature.begin(), signature.end())};
}

}  // namespace pdx::ledger
