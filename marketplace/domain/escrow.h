#pragma once
/// When an order's escrow must be empty: what the books check at every posting, and an auditor at
/// every entry.
#include "marketplace/domain/order.h"

namespace pdx::domain {

/// No money of the order may lie in escrow in these states.
constexpr bool is_escrow_empty_in(OrderState state) {
    return state == OrderState::kPlaced || state == OrderState::kCancelled ||
           state == OrderState::kRefunded || state == OrderState::kSettled ||
           state == OrderState::kClosed;
}

}  // namespace pdx::domain
