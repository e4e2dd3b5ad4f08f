#pragma once
/// Parties, their signing keys and their tokens.
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "marketplace/app/context.h"
#include "marketplace/store/party_store.h"

namespace pdx::app {

struct RegisterParty {
    std::string uscc;
    std::string name_zh;
    std::string name_en;
    domain::Role role;
};

/// A token, once. Only its hash is stored.
struct IssuedToken {
    Outcome outcome;
    std::optional<std::string> token;  ///< absent when a repeated request asks again
};

class PartyService {
public:
    explicit PartyService(Context& context) : context_(context) {}

    /// Throws: kInvalid "party.uscc" when a check digit is wrong.
    Outcome register_party(const WriteRequest& write, const RegisterParty& input);
    /// Throws: not_found("party").
    IssuedToken issue_token(const WriteRequest& write, const PartyId& party, int days);
    /// Ends every token of the party at once.
    Outcome revoke_tokens(const WriteRequest& write, const PartyId& party);
    /// Throws: kForbidden "party_key.owner" for the key of another party.
    Outcome register_key(const WriteRequest& write, const PartyId& party, const PublicKey& key);

    /// Throws: not_found("party") unless the caller is the party, an auditor or the administrator.
    store::Party find(const Caller& caller, const PartyId& party);
    std::vector<store::Party> list(const std::string& after, std::int64_t limit);

    /// Throws: kUnauthenticated "token.unknown" or "token.expired".
    Caller authenticate(std::string_view token);

    /// The first administrator, so that there is somebody who can register the others. Absent when
    /// there is a party already. `keep_token` is called before the commit and may throw: a token
    /// that was committed and not kept could never be had again, and nobody could get in.
    std::optional<std::string> bootstrap(
        const std::function<void(const std::string& token)>& keep_token);

private:
    Context& context_;
};

}  // namespace pdx::app
