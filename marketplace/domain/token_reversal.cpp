#include "marketplace/domain/token_reversal.h"

#include <string>
#include <utility>

namespace pdx::domain {

static_assert(is_well_formed(machine_of(ReversalState{})));
static_assert(names_are_well_formed(names_of(ReversalGround{})));

void check_two_approvers(const ReversalApprovers& approvers) {
    if (approvers.provider != approvers.authority) return;
    throw conflict("token_reversal.one_party",
                   {"The provider and the authority are one party: two must approve.",
                    "数据提供方与主管部门为同一主体，而还原须经两方同意。"});
}

ReversalEvent approval_of(const ReversalApprovers& approvers, const PartyId& party) {
    check_two_approvers(approvers);
    if (party == approvers.provider) return ReversalEvent::kProviderApprove;
    if (party == approvers.authority) return ReversalEvent::kAuthorityApprove;
    throw forbidden("token_reversal.approver",
                    {"Only the resource's provider and the authority that granted it approve.",
                     "仅资源的数据提供方和授权的主管部门可予同意。"});
}

void check_reversal_size(std::size_t tokens) {
    if (tokens >= 1 && tokens <= kReversalTokensMax) return;
    ErrorDetail detail;
    detail.pointer = "/tokens";
    const std::string most = std::to_string(kReversalTokensMax);
    throw invalid(
        "token_reversal.tokens",
        {"A request names 1 to " + most + " tokens.", "每次申请须列明 1 至 " + most + " 个令牌。"},
        std::move(detail));
}

void check_reversible(const ContractFacts& contract, Timestamp now) {
    ContractFacts resumed = contract;
    if (resumed.state == ContractState::kSuspended) resumed.state = ContractState::kInForce;
    if (is_live(resumed, now)) return;
    ErrorDetail detail;
    detail.state = to_string(contract.state);
    detail.deadline = contract.term_to.iso();
    throw conflict("token_reversal.contract",
                   {"The contract is not in force or is over: its tokens stay tokens.",
                    "协议未生效或已终止，其令牌不可还原。"},
                   std::move(detail));
}

bool reversal_is_due_to_lapse(Timestamp requested, Timestamp now) {
    return requested.plus(kReversalLapsesAfter) <= now;
}

}  // namespace pdx::domain
