#pragma once
/// What a command tells the ledger: one business fact, never personal data (design D4).
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "marketplace/store/private_part_store.h"

namespace pdx::app {

/// What is stored of a fact's private part, and what its body says of it.
struct CommittedPart {
    Digest commitment;
    store::SealedPart sealed;
};

/// A fact before it has a place in the log.
struct Fact {
    std::string kind;         ///< noun.what, e.g. order.paid; with `version` it names a schema
    std::string entity_type;  ///< the noun whose history this belongs to
    std::string entity_id;
    std::string rule;  ///< rule profile id@version under which it was decided, or empty
    std::string body;  ///< RFC 8785 text of the rest: ids, amounts, states, digests
    int version = 1;
    std::optional<CommittedPart> private_part = {};  ///< made by app/private_vault.h alone
};

/// Builds a fact; `body` is made canonical here.
/// Throws: Error kInvalid when the body cannot be canonical (a float, a non-ASCII member name).
Fact make_fact(std::string kind, std::string entity_type, std::string entity_id,
               const nlohmann::json& body, std::string rule = {});

}  // namespace pdx::app
