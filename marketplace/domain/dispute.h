#pragma once
/// A dispute over an order: filed with a hold on the money, answered, decided on locked evidence,
/// executed. Measures are those of the membership rules, not an arbitral award.
/// Source: domain reference 4.5; settlement reference 6.2, 6.3.
#include <array>
#include <optional>
#include <span>

#include "base/money.h"
#include "base/time.h"
#include "marketplace/domain/machine.h"

namespace pdx::domain {

enum class DisputeState {
    kFiled,
    kNotAccepted,
    kAccepted,
    kAnswered,
    kEvidenceLocked,
    kNegotiation,
    kMediation,
    kDecided,
    kExecuted,
    kClosed,
    kWithdrawn,
};

enum class DisputeEvent {
    kAccept,
    kNotAccept,
    kAnswer,
    kLockEvidence,
    kNegotiate,
    kMediate,
    kAgree,
    kDecide,
    kExecute,
    kClose,
    kWithdraw,
};

inline constexpr auto kDisputeStateNames = std::to_array<NameRow<DisputeState>>({
    {DisputeState::kFiled, "filed", "已提起"},
    {DisputeState::kNotAccepted, "not_accepted", "不予受理"},
    {DisputeState::kAccepted, "accepted", "已受理"},
    {DisputeState::kAnswered, "answered", "已答辩"},
    {DisputeState::kEvidenceLocked, "evidence_locked", "证据已固定"},
    {DisputeState::kNegotiation, "negotiation", "协商中"},
    {DisputeState::kMediation, "mediation", "调解中"},
    {DisputeState::kDecided, "decided", "已作出处理决定"},
    {DisputeState::kExecuted, "executed", "已执行"},
    {DisputeState::kClosed, "closed", "已结案"},
    {DisputeState::kWithdrawn, "withdrawn", "已撤回"},
});
constexpr std::span<const NameRow<DisputeState>> names_of(DisputeState) {
    return kDisputeStateNames;
}

inline constexpr auto kDisputeEventNames = std::to_array<NameRow<DisputeEvent>>({
    {DisputeEvent::kAccept, "accept", "受理"},
    {DisputeEvent::kNotAccept, "not_accept", "不予受理"},
    {DisputeEvent::kAnswer, "answer", "答辩"},
    {DisputeEvent::kLockEvidence, "lock_evidence", "固定证据"},
    {DisputeEvent::kNegotiate, "negotiate", "协商"},
    {DisputeEvent::kMediate, "mediate", "调解"},
    {DisputeEvent::kAgree, "agree", "达成协议"},
    {DisputeEvent::kDecide, "decide", "作出处理决定"},
    {DisputeEvent::kExecute, "execute", "执行"},
    {DisputeEvent::kClose, "close", "结案"},
    {DisputeEvent::kWithdraw, "withdraw", "撤回"},
});
constexpr std::span<const NameRow<DisputeEvent>> names_of(DisputeEvent) {
    return kDisputeEventNames;
}

/// `lock_evidence` from accepted is for a respondent who stays silent: it goes on on the record.
inline constexpr auto kDisputeTable = std::to_array<Transition<DisputeState, DisputeEvent>>({
    {DisputeState::kFiled, DisputeEvent::kAccept, DisputeState::kAccepted},
    {DisputeState::kFiled, DisputeEvent::kNotAccept, DisputeState::kNotAccepted},
    {DisputeState::kFiled, DisputeEvent::kWithdraw, DisputeState::kWithdrawn},
    {DisputeState::kAccepted, DisputeEvent::kAnswer, DisputeState::kAnswered},
    {DisputeState::kAccepted, DisputeEvent::kLockEvidence, DisputeState::kEvidenceLocked},
    {DisputeState::kAccepted, DisputeEvent::kWithdraw, DisputeState::kWithdrawn},
    {DisputeState::kAnswered, DisputeEvent::kLockEvidence, DisputeState::kEvidenceLocked},
    {DisputeState::kAnswered, DisputeEvent::kWithdraw, DisputeState::kWithdrawn},
    {DisputeState::kEvidenceLocked, DisputeEvent::kNegotiate, DisputeState::kNegotiation},
    {DisputeState::kEvidenceLocked, DisputeEvent::kMediate, DisputeState::kMediation},
    {DisputeState::kEvidenceLocked, DisputeEvent::kDecide, DisputeState::kDecided},
    {DisputeState::kEvidenceLocked, DisputeEvent::kWithdraw, DisputeState::kWithdrawn},
    {DisputeState::kNegotiation, DisputeEvent::kMediate, DisputeState::kMediation},
    {DisputeState::kNegotiation, DisputeEvent::kAgree, DisputeState::kDecided},
    {DisputeState::kNegotiation, DisputeEvent::kDecide, DisputeState::kDecided},
    {DisputeState::kNegotiation, DisputeEvent::kWithdraw, DisputeState::kWithdrawn},
    {DisputeState::kMediation, DisputeEvent::kAgree, DisputeState::kDecided},
    {DisputeState::kMediation, DisputeEvent::kDecide, DisputeState::kDecided},
    {DisputeState::kMediation, DisputeEvent::kWithdraw, DisputeState::kWithdrawn},
    {DisputeState::kDecided, DisputeEvent::kExecute, DisputeState::kExecuted},
    {DisputeState::kExecuted, DisputeEvent::kClose, DisputeState::kClosed},
});
constexpr Machine<DisputeState, DisputeEvent> machine_of(DisputeState) {
    return {{"dispute", "争议"}, DisputeState::kFiled, kDisputeTable};
}

constexpr std::optional<DisputeState> parse_dispute_state(std::string_view name) {
    return parse<DisputeState>(name);
}

/// What a party complains of; it decides what evidence is bundled.
enum class DisputeReason {
    kNotDelivered,
    kAccessBroken,
    kNotAsDescribed,
    kQuality,
    kUnlawfulSource,
    kUnauthorisedUse,
    kOverMetering,
    kDuplicateCharge,
};

inline constexpr auto kDisputeReasonNames = std::to_array<NameRow<DisputeReason>>({
    {DisputeReason::kNotDelivered, "not_delivered", "未交付"},
    {DisputeReason::kAccessBroken, "access_broken", "服务中断"},
    {DisputeReason::kNotAsDescribed, "not_as_described", "与说明不符"},
    {DisputeReason::kQuality, "quality", "质量不达标"},
    {DisputeReason::kUnlawfulSource, "unlawful_source", "来源不合法"},
    {DisputeReason::kUnauthorisedUse, "unauthorised_use", "超范围使用"},
    {DisputeReason::kOverMetering, "over_metering", "计量有误"},
    {DisputeReason::kDuplicateCharge, "duplicate_charge", "重复收费"},
});
constexpr std::span<const NameRow<DisputeReason>> names_of(DisputeReason) {
    return kDisputeReasonNames;
}

/// True while the dispute holds money: from filing until executed, withdrawn or not accepted.
constexpr bool holds_money(DisputeState state) {
    return state != DisputeState::kNotAccepted && state != DisputeState::kWithdrawn &&
           state != DisputeState::kExecuted && state != DisputeState::kClosed;
}

/// What is frozen: the smaller of the claim and what the order still nets (paid less refunded).
/// Throws: kInvalid `dispute.amount` when the claim is not positive; kConflict
/// `dispute.nothing_to_hold` when the order nets nothing.
Money hold_amount(Money claimed, Money order_net);

/// Throws: kConflict `dispute.already_open`: one open dispute per order.
void check_no_open_dispute(std::size_t open_disputes);

/// The hold divided by a decision: refund to the buyer, the rest back to where it came from.
struct HoldDivision {
    Money refund;
    Money release;
};
/// Throws: kInvalid `dispute.refund` unless 0 <= refund <= hold.
HoldDivision divide_hold(Money hold, Money refund);

}  // namespace pdx::domain
