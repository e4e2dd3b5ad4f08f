#include "marketplace/domain/order.h"

#include <string>

namespace pdx::domain {

static_assert(is_well_formed(machine_of(OrderState{})));

namespace {

OrderEvent back_to(OrderState state) {
    switch (state) {
        case OrderState::kEscrowed: return OrderEvent::kReturnToEscrowed;
        case OrderState::kDelivering: return OrderEvent::kReturnToDelivering;
        case OrderState::kDelivered: return OrderEvent::kReturnToDelivered;
        case OrderState::kRejected: return OrderEvent::kReturnToRejected;
        case OrderState::kAccepted: return OrderEvent::kReturnToAccepted;
        case OrderState::kSettled: return OrderEvent::kReturnToSettled;
        case OrderState::kPlaced:
        case OrderState::kClosed:
        case OrderState::kDisputed:
        case OrderState::kCancelled:
        case OrderState::kRefunded: break;
    }
    fail_check("a dispute cannot come from this state", __FILE__, __LINE__);
}

}  // namespace

OrderEvent dispute_return(OrderState disputed_from, DisputeEnd end, bool fully_refunded) {
    PDX_CHECK(next(disputed_from, OrderEvent::kDispute).has_value());
    if (fully_refunded) return OrderEvent::kRefund;
    switch (end) {
        case DisputeEnd::kUnchanged: return back_to(disputed_from);
        case DisputeEnd::kRedeliver:
            PDX_CHECK(disputed_from != OrderState::kSettled);
            return OrderEvent::kReturnToEscrowed;
        case DisputeEnd::kDecided: break;
    }
    if (disputed_from == OrderState::kDelivered || disputed_from == OrderState::kRejected) {
        return OrderEvent::kReturnToAccepted;
    }
    return back_to(disputed_from);
}

void check_redelivery(int redeliveries_done, int redeliveries_max) {
    if (redeliveries_done < redeliveries_max) return;
    throw conflict("order.redeliveries",
                   {"The order was delivered again " + std::to_string(redeliveries_done) +
                        " times, which is the most allowed. Refund it, or file a dispute.",
                    "该订单已重新交付 " + std::to_string(redeliveries_done) +
                        " 次，达到上限。请退款或提起争议。"});
}

void check_buyer(const PartyId& buyer, const PartyId& seller) {
    if (buyer != seller) return;
    ErrorDetail detail;
    detail.rule = "发改数据规〔2025〕27号 Article 6";
    throw forbidden("order.related_party",
                    {"An operator cannot buy its own product.", "运营机构不得购买自己的数据产品。"},
                    std::move(detail));
}

Money order_total(Money unit_price, std::int64_t quantity) {
    ErrorDetail detail;
    detail.pointer = "quantity";
    if (quantity < 1 || quantity > kOrderQuantityMax) {
        throw invalid(
            "order.quantity",
            {"The quantity must lie between 1 and 1,000,000.", "数量须在 1 至 1,000,000 之间。"},
            std::move(detail));
    }
    std::int64_t total = 0;
    if (unit_price.is_negative() || __builtin_mul_overflow(unit_price.minor(), quantity, &total)) {
        throw invalid("order.amount", {"The amount of the order cannot be represented.",
                                       "订单金额超出可表示范围。"});
    }
    return {total, unit_price.currency()};
}

}  // namespace pdx::domain
