#include "marketplace/domain/dispute.h"

#include <string>

namespace pdx::domain {

static_assert(is_well_formed(machine_of(DisputeState{})));
static_assert(names_are_well_formed(names_of(DisputeReason{})));

Money hold_amount(Money claimed, Money order_net) {
    if (claimed.is_negative() || claimed.is_zero()) {
        ErrorDetail detail;
        detail.pointer = "amount";
        throw invalid("dispute.amount",
                      {"The claim must be an amount above zero.", "主张金额须大于零。"},
                      std::move(detail));
    }
    PDX_CHECK(!order_net.is_negative());
    if (order_net.is_zero()) {
        throw conflict("dispute.nothing_to_hold",
                       {"Everything paid for the order has already been refunded.",
                        "该订单的款项已全部退还，无可冻结金额。"});
    }
    return claimed.less_than(order_net) ? claimed : order_net;
}

void check_no_open_dispute(std::size_t open_disputes) {
    if (open_disputes == 0) return;
    throw conflict("dispute.already_open",
                   {"The order already has an open dispute.", "该订单已有未结争议。"});
}

HoldDivision divide_hold(Money hold, Money refund) {
    PDX_CHECK(!hold.is_negative());
    if (refund.is_negative() || hold.less_than(refund)) {
        ErrorDetail detail;
        detail.pointer = "refund";
        throw invalid("dispute.refund",
                      {"The refund must lie between 0 and the " + hold.text() +
                           " fen that the dispute holds.",
                       "退款金额须在 0 至冻结金额 " + hold.text() + " 分之间。"},
                      std::move(detail));
    }
    return {refund, hold.minus(refund)};
}

}  // namespace pdx::domain
