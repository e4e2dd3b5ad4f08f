#include "ledger/checkpoint.h"

#include "base/check.h"
#include "ledger/signer.h"
#include "tests/fuzz/targets.h"

namespace pdx::fuzz {

/// The text of a checkpoint has one form; whatever is signed, opening it says what it is.
void checkpoint(ByteView bytes) {
    const std::string_view text = as_text(bytes);
    const auto parsed = ledger::parse_checkpoint(text);
    if (parsed) {
        PDX_CHECK(parsed->size <= INT64_MAX);
        std::string again = parsed->origin + "\n" + std::to_string(parsed->size) + "\n" +
                            to_base64(parsed->root.view()) + "\n";
        for (const std::string& line : parsed->extensions) again += line + "\n";
        PDX_CHECK(again == text);
    }
    if (!text.ends_with('\n')) return;
    static const ledger::NoteSigner signer("exchange.example/test",
                                           *SigningKey::from_seed(Bytes(32, 7)));
    const std::string signed_text(text);
    const std::string note = ledger::format_note({signed_text, {signer.sign(signed_text)}});
    const auto opened = ledger::open_checkpoint(note, signer.verifier());
    using Status = ledger::CheckpointStatus;
    PDX_CHECK(opened.status != Status::kUnknownKeys && opened.status != Status::kBadSignature);
    if (opened.status == Status::kVerified) PDX_CHECK(parsed && opened.checkpoint == *parsed);
}

}  // namespace pdx::fuzz
