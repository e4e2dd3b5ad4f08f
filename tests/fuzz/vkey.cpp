#include "base/check.h"
#include "ledger/signer.h"
#include "tests/fuzz/targets.h"

namespace pdx::fuzz {

/// A key has one text, public and private.
void vkey(ByteView bytes) {
    const std::string_view text = as_text(bytes);
    if (const auto key = ledger::NoteVerifier::parse(text)) PDX_CHECK(key->vkey() == text);
    if (const auto key = ledger::NoteSigner::parse(text)) PDX_CHECK(key->skey() == text);
}

}  // namespace pdx::fuzz
