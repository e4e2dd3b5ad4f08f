#pragma once
/// A buyer's order from placing to closing, and where a dispute returns it to.
/// Source: domain reference 4.4; settlement reference 6.3.
#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/ids.h"
#include "base/money.h"
#include "marketplace/domain/machine.h"

namespace pdx::domain {

enum class OrderState {
    kPlaced,
    kEscrowed,
    kDelivering,
    kDelivered,
    kRejected,
    kAccepted,
    kSettled,
    kClosed,
    kDisputed,
    kCancelled,
    kRefunded,
};

enum class OrderEvent {
    kPay,
    kCancel,
    kStartDelivery,
    kFailDelivery,
    kCompleteDelivery,
    kAccept,
    kReject,
    kSettle,
    kClose,
    kRefund,
    kDispute,
    kReturnToEscrowed,
    kReturnToDelivering,
    kReturnToDelivered,
    kReturnToRejected,
    kReturnToAccepted,
    kReturnToSettled,
};

inline constexpr auto kOrderStateNames = std::to_array<NameRow<OrderState>>({
    {OrderState::kPlaced, "placed", "已下单"},
    {OrderState::kEscrowed, "escrowed", "已托管"},
    {OrderState::kDelivering, "delivering", "交付中"},
    {OrderState::kDelivered, "delivered", "已交付待验收"},
    {OrderState::kRejected, "rejected", "验收不合格"},
    {OrderState::kAccepted, "accepted", "已验收"},
    {OrderState::kSettled, "settled", "已结算"},
    {OrderState::kClosed, "closed", "已完成"},
    {OrderState::kDisputed, "disputed", "争议中"},
    {OrderState::kCancelled, "cancelled", "已取消"},
    {OrderState::kRefunded, "refunded", "已退款"},
});
constexpr std::span<const NameRow<OrderState>> names_of(OrderState) { return kOrderStateNames; }

inline constexpr auto kOrderEventNames = std::to_array<NameRow<OrderEvent>>({
    {OrderEvent::kPay, "pay", "付款托管"},
    {OrderEvent::kCancel, "cancel", "取消"},
    {OrderEvent::kStartDelivery, "start_delivery", "开始交付"},
    {OrderEvent::kFailDelivery, "fail_delivery", "交付失败"},
    {OrderEvent::kCompleteDelivery, "complete_delivery", "完成交付"},
    {OrderEvent::kAccept, "accept", "验收合格"},
    {OrderEvent::kReject, "reject", "验收不合格"},
    {OrderEvent::kSettle, "settle", "结算"},
    {OrderEvent::kClose, "close", "完成"},
    {OrderEvent::kRefund, "refund", "全额退款"},
    {OrderEvent::kDispute, "dispute", "提起争议"},
    {OrderEvent::kReturnToEscrowed, "return_to_escrowed", "恢复至已托管"},
    {OrderEvent::kReturnToDelivering, "return_to_delivering", "恢复至交付中"},
    {OrderEvent::kReturnToDelivered, "return_to_delivered", "恢复至待验收"},
    {OrderEvent::kReturnToRejected, "return_to_rejected", "恢复至验收不合格"},
    {OrderEvent::kReturnToAccepted, "return_to_accepted", "恢复至已验收"},
    {OrderEvent::kReturnToSettled, "return_to_settled", "恢复至已结算"},
});
constexpr std::span<const NameRow<OrderEvent>> names_of(OrderEvent) { return kOrderEventNames; }

/// `fail_delivery` gives the order back to the seller, who may start again. `start_delivery` from
/// rejected is the redelivery; its count is check_redelivery's.
inline constexpr auto kOrderTable = std::to_array<Transition<OrderState, OrderEvent>>({
    {OrderState::kPlaced, OrderEvent::kPay, OrderState::kEscrowed},
    {OrderState::kPlaced, OrderEvent::kCancel, OrderState::kCancelled},
    {OrderState::kEscrowed, OrderEvent::kStartDelivery, OrderState::kDelivering},
    {OrderState::kEscrowed, OrderEvent::kRefund, OrderState::kRefunded},
    {OrderState::kEscrowed, OrderEvent::kDispute, OrderState::kDisputed},
    {OrderState::kDelivering, OrderEvent::kCompleteDelivery, OrderState::kDelivered},
    {OrderState::kDelivering, OrderEvent::kFailDelivery, OrderState::kEscrowed},
    {OrderState::kDelivering, OrderEvent::kDispute, OrderState::kDisputed},
    {OrderState::kDelivered, OrderEvent::kAccept, OrderState::kAccepted},
    {OrderState::kDelivered, OrderEvent::kReject, OrderState::kRejected},
    {OrderState::kDelivered, OrderEvent::kDispute, OrderState::kDisputed},
    {OrderState::kRejected, OrderEvent::kStartDelivery, OrderState::kDelivering},
    {OrderState::kRejected, OrderEvent::kRefund, OrderState::kRefunded},
    {OrderState::kRejected, OrderEvent::kDispute, OrderState::kDisputed},
    {OrderState::kAccepted, OrderEvent::kSettle, OrderState::kSettled},
    {OrderState::kAccepted, OrderEvent::kDispute, OrderState::kDisputed},
    {OrderState::kSettled, OrderEvent::kClose, OrderState::kClosed},
    {OrderState::kSettled, OrderEvent::kDispute, OrderState::kDisputed},
    {OrderState::kDisputed, OrderEvent::kRefund, OrderState::kRefunded},
    {OrderState::kDisputed, OrderEvent::kReturnToEscrowed, OrderState::kEscrowed},
    {OrderState::kDisputed, OrderEvent::kReturnToDelivering, OrderState::kDelivering},
    {OrderState::kDisputed, OrderEvent::kReturnToDelivered, OrderState::kDelivered},
    {OrderState::kDisputed, OrderEvent::kReturnToRejected, OrderState::kRejected},
    {OrderState::kDisputed, OrderEvent::kReturnToAccepted, OrderState::kAccepted},
    {OrderState::kDisputed, OrderEvent::kReturnToSettled, OrderState::kSettled},
});
constexpr Machine<OrderState, OrderEvent> machine_of(OrderState) {
    return {{"order", "订单"}, OrderState::kPlaced, kOrderTable};
}

constexpr std::optional<OrderState> parse_order_state(std::string_view name) {
    return parse<OrderState>(name);
}

/// How a dispute ended, as far as the order is concerned.
enum class DisputeEnd {
    kUnchanged,  ///< withdrawn, not accepted, dismissed
    kDecided,    ///< decided with or without a refund; what is left of the price stands
    kRedeliver,  ///< the seller delivers again
};

/// The event that takes a disputed order to the right place.
/// Everything refunded -> refund. Unchanged -> back where it was. Redeliver -> escrowed. Decided:
/// an order that awaited acceptance is accepted by the decision, any other goes back.
/// Requires: `disputed_from` is a state that takes `dispute`; redelivery is not for a settled
/// order.
OrderEvent dispute_return(OrderState disputed_from, DisputeEnd end, bool fully_refunded);

/// Throws: kConflict `order.redeliveries` when `redeliveries_done` has reached `redeliveries_max`.
void check_redelivery(int redeliveries_done, int redeliveries_max);

/// Source: 27号 article 6: an operator takes no part in re-developing what it has delivered.
/// Throws: kForbidden `order.related_party`.
void check_buyer(const PartyId& buyer, const PartyId& seller);

/// Unit: items, calls or periods of the listing's unit.
inline constexpr std::int64_t kOrderQuantityMax = 1'000'000;

/// Throws: kInvalid `order.quantity` outside 1..kOrderQuantityMax, `order.amount` on overflow.
Money order_total(Money unit_price, std::int64_t quantity);

}  // namespace pdx::domain
