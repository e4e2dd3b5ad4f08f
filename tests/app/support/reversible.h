#pragma once
/// A market whose delivered file has tokens, and the steps of turning them back.
#include <string>
#include <string_view>
#include <vector>

#include "marketplace/app/token_reversal_service.h"
#include "tests/app/support/trade.h"

namespace pdx::test {

/// The column `legal_rep_id_no` of a delivered file.
std::vector<std::string> delivered_tokens(const std::string& csv);

struct Reversible : Trade {
    static constexpr std::string_view kReason = "医院发现危急值，须联系本人";

    Reversible();

    app::TokenReversalService reversals;
    std::vector<std::string> tokens;  ///< as delivered

    /// Of the operator, for the safety of a person.
    app::RequestTokenReversal input(std::vector<std::string> of) const;
    TokenReversalId request(std::vector<std::string> of);
    /// By both.
    TokenReversalId approved(std::vector<std::string> of);
    /// Asked for, approved and told.
    app::DisclosedNumbers disclosed(std::vector<std::string> of);
    domain::ReversalState state(const TokenReversalId& id);
    app::Comparison compared();

    static TokenReversalId id_in(const app::Outcome& outcome);
};

}  // namespace pdx::test
