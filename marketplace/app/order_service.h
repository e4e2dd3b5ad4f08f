#pragma once
/// Orders: placed, paid into escrow, cancelled, accepted, rejected.
#include <cstdint>
#include <string>
#include <vector>

#include "marketplace/app/context.h"
#include "marketplace/store/order_store.h"

namespace pdx::app {

struct PlaceOrder {
    ListingId listing;
    std::string purpose;
};

class OrderService {
public:
    explicit OrderService(Context& context) : context_(context) {}

    /// Of a listing that is listed, under a contract that is live. An order that costs nothing
    /// needs no payment and is escrowed at once. Throws: not_found("listing"); kConflict
    /// "listing.not_listed", "contract.not_live"; kForbidden "order.related_party".
    Outcome place(const WriteRequest& write, const PlaceOrder& input);

    /// The buyer names the reference under which it paid; the bank is asked what arrived.
    /// Throws: kConflict "payment.not_arrived", "payment.reference_used"; kInvalid
    /// "payment.amount".
    Outcome pay(const WriteRequest& write, const OrderId& id, const std::string& bank_reference);

    /// Before delivery, or after a rejection that leaves no redelivery. What is in escrow goes back
    /// to the buyer's wallet.
    /// Throws: kConflict "order.redelivery_open" while the operator may still deliver again, which
    /// it may not once the contract has ended.
    Outcome cancel(const WriteRequest& write, const OrderId& id);

    Outcome accept(const WriteRequest& write, const OrderId& id);
    /// Throws: kConflict "deadline.passed" after the inspection period, unless the contract ended
    /// before anybody downloaded the delivery.
    Outcome reject(const WriteRequest& write, const OrderId& id, const std::string& reason);

    /// Throws: not_found("order") unless the caller is its buyer or operator, or reads everything.
    store::Order find(const Caller& caller, const OrderId& id);
    /// The caller's own; all of them for whoever reads everything.
    std::vector<store::Order> list(const Caller& caller, const std::string& after,
                                   std::int64_t limit);

private:
    std::string pay_into_escrow(Transaction& tx, const OrderId& id,
                                const std::optional<bank::Arrival>& arrival,
                                const std::string& bank_reference);
    std::string refund_escrow(Transaction& tx, store::Order& order);
    Context& context_;
};

}  // namespace pdx::app
