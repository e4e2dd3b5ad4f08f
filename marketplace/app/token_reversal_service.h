#pragma once
/// Tokens of a contract turned back into numbers (domain/token_reversal.h), for the provider and
/// nobody else, once, after the provider and the authority have both approved. The request's entry
/// commits to tokens and reason, so that what is approved is what was asked; the numbers stand in
/// no entry and no table.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "marketplace/app/context.h"
#include "marketplace/store/token_reversal_store.h"

namespace pdx::app {

struct RequestTokenReversal {
    ContractId contract;
    std::string field;
    domain::ReversalGround ground = domain::ReversalGround::kErrorCorrection;
    std::string reason;
    std::vector<std::string> tokens;
};

/// In the order of the tokens; none for what is no token of the contract's delivered data.
using DisclosedNumbers = std::vector<std::optional<std::string>>;

class TokenReversalService {
public:
    explicit TokenReversalService(Context& context) : context_(context) {}

    /// By the provider, the authority or the operator of the contract.
    /// Throws: not_found("contract") for anyone else; kConflict `token_reversal.contract`,
    /// `token_reversal.one_party`; kInvalid `token_reversal.field` when the contract does not
    /// replace the field by tokens, `token_reversal.tokens`, `token_reversal.token` for what does
    /// not look like one (and may be a number: it is not kept).
    Outcome request(const WriteRequest& write, const RequestTokenReversal& input);

    /// Throws: not_found("token_reversal"); kForbidden `token_reversal.approver`; kConflict
    /// `token_reversal.transition`, `token_reversal.contract`.
    Outcome approve(const WriteRequest& write, const TokenReversalId& id);

    /// By either of the two, until the numbers are told. Throws: as approve(), but that a contract
    /// that is over hinders nobody.
    Outcome refuse(const WriteRequest& write, const TokenReversalId& id, const std::string& reason);

    struct Disclosure {
        Outcome outcome;
        /// Absent when the answer is a repeated one: nothing keeps them.
        std::optional<DisclosedNumbers> numbers;
    };
    /// The numbers are found outside of the writer, in the data that was delivered under the
    /// contract; then a command records that they are told, and only then are they.
    /// Throws: not_found("token_reversal") unless the caller is the provider; kConflict
    /// `token_reversal.transition`, `token_reversal.contract`, `token_reversal.erased`,
    /// `contract.key_destroyed`, `token_reversal.dataset` when data that may hold a number is not
    /// stored any more.
    Disclosure disclose(const WriteRequest& write, const TokenReversalId& id);

    /// Throws: not_found("token_reversal") unless the caller is a party of the contract or reads
    /// everything.
    store::TokenReversal find(const Caller& caller, const TokenReversalId& id);
    /// Oldest first: the caller's own; all of them for whoever reads everything.
    std::vector<store::TokenReversal> list(const Caller& caller, const std::string& after,
                                           std::int64_t limit);

    /// Records the lapse of every request whose time is over. Returns: how many.
    std::size_t lapse_due();

private:
    store::TokenReversal make(Transaction& tx, const RequestTokenReversal& input);
    /// A refusal undoes what its command wrote, so that the lapse is a command of its own.
    void lapse_if_due(const TokenReversalId& id);
    bool lapse(const TokenReversalId& id);
    std::vector<TokenReversalId> due_in(domain::ReversalState state);
    Fact make_fact(std::string kind, const store::TokenReversal& reversal, nlohmann::json body,
                   const ledger::PrivateTexts& texts = {}) const;
    std::vector<std::string> tokens_of(sql::Connection& db, const TokenReversalId& id) const;
    DisclosedNumbers find_numbers(const store::TokenReversal& reversal);

    Context& context_;
};

}  // namespace pdx::app
