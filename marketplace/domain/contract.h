#pragma once
/// The authorization contract between the authority and an operator: who signs what, how long it
/// may run, and whether it is live. Nothing is delivered without a live one (design section 7).
/// Source: 发改数据规〔2025〕27号 articles 13, 14; domain reference 4.2, 5.2.
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "marketplace/domain/machine.h"

namespace pdx::domain {

enum class ContractState {
    kDrafted,
    kSignedByOperator,
    kSignedByAuthority,
    kInForce,
    kSuspended,
    kRevoked,
    kExpired,
    kTerminated,
};

enum class ContractEvent {
    kSignAsOperator,
    kSignAsAuthority,
    kSuspend,
    kResume,
    kRevoke,
    kExpire,
    kTerminate,
};

inline constexpr auto kContractStateNames = std::to_array<NameRow<ContractState>>({
    {ContractState::kDrafted, "drafted", "已拟定"},
    {ContractState::kSignedByOperator, "signed_by_operator", "运营机构已签署"},
    {ContractState::kSignedByAuthority, "signed_by_authority", "授权方已签署"},
    {ContractState::kInForce, "in_force", "生效"},
    {ContractState::kSuspended, "suspended", "已暂停"},
    {ContractState::kRevoked, "revoked", "已撤销授权"},
    {ContractState::kExpired, "expired", "已到期"},
    {ContractState::kTerminated, "terminated", "已终止"},
});
constexpr std::span<const NameRow<ContractState>> names_of(ContractState) {
    return kContractStateNames;
}

inline constexpr auto kContractEventNames = std::to_array<NameRow<ContractEvent>>({
    {ContractEvent::kSignAsOperator, "sign_as_operator", "运营机构签署"},
    {ContractEvent::kSignAsAuthority, "sign_as_authority", "授权方签署"},
    {ContractEvent::kSuspend, "suspend", "暂停"},
    {ContractEvent::kResume, "resume", "恢复"},
    {ContractEvent::kRevoke, "revoke", "撤销授权"},
    {ContractEvent::kExpire, "expire", "到期"},
    {ContractEvent::kTerminate, "terminate", "终止"},
});
constexpr std::span<const NameRow<ContractEvent>> names_of(ContractEvent) {
    return kContractEventNames;
}

inline constexpr auto kContractTable = std::to_array<Transition<ContractState, ContractEvent>>({
    {ContractState::kDrafted, ContractEvent::kSignAsOperator, ContractState::kSignedByOperator},
    {ContractState::kDrafted, ContractEvent::kSignAsAuthority, ContractState::kSignedByAuthority},
    {ContractState::kDrafted, ContractEvent::kTerminate, ContractState::kTerminated},
    {ContractState::kSignedByOperator, ContractEvent::kSignAsAuthority, ContractState::kInForce},
    {ContractState::kSignedByOperator, ContractEvent::kTerminate, ContractState::kTerminated},
    {ContractState::kSignedByAuthority, ContractEvent::kSignAsOperator, ContractState::kInForce},
    {ContractState::kSignedByAuthority, ContractEvent::kTerminate, ContractState::kTerminated},
    {ContractState::kInForce, ContractEvent::kSuspend, ContractState::kSuspended},
    {ContractState::kInForce, ContractEvent::kRevoke, ContractState::kRevoked},
    {ContractState::kInForce, ContractEvent::kExpire, ContractState::kExpired},
    {ContractState::kInForce, ContractEvent::kTerminate, ContractState::kTerminated},
    {ContractState::kSuspended, ContractEvent::kResume, ContractState::kInForce},
    {ContractState::kSuspended, ContractEvent::kRevoke, ContractState::kRevoked},
    {ContractState::kSuspended, ContractEvent::kExpire, ContractState::kExpired},
    {ContractState::kSuspended, ContractEvent::kTerminate, ContractState::kTerminated},
});
constexpr Machine<ContractState, ContractEvent> machine_of(ContractState) {
    return {{"contract", "授权运营协议"}, ContractState::kDrafted, kContractTable};
}

constexpr std::optional<ContractState> parse_contract_state(std::string_view name) {
    return parse<ContractState>(name);
}

/// What decides whether a contract may be acted upon. Both days are included.
struct ContractFacts {
    ContractState state = ContractState::kDrafted;
    Date term_from;
    Date term_to;
};

/// In force, and today (Asia/Shanghai) lies within its term. A contract past its term is not live
/// even while nobody has recorded its expiry yet.
bool is_live(const ContractFacts& contract, Timestamp now);
/// Throws: kConflict `contract.not_live` with the state, or the term as the deadline.
void check_live(const ContractFacts& contract, Timestamp now);

/// True of the events after which nothing more happens to a contract.
constexpr bool is_end(ContractEvent event) {
    for (const auto& row : kContractTable) {
        if (row.event == event) return is_terminal(row.to);
    }
    return false;
}

/// The state of a contract whose last day (Asia/Shanghai) is over. What was never signed by both
/// does not run, and does not expire.
/// Throws: kConflict `contract.transition`; `contract.term_runs` until the end of that day.
ContractState expire(const ContractFacts& contract, Timestamp now);

/// Throws: kInvalid `contract.term` when the term is empty, over, or longer than `years_max` (5).
void check_contract_term(Date from, Date to, int years_max, Date today);

/// The event by which `signer` signs: the operator or the granting authority, and nobody else.
/// Throws: kForbidden `contract.signer`; kInvalid `contract.parties` when both are one party.
ContractEvent signing_event(const PartyId& signer, const PartyId& operator_party,
                            const PartyId& authority);

/// The bytes both parties sign with their own Ed25519 keys. The label and the log's origin keep a
/// signature from meaning anything elsewhere. Do not change: reaches disk.
/// Shape: "pdx/authorization-contract/v1\n" + origin + "\n" + canonical text (RFC 8785).
/// Requires: the origin is not empty and holds no newline.
std::string contract_signing_message(std::string_view log_origin, std::string_view canonical_text);

/// One of the 13 items that an agreement must hold. `code` names it in the contract text.
struct ContractClause {
    std::string_view code;
    std::string_view en;
    std::string_view zh;
};

/// Source: 27号 article 14.
std::span<const ContractClause> mandatory_clauses();
/// The mandatory codes that `present` lacks, in the order of the article.
std::vector<std::string> missing_clauses(std::span<const std::string> present);

}  // namespace pdx::domain
