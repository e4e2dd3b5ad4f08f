#include "marketplace/app/order_service.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "marketplace/app/books.h"
#include "marketplace/app/live_contract.h"
#include "marketplace/app/order_access.h"
#include "marketplace/app/order_reach.h"
#include "marketplace/app/order_view.h"
#include "marketplace/domain/settlement_rules.h"
#include "marketplace/store/listing_store.h"
#include "marketplace/store/product_store.h"

namespace pdx::app {
namespace {

using domain::OrderEvent;
using domain::OrderState;
using nlohmann::json;

Fact order_fact(const Context& context, std::string kind, const store::Order& order, json body,
                const ledger::PrivateTexts& texts = {}) {
    body.update(fact_of(order));
    return context.vault.make_fact(std::move(kind), "order", order.id.text(), std::move(body),
                                   domain::profile_name(context.rules), texts);
}

void check_listed(const store::Listing& listing, const store::Product& product) {
    if (listing.state == domain::ListingState::kListed &&
        product.state == domain::ProductState::kRegistered) {
        return;
    }
    ErrorDetail detail;
    detail.state = domain::to_string(listing.state);
    throw conflict("listing.not_listed",
                   {"This listing is not open for orders.", "该挂牌目前不接受下单。"},
                   std::move(detail));
}

void check_arrival(const std::optional<bank::Arrival>& arrival, Money amount) {
    if (!arrival) {
        throw conflict("payment.not_arrived",
                       {"The bank has received no money under this reference yet.",
                        "银行尚未收到该凭证号下的款项。"},
                       {.pointer = "/bank_reference"});
    }
    if (arrival->amount != amount) {
        throw invalid("payment.amount",
                      {"The amount that arrived differs from the price of the order, " +
                           amount.text() + " fen.",
                       "到账金额与订单金额（" + amount.text() + " 分）不一致。"},
                      {.pointer = "/bank_reference"});
    }
}

}  // namespace

Outcome OrderService::place(const WriteRequest& write, const PlaceOrder& input) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             const auto listing = store::find_listing(tx.db(), input.listing);
             if (!listing) throw not_found("listing");
             const auto product = store::find_product(tx.db(), listing->product_id);
             PDX_CHECK(product.has_value());
             check_listed(*listing, *product);
             domain::check_buyer(write.caller.party, listing->operator_id);
             require_live(tx.db(), product->contract_id, tx.now());
             store::Order order;
             order.id = tx.make_id<OrderTag>();
             order.listing_id = listing->id;
             order.product_id = product->id;
             order.contract_id = product->contract_id;
             order.operator_id = listing->operator_id;
             order.buyer_id = write.caller.party;
             order.amount = listing->price;
             order.created_at = tx.now();
             order.updated_at = tx.now();
             if (order.amount.is_zero()) order.state = domain::apply(order.state, OrderEvent::kPay);
             store::insert_order(tx.db(), order);
             tx.record(order_fact(context_, "order.placed", order,
                                  {{"listing_id", order.listing_id.text()},
                                   {"product_id", order.product_id.text()},
                                   {"contract_id", order.contract_id.text()},
                                   {"operator_id", order.operator_id.text()},
                                   {"buyer_id", order.buyer_id.text()},
                                   {"amount", order.amount.text()}},
                                  {{"purpose", input.purpose}}));
             return to_json(order).dump();
         }});
}

Outcome OrderService::pay(const WriteRequest& write, const OrderId& id,
                          const std::string& bank_reference) {
    // Asked before the command: a command may run twice and has no effect outside the database.
    const std::optional<bank::Arrival> arrival = context_.bank.arrival(bank_reference);
    return context_.writer.submit({write.caller, write.idempotency, [&](Transaction& tx) {
                                       return pay_into_escrow(tx, id, arrival, bank_reference);
                                   }});
}

