#pragma once
/// The exchange's witnesses, from its settings.
#include <optional>
#include <string>
#include <vector>

#include "ledger/rollback_gate.h"
#include "ledger/witness_client.h"
#include "marketplace/app/witnessed.h"
#include "marketplace/app/writer.h"
#include "marketplace/cli/settings.h"

namespace pdx::cli {

/// Absent without a policy file.
/// Throws: what load_policy() throws; kInvalid "policy.other_log" when the policy names logs and
/// not this one; kInvalid "policy.witness_url" when a witness cannot be reached at its address.
/// Requires: `log_keys` are the keys that sign or signed this log, at least one.
std::optional<app::WitnessTerms> load_witness_terms(const Settings& settings,
                                                    std::vector<ledger::NoteVerifier> log_keys);

/// The writer's receipts say how many witnesses there are.
app::WriterOptions labelled(app::WriterOptions options,
                            const std::optional<app::WitnessTerms>& terms);

/// What each witness that has an address remembers of this log, asked all at once. Bounded by the
/// transport's time-outs. `newest`: our newest signed checkpoint; empty: none.
std::vector<ledger::WitnessView> fetch_witness_views(const app::WitnessTerms& terms,
                                                     const std::string& newest);

/// What the anti-rollback gate takes of it: signed heads with their root, claimed sizes without.
/// Who was not reached or answered nonsense says nothing.
std::vector<ledger::SeenHead> seen_heads(const std::vector<ledger::WitnessView>& views);

}  // namespace pdx::cli
