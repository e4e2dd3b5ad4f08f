#pragma once
/// Turning tokens of a contract back into numbers: asked for on a closed ground, approved by the
/// resource's provider and by the authority that granted, then disclosed to the provider once. The
/// rules alone; who holds which place of a contract is asked elsewhere.
/// Source: privacy reference, "Keys" (a separate, dual-controlled service); the rest is design.
#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>

#include "base/ids.h"
#include "base/time.h"
#include "marketplace/domain/contract.h"
#include "marketplace/domain/machine.h"

namespace pdx::domain {

enum class ReversalState {
    kRequested,
    kProviderApproved,
    kAuthorityApproved,
    kApproved,
    kDisclosed,
    kRefused,
    kLapsed,
};

enum class ReversalEvent { kProviderApprove, kAuthorityApprove, kRefuse, kLapse, kDisclose };

inline constexpr auto kReversalStateNames = std::to_array<NameRow<ReversalState>>({
    {ReversalState::kRequested, "requested", "已申请"},
    {ReversalState::kProviderApproved, "provider_approved", "提供方已同意"},
    {ReversalState::kAuthorityApproved, "authority_approved", "主管部门已同意"},
    {ReversalState::kApproved, "approved", "双方已同意"},
    {ReversalState::kDisclosed, "disclosed", "已还原"},
    {ReversalState::kRefused, "refused", "已拒绝"},
    {ReversalState::kLapsed, "lapsed", "已逾期失效"},
});
constexpr std::span<const NameRow<ReversalState>> names_of(ReversalState) {
    return kReversalStateNames;
}

inline constexpr auto kReversalEventNames = std::to_array<NameRow<ReversalEvent>>({
    {ReversalEvent::kProviderApprove, "provider_approve", "提供方同意"},
    {ReversalEvent::kAuthorityApprove, "authority_approve", "主管部门同意"},
    {ReversalEvent::kRefuse, "refuse", "拒绝"},
    {ReversalEvent::kLapse, "lapse", "逾期失效"},
    {ReversalEvent::kDisclose, "disclose", "还原"},
});
constexpr std::span<const NameRow<ReversalEvent>> names_of(ReversalEvent) {
    return kReversalEventNames;
}

/// Both approvals lead to `approved`, in either order; either side may still refuse until the
/// numbers are disclosed.
inline constexpr auto kReversalTable = std::to_array<Transition<ReversalState, ReversalEvent>>({
    {ReversalState::kRequested, ReversalEvent::kProviderApprove, ReversalState::kProviderApproved},
    {ReversalState::kRequested, ReversalEvent::kAuthorityApprove,
     ReversalState::kAuthorityApproved},
    {ReversalState::kRequested, ReversalEvent::kRefuse, ReversalState::kRefused},
    {ReversalState::kRequested, ReversalEvent::kLapse, ReversalState::kLapsed},
    {ReversalState::kProviderApproved, ReversalEvent::kAuthorityApprove, ReversalState::kApproved},
    {ReversalState::kProviderApproved, ReversalEvent::kRefuse, ReversalState::kRefused},
    {ReversalState::kProviderApproved, ReversalEvent::kLapse, ReversalState::kLapsed},
    {ReversalState::kAuthorityApproved, ReversalEvent::kProviderApprove, ReversalState::kApproved},
    {ReversalState::kAuthorityApproved, ReversalEvent::kRefuse, ReversalState::kRefused},
    {ReversalState::kAuthorityApproved, ReversalEvent::kLapse, ReversalState::kLapsed},
    {ReversalState::kApproved, ReversalEvent::kDisclose, ReversalState::kDisclosed},
    {ReversalState::kApproved, ReversalEvent::kRefuse, ReversalState::kRefused},
    {ReversalState::kApproved, ReversalEvent::kLapse, ReversalState::kLapsed},
});
constexpr Machine<ReversalState, ReversalEvent> machine_of(ReversalState) {
    return {{"token_reversal", "令牌还原"}, ReversalState::kRequested, kReversalTable};
}

constexpr std::optional<ReversalState> parse_reversal_state(std::string_view name) {
    return parse<ReversalState>(name);
}

/// Why tokens may be turned back at all.
enum class ReversalGround {
    kSafetyOfAPerson,
    kErrorCorrection,
    kCourtOrder,
    kDataSubjectRequest,
    kDispute,
};

inline constexpr auto kReversalGroundNames = std::to_array<NameRow<ReversalGround>>({
    {ReversalGround::kSafetyOfAPerson, "safety_of_a_person", "保护人身安全"},
    {ReversalGround::kErrorCorrection, "error_correction", "更正错误"},
    {ReversalGround::kCourtOrder, "court_order", "法院裁判"},
    {ReversalGround::kDataSubjectRequest, "data_subject_request", "个人请求"},
    {ReversalGround::kDispute, "dispute", "争议处理"},
});
constexpr std::span<const NameRow<ReversalGround>> names_of(ReversalGround) {
    return kReversalGroundNames;
}

/// Of one request.
inline constexpr std::size_t kReversalTokensMax = 100;
/// From the request, whatever was approved meanwhile.
inline constexpr std::chrono::days kReversalLapsesAfter{14};

/// The two whose approvals a request needs.
struct ReversalApprovers {
    PartyId provider;
    PartyId authority;
};

/// Throws: kConflict `token_reversal.one_party` when one party holds both places: it would decide
/// alone.
void check_two_approvers(const ReversalApprovers& approvers);

/// What the approval of `party` is. A requester may be one of the two: the other still decides.
/// Throws: kForbidden `token_reversal.approver` for anyone else; as check_two_approvers.
ReversalEvent approval_of(const ReversalApprovers& approvers, const PartyId& party);

/// Throws: kInvalid `token_reversal.tokens` unless 1 to kReversalTokensMax.
void check_reversal_size(std::size_t tokens);

/// A suspended contract's tokens may be turned back, too: a wrong may be why it is suspended.
/// Throws: kConflict `token_reversal.contract` unless the contract is in force or suspended and
/// within its term.
void check_reversible(const ContractFacts& contract, Timestamp now);

/// True from the instant on at which an undisclosed request is to lapse.
bool reversal_is_due_to_lapse(Timestamp requested, Timestamp now);

}  // namespace pdx::domain