std::string OrderService::pay_into_escrow(Transaction& tx, const OrderId& id,
                                          const std::optional<bank::Arrival>& arrival,
                                          const std::string& bank_reference) {
    store::Order order = load_order_of_buyer(tx.db(), tx.caller(), id);
    order.state = domain::apply(order.state, OrderEvent::kPay);
    require_live(tx.db(), order.contract_id, tx.now());
    check_arrival(arrival, order.amount);
    const Digest reference_key = context_.vault.reference_key(bank_reference);
    if (store::is_reference_used(tx.db(), reference_key)) {
        throw conflict("payment.reference_used",
                       {"This bank reference has paid for an order already.",
                        "该银行凭证号已用于支付其他订单。"},
                       {.pointer = "/bank_reference"});
    }
    store::insert_payment(tx.db(), {reference_key, order.id, order.amount, tx.now()});
    store::update_order(tx.db(), order, tx.now());
    const std::array journals{domain::fund_wallet(order.buyer_id, order.amount),
                              domain::pay_order(order.buyer_id, order.id, order.amount)};
    const json posted = post_all(tx, order.id, journals);
    check_order_books(tx.db(), order);
    tx.record(order_fact(context_, "order.paid", order,
                         {{"amount", order.amount.text()}, {"journals", posted}},
                         {{"bank_reference", bank_reference}}));
    return to_json(order).dump();
}

Outcome OrderService::cancel(const WriteRequest& write, const OrderId& id) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             store::Order order = load_order_of_buyer(tx.db(), tx.caller(), id);
             if (order.state == OrderState::kRejected &&
                 order.deliveries - 1 < context_.rules.redeliveries_max &&
                 !has_contract_ended(tx.db(), order)) {
                 throw conflict(
                     "order.redelivery_open",
                     {"The operator may still deliver again. File a dispute if it does not.",
                      "运营机构仍可重新交付；逾期未交付的，可提起争议。"},
                     {.state = std::string(domain::to_string(order.state)),
                      .allowed = domain::allowed(order.state)});
             }
             if (order.state == OrderState::kEscrowed || order.state == OrderState::kRejected) {
                 return refund_escrow(tx, order);
             }
             order.state = domain::apply(order.state, OrderEvent::kCancel);
             store::update_order(tx.db(), order, tx.now());
             tx.record(order_fact(context_, "order.cancelled", order, json::object()));
             return to_json(order).dump();
         }});
}

std::string OrderService::refund_escrow(Transaction& tx, store::Order& order) {
    const Money rest = order.amount.minus(order.refunded);
    order.state = domain::apply(order.state, OrderEvent::kRefund);
    order.refunded = order.amount;
    store::update_order(tx.db(), order, tx.now());
    std::vector<domain::Journal> journals;
    if (!rest.is_zero()) journals.push_back(domain::refund_order(order.buyer_id, order.id, rest));
    const json posted = post_all(tx, order.id, journals);
    check_order_books(tx.db(), order);
    tx.record(order_fact(context_, "order.refunded", order,
                         {{"amount", rest.text()}, {"journals", posted}}));
    return to_json(order).dump();
}

Outcome OrderService::accept(const WriteRequest& write, const OrderId& id) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             store::Order order = load_order_of_buyer(tx.db(), tx.caller(), id);
             order.state = domain::apply(order.state, OrderEvent::kAccept);
             store::update_order(tx.db(), order, tx.now());
             tx.record(order_fact(context_, "order.accepted", order, json::object()));
             return to_json(order).dump();
         }});
}

Outcome OrderService::reject(const WriteRequest& write, const OrderId& id,
                             const std::string& reason) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             store::Order order = load_order_of_buyer(tx.db(), tx.caller(), id);
             order.state = domain::apply(order.state, OrderEvent::kReject);
             PDX_CHECK(order.acceptance_due.has_value());
             const Date today = Date::of(tx.now());
             domain::Deadline inspection =
                 domain::deadline(context_.rules, domain::LegalClock::kInspection, today);
             inspection.due.due =
                 *order.acceptance_due;  // as it was set when the data was published
             if (!is_out_of_reach(tx.db(), order)) domain::check_within(inspection, today);
             store::update_order(tx.db(), order, tx.now());
             tx.record(order_fact(context_, "order.rejected", order, json::object(),
                                  {{"rejection", reason}}));
             return to_json(order).dump();
         }});
}

store::Order OrderService::find(const Caller& caller, const OrderId& id) {
    auto lease = context_.reads.borrow();
    store::Order order = load_order(*lease, id);
    if (!is_party_of(caller, order) && !reads_everything(caller)) throw not_found("order");
    return order;
}

std::vector<store::Order> OrderService::list(const Caller& caller, const std::string& after,
                                             std::int64_t limit) {
    auto lease = context_.reads.borrow();
    if (reads_everything(caller)) return store::list_orders(*lease, after, limit);
    if (caller.role == domain::Role::kOperator) {
        return store::list_orders_of_operator(*lease, caller.party, after, limit);
    }
    return store::list_orders_of_buyer(*lease, caller.party, after, limit);
}

}  // namespace pdx::app
