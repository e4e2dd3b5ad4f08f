#include "marketplace/app/dispute_service.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "ledger/store/log_store.h"
#include "marketplace/app/books.h"
#include "marketplace/app/dispute_access.h"
#include "marketplace/app/dispute_money.h"
#include "marketplace/app/order_access.h"
#include "marketplace/app/order_view.h"
#include "marketplace/store/delivery_store.h"

namespace pdx::app {
namespace {

using domain::DisputeEvent;
using domain::DisputeState;
using domain::LegalClock;
using domain::OrderEvent;
using domain::OrderState;
using nlohmann::json;

/// Unit: log indexes in one dispute. Above it the earliest are kept: an entry has a size limit.
constexpr std::size_t kEvidenceMax = 4'000;

store::Dispute load_dispute(sql::Connection& db, const DisputeId& id) {
    auto dispute = store::find_dispute(db, id);
    if (!dispute) throw not_found("dispute");
    return *dispute;
}

Fact dispute_fact(const Context& context, std::string kind, const store::Dispute& dispute,
                  json body, const ledger::PrivateTexts& texts = {}) {
    body.update(fact_of(dispute));
    return context.vault.make_fact(std::move(kind), "dispute", dispute.id.text(), std::move(body),
                                   domain::profile_name(context.rules), texts);
}

/// A buyer may wait for a delivery as long as it likes; what was delivered is disputed in time.
bool has_filing_period(OrderState state) {
    return state == OrderState::kDelivered || state == OrderState::kAccepted ||
           state == OrderState::kSettled;
}

void add_indexes(ledger::LogStore& log, std::string_view type, const std::string& id,
                 std::vector<std::uint64_t>& indexes) {
    const ledger::EntryFilter filter{.entity_type = std::string(type), .entity_id = id};
    log.visit(filter, [&](const ledger::StoredEntry& entry) {
        indexes.push_back(entry.index);
        return true;
    });
}

/// What was committed about the order before this batch, ascending.
json collect_evidence(sql::Connection& db, const std::string& origin, const OrderId& order) {
    ledger::LogStore log(db, origin);
    std::vector<std::uint64_t> indexes;
    add_indexes(log, "order", order.text(), indexes);
    for (const store::Delivery& delivery : store::list_deliveries(db, order, "", 100)) {
        add_indexes(log, "delivery", delivery.id.text(), indexes);
    }
    if (const auto settlement = store::find_settlement_of(db, order)) {
        add_indexes(log, "settlement", settlement->id.text(), indexes);
    }
    std::sort(indexes.begin(), indexes.end());
    if (indexes.size() > kEvidenceMax) indexes.resize(kEvidenceMax);
    return indexes;
}

void lock_evidence(Transaction& tx, const std::string& origin, store::Dispute& dispute) {
    dispute.state = domain::apply(dispute.state, DisputeEvent::kLockEvidence);
    dispute.evidence = collect_evidence(tx.db(), origin, dispute.order_id).dump();
}

json evidence_of(const store::Dispute& dispute) {
    return dispute.evidence ? json::parse(*dispute.evidence) : json::array();
}

}  // namespace

Outcome DisputeService::file(const WriteRequest& write, const FileDispute& input) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) { return hold(tx, input); }});
}

std::string DisputeService::hold(Transaction& tx, const FileDispute& input) {
    store::Order order = load_order(tx.db(), input.order);
    if (!is_party_of(tx.caller(), order)) throw not_found("order");
    const auto earlier = store::list_disputes_of_order(tx.db(), order.id);
    domain::check_no_open_dispute(static_cast<std::size_t>(std::count_if(
        earlier.begin(), earlier.end(),
        [](const store::Dispute& dispute) { return domain::holds_money(dispute.state); })));
    store::Dispute dispute;
    dispute.order_state = order.state;
    order.state = domain::apply(order.state, OrderEvent::kDispute);
    if (has_filing_period(dispute.order_state)) {
        domain::check_within(domain::deadline(context_.rules, LegalClock::kDisputeFiling,
                                              Date::of(order.updated_at)),
                             Date::of(tx.now()));
    }
    const bool by_buyer = tx.caller().party == order.buyer_id;
    dispute.id = tx.make_id<DisputeTag>();
    dispute.order_id = order.id;
    dispute.claimant_id = by_buyer ? order.buyer_id : order.operator_id;
    dispute.respondent_id = by_buyer ? order.operator_id : order.buyer_id;
    dispute.reason = input.reason;
    dispute.claimed = input.claimed;
    dispute.held =
        domain::hold_amount(input.claimed, holdable(tx.db(), order, dispute.order_state));
    dispute.created_at = tx.now();
    dispute.updated_at = tx.now();
    store::insert_dispute(tx.db(), dispute);
    const HeldMoney held = held_money(tx.db(), order, dispute.order_state, dispute.held);
    store::update_order(tx.db(), order, tx.now());
    const json posted =
        json::array({post(tx, order.id, domain::hold_for_dispute(dispute.id, held.legs))});
    check_order_books(tx.db(), order);
    tx.record(dispute_fact(context_, "dispute.filed", dispute,
                           {{"claimant_id", dispute.claimant_id.text()},
                            {"respondent_id", dispute.respondent_id.text()},
                            {"reason", domain::to_string(dispute.reason)},
                            {"claimed", dispute.claimed.text()},
                            {"order", fact_of(order)},
                            {"journals", posted}},
                           {{"statement", input.statement}}));
    return to_json(dispute).dump();
}

