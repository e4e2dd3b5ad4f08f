#include "ledger/note.h"

#include "base/check.h"
#include "ledger/signer.h"
#include "tests/fuzz/targets.h"

namespace pdx::fuzz {

/// A note has one form: what was read is written again byte for byte.
void note(ByteView bytes) {
    const std::string_view text = as_text(bytes);
    const auto parsed = ledger::parse_note(text);
    if (parsed) PDX_CHECK(ledger::format_note(*parsed) == text);
    static const auto key = SigningKey::from_seed(Bytes(32, 7));
    const ledger::NoteVerifier verifier("exchange.example/test", key->public_key());
    const auto opened = ledger::open_note(text, {&verifier, 1});
    PDX_CHECK((opened.status == ledger::NoteStatus::kMalformed) == !parsed);
}

}  // namespace pdx::fuzz
