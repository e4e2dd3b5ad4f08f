#include "ledger/proof.h"

#include "base/check.h"
#include "ledger/signer.h"
#include "ledger/verify.h"
#include "tests/fuzz/targets.h"

namespace pdx::fuzz {

/// A receipt has one form; no bytes make the verifier throw, and a refusal names its reason.
void proof(ByteView bytes) {
    const std::string_view text = as_text(bytes);
    ledger::ProofFault fault;
    const auto parsed = ledger::parse_proof(text, &fault);
    if (parsed) {
        PDX_CHECK(parsed->hashes.size() <= ledger::kProofHashesMax && parsed->index <= INT64_MAX);
        PDX_CHECK(ledger::format_proof(*parsed) == text);
    } else {
        PDX_CHECK(fault.line > 0 && !fault.what.empty());
    }
    static const ledger::NoteSigner signer("exchange.example/test",
                                           *SigningKey::from_seed(Bytes(32, 7)));
    const auto result = ledger::verify_receipt(text, signer.verifier());
    PDX_CHECK(result.ok() == result.code().empty() && !result.reason.empty());
    if (!parsed) PDX_CHECK(result.code() == "receipt.malformed");
    static_cast<void>(ledger::find_receipt(text));
}

}  // namespace pdx::fuzz
