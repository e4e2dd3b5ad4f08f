#pragma once
/// Which entry may change what, and by which events of the state machines. The machines themselves
/// are marketplace/domain's; here is only how an entry's kind names their events.
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pdx::app {

/// A member of an entity that entries tell.
struct ToldMember {
    std::string_view name;
    bool fixed = false;  ///< never changes once it was told
};

/// The members of a type; empty for a type that has none.
std::span<const ToldMember> told_members(std::string_view type);

/// True when the ledger tells of this kind at all.
bool is_known_kind(std::string_view kind);
/// True when an entry of the kind may be the first to tell of an entity of the type.
bool may_create(std::string_view kind, std::string_view type);
/// True when an entry of the kind is always the first.
bool must_create(std::string_view kind, std::string_view type);

/// What an entry says of one entity's state.
struct StateStep {
    std::string_view kind;
    std::string_view type;
    std::optional<std::string> before;  ///< absent: the entry is the first of the entity
    std::string after;
    const nlohmann::json& facts;
};

/// Why the entity's machine does not lead from `before` to `after` by what the entry tells;
/// nullopt when it does, or when the type has no state.
std::optional<std::string> state_fault(const StateStep& step);

}  // namespace pdx::app
