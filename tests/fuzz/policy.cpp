#include "ledger/policy.h"

#include "base/check.h"
#include "ledger/signer.h"
#include "tests/fuzz/targets.h"

namespace pdx::fuzz {

/// A policy that is read can be asked; one that is not names a line. All witnesses together reach
/// every quorum, and none reach only `quorum none`.
void policy(ByteView bytes) {
    const std::string_view text = as_text(bytes);
    const auto parsed = ledger::parse_policy(text);
    if (const auto* fault = std::get_if<ledger::PolicyFault>(&parsed)) {
        PDX_CHECK(fault->line > 0 && !fault->reason.empty());
        return;
    }
    const auto& policy = std::get<ledger::Policy>(parsed);
    PDX_CHECK(policy.reached(std::vector<bool>(policy.witnesses.size(), true)));
    PDX_CHECK(policy.reached(std::vector<bool>(policy.witnesses.size(), false)) ==
              !policy.quorum.has_value());
    static const ledger::NoteSigner signer("exchange.example/test",
                                           *SigningKey::from_seed(Bytes(32, 7)));
    static const std::string note =
        ledger::sign_checkpoint({"exchange.example/test", 1, Digest{}, {}}, signer);
    static_cast<void>(ledger::evaluate_policy(note, policy));
    static_cast<void>(ledger::evaluate_policy(text, policy));
}

}  // namespace pdx::fuzz