Outcome DisputeService::decide_acceptance(const WriteRequest& write, const DisputeId& id,
                                          AcceptanceDecision decision, const std::string& reason) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             store::Dispute dispute = load_dispute(tx.db(), id);
             const bool accepted = decision == AcceptanceDecision::kAccept;
             dispute.state = domain::apply(
                 dispute.state, accepted ? DisputeEvent::kAccept : DisputeEvent::kNotAccept);
             dispute.arbitrator_id = tx.caller().party;
             json body = json::object();
             if (!accepted) {
                 store::Order order = load_order(tx.db(), dispute.order_id);
                 body = release_hold(tx, dispute, order, Money::fen(0),
                                     domain::DisputeEnd::kUnchanged);
             }
             store::update_dispute(tx.db(), dispute, tx.now());
             ledger::PrivateTexts texts;
             if (!reason.empty()) texts.emplace("acceptance_reason", reason);
             tx.record(dispute_fact(context_,
                                    accepted ? "dispute.accepted" : "dispute.not_accepted", dispute,
                                    std::move(body), texts));
             return to_json(dispute).dump();
         }});
}

Outcome DisputeService::answer(const WriteRequest& write, const DisputeId& id,
                               const std::string& text) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             store::Dispute dispute = load_dispute(tx.db(), id);
             if (!is_party_of(tx.caller(), dispute)) throw not_found("dispute");
             if (tx.caller().party != dispute.respondent_id) {
                 throw forbidden("dispute.respondent", {"Only the respondent answers a dispute.",
                                                        "只有被申请方可以答辩。"});
             }
             dispute.state = domain::apply(dispute.state, DisputeEvent::kAnswer);
             lock_evidence(tx, context_.log_origin, dispute);
             store::update_dispute(tx.db(), dispute, tx.now());
             tx.record(dispute_fact(context_, "dispute.answered", dispute,
                                    {{"evidence", evidence_of(dispute)}}, {{"answer", text}}));
             return to_json(dispute).dump();
         }});
}

Outcome DisputeService::decide(const WriteRequest& write, const DisputeId& id, Money refund,
                               const std::string& reasons) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             store::Dispute dispute = load_dispute(tx.db(), id);
             if (dispute.state == DisputeState::kAccepted) {
                 domain::check_over(domain::deadline(context_.rules, LegalClock::kDisputeAnswer,
                                                     Date::of(dispute.updated_at)),
                                    Date::of(tx.now()));
                 lock_evidence(tx, context_.log_origin, dispute);
             }
             dispute.state = domain::apply(dispute.state, DisputeEvent::kDecide);
             dispute.refund = domain::divide_hold(dispute.held, refund).refund;
             dispute.arbitrator_id = tx.caller().party;
             store::update_dispute(tx.db(), dispute, tx.now());
             tx.record(dispute_fact(context_, "dispute.decided", dispute,
                                    {{"evidence", evidence_of(dispute)}}, {{"decision", reasons}}));
             return to_json(dispute).dump();
         }});
}

Outcome DisputeService::execute(const WriteRequest& write, const DisputeId& id) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) { return carry_out(tx, id); }});
}

std::string DisputeService::carry_out(Transaction& tx, const DisputeId& id) {
    store::Dispute dispute = load_dispute(tx.db(), id);
    dispute.state = domain::apply(dispute.state, DisputeEvent::kExecute);
    PDX_CHECK(dispute.refund.has_value());
    store::Order order = load_order(tx.db(), dispute.order_id);
    json body = release_hold(tx, dispute, order, *dispute.refund, domain::DisputeEnd::kDecided);
    store::update_dispute(tx.db(), dispute, tx.now());
    tx.record(dispute_fact(context_, "dispute.executed", dispute, std::move(body)));
    return to_json(dispute).dump();
}

store::Dispute DisputeService::find(const Caller& caller, const DisputeId& id) {
    auto lease = context_.reads.borrow();
    store::Dispute dispute = load_dispute(*lease, id);
    if (!is_party_of(caller, dispute) && !reads_disputes(caller)) throw not_found("dispute");
    return dispute;
}

std::vector<store::Dispute> DisputeService::list(const Caller& caller, const std::string& after,
                                                 std::int64_t limit) {
    auto lease = context_.reads.borrow();
    if (reads_disputes(caller)) return store::list_disputes(*lease, after, limit);
    return store::list_disputes_of_party(*lease, caller.party, after, limit);
}

}  // namespace pdx::app
