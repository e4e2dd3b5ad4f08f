#include "marketplace/app/settlement_service.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "marketplace/app/books.h"
#include "marketplace/app/order_access.h"
#include "marketplace/app/order_reach.h"
#include "marketplace/app/order_view.h"
#include "marketplace/app/staged_write.h"
#include "marketplace/store/contract_store.h"

namespace pdx::app {
namespace {

using bank::TransferResult;
using domain::OrderEvent;
using domain::OrderState;
using domain::SettlementEvent;
using domain::SettlementState;
using nlohmann::json;

std::string_view result_name(TransferResult result) {
    switch (result) {
        case TransferResult::kPaid: return "paid";
        case TransferResult::kFailed: return "failed";
        case TransferResult::kUnknown: return "unknown";
    }
    fail_check("unknown transfer result", __FILE__, __LINE__);
}

store::Settlement load_settlement(sql::Connection& db, const SettlementId& id) {
    auto settlement = store::find_settlement(db, id);
    if (!settlement) throw not_found("settlement");
    return *settlement;
}

Fact settlement_fact(std::string kind, const store::Settlement& settlement,
                     const store::Order& order, json body, const std::string& rule) {
    body.update(fact_of(settlement));
    body["order"] = fact_of(order);
    return make_fact(std::move(kind), "settlement", settlement.id.text(), body, rule);
}

bool is_inspection_over(const store::Order& order, Date today) {
    return order.state == OrderState::kDelivered && order.acceptance_due &&
           today > *order.acceptance_due;
}

store::Settlement split_escrow(Transaction& tx, const store::Order& order) {
    store::Settlement settlement;
    settlement.id = tx.make_id<SettlementTag>();
    settlement.order_id = order.id;
    settlement.gross = order.amount.minus(order.refunded);
    settlement.created_at = tx.now();
    settlement.updated_at = tx.now();
    const auto shares = store::list_shares(tx.db(), order.contract_id);
    for (domain::SettlementLine& line : domain::calculate(settlement.gross, shares)) {
        settlement.lines.push_back({std::move(line), Money::fen(0), Money::fen(0)});
    }
    return settlement;
}

bool any(const auto& instructions, TransferResult result) {
    return std::any_of(instructions.begin(), instructions.end(),
                       [&](const auto& instruction) { return instruction.result == result; });
}

}  // namespace

Outcome SettlementService::settle(const WriteRequest& write, const OrderId& order) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) { return calculate(tx, order); }});
}

std::string SettlementService::calculate(Transaction& tx, const OrderId& id) {
    store::Order order = load_order(tx.db(), id);
    const bool deemed = is_inspection_over(order, Date::of(tx.now()));
    if (deemed && is_out_of_reach(tx.db(), order)) {
        throw conflict(
            "order.not_received",
            {"The contract ended before the delivery was downloaded, so silence is no "
             "acceptance. The buyer rejects it, and takes the money back.",
             "协议在交付物被下载前已终结，逾期未验收不视为验收合格；买方可拒收并取回款项。"});
    }
    if (deemed) order.state = domain::apply(order.state, OrderEvent::kAccept);
    order.state = domain::apply(order.state, OrderEvent::kSettle);
    const store::Settlement settlement = split_escrow(tx, order);
    store::insert_settlement(tx.db(), settlement);
    store::update_order(tx.db(), order, tx.now());
    std::vector<domain::Journal> journals;
    if (!settlement.gross.is_zero()) {
        std::vector<domain::SettlementLine> lines;
        lines.reserve(settlement.lines.size());
        for (const store::SettlementLine& line : settlement.lines) lines.push_back(line.share);
        journals.push_back(domain::settle_order(order.id, lines));
    }
    const json posted = post_all(tx, order.id, journals);
    check_order_books(tx.db(), order);
    tx.record(settlement_fact("settlement.calculated", settlement, order,
                              {{"deemed_accepted", deemed}, {"journals", posted}},
                              domain::profile_name(context_.rules)));
    return to_json(settlement).dump();
}

/// Keeps a second payout of the same settlement out while the first talks to the bank. The first
/// may hear "failed" and the second "paid"; recorded in the wrong order, the settlement would be
/// failed, its money free to be held and refunded, and paid all the same.
class SettlementService::UnderWay {
public:
    UnderWay(SettlementService& service, const SettlementId& id) : service_(service), id_(id) {
        const std::lock_guard lock(service_.mutex_);
        if (service_.under_way_.insert(id_).second) return;
        throw busy("settlement.in_progress",
                   {"This settlement is being paid out. Ask again in a moment.",
                    "该结算单正在划付，请稍后再试。"});
    }
    ~UnderWay() {
        const std::lock_guard lock(service_.mutex_);
        service_.under_way_.erase(id_);
    }
    UnderWay(const UnderWay&) = delete;
    UnderWay& operator=(const UnderWay&) = delete;

private:
    SettlementService& service_;
    SettlementId id_;
};

Outcome SettlementService::pay_out(const WriteRequest& write, const SettlementId& id) {
    const UnderWay only_one(*this, id);
    if (auto answer = answered_before(context_, write)) return *std::move(answer);
    try {
        instruct(write, id);
    } catch (const Error& refusal) {
        if (refusal.kind() != ErrorKind::kBusy) keep_refusal(context_, write, refusal);
        throw;
    }
    const std::vector<Instruction> instructions = transfer(id);
    // An unknown answer is not final, so it is not kept for the key.
    const auto key = any(instructions, TransferResult::kUnknown) ? std::nullopt : write.idempotency;
    return context_.writer.submit(
        {write.caller, key, [&](Transaction& tx) { return conclude(tx, id, instructions); }});
}

/// Written before the bank hears of it: after a crash it is known that it may have been told.
void SettlementService::instruct(const WriteRequest& write, const SettlementId& id) {
    {
        auto lease = context_.reads.borrow();
        if (load_settlement(*lease, id).state == SettlementState::kInstructed) return;
    }
    context_.writer.submit(
        {write.caller, std::nullopt, [&](Transaction& tx) {
             store::Settlement settlement = load_settlement(tx.db(), id);
             const store::Order order = load_order(tx.db(), settlement.order_id);
             if (settlement.state == SettlementState::kCalculated) {
                 settlement.state = domain::apply(settlement.state, SettlementEvent::kConfirm);
             }
             const bool again = settlement.state == SettlementState::kFailed;
             settlement.state = domain::apply(
                 settlement.state, again ? SettlementEvent::kRetry : SettlementEvent::kInstruct);
             domain::apply(order.state, OrderEvent::kClose);  // a disputed order pays nobody
             store::update_settlement(tx.db(), settlement, tx.now());
             tx.record(settlement_fact("settlement.instructed", settlement, order, json::object(),
                                       domain::profile_name(context_.rules)));
             return to_json(settlement).dump();
         }});
}

std::vector<SettlementService::Instruction> SettlementService::transfer(const SettlementId& id) {
    store::Settlement settlement;
    {
        auto lease = context_.reads.borrow();
        settlement = load_settlement(*lease, id);
    }
    std::vector<Instruction> instructions;
    for (std::size_t position = 0; position < settlement.lines.size(); ++position) {
        const store::SettlementLine& line = settlement.lines[position];
        if (line.remaining().is_zero()) continue;
        const std::string key = id.text() + ":" + std::to_string(position);
        const std::string payee = line.share.party.empty()
                                      ? std::string(domain::to_string(line.share.role))
                                      : line.share.party;
        instructions.push_back(
            {position, line.remaining(), context_.bank.transfer(key, payee, line.remaining())});
    }
    return instructions;
}

std::string SettlementService::conclude(Transaction& tx, const SettlementId& id,
                                        const std::vector<Instruction>& instructions) {
    store::Settlement settlement = load_settlement(tx.db(), id);
    store::Order order = load_order(tx.db(), settlement.order_id);
    // Instructed settlements take no dispute, so nothing but another payout can have been between.
    domain::apply(settlement.state, SettlementEvent::kPay);
    json results = json::array();
    std::vector<domain::Journal> journals;
    for (const Instruction& instruction : instructions) {
        store::SettlementLine& line = settlement.lines.at(instruction.position);
        results.push_back({{"position", instruction.position},
                           {"amount", instruction.amount.text()},
                           {"result", result_name(instruction.result)}});
        if (instruction.result != TransferResult::kPaid || line.remaining().is_zero()) continue;
        PDX_CHECK(line.remaining() == instruction.amount);
        journals.push_back(domain::pay_out(domain::account_of(line.share.role, line.share.party),
                                           instruction.amount));
        line.paid = line.paid.plus(instruction.amount);
    }
    std::string kind = "settlement.payout_unknown";
    if (any(instructions, TransferResult::kFailed) &&
        !any(instructions, TransferResult::kUnknown)) {
        settlement.state = domain::apply(settlement.state, SettlementEvent::kFail);
        kind = "settlement.payout_failed";
    } else if (!any(instructions, TransferResult::kUnknown)) {
        settlement.state = domain::apply(settlement.state, SettlementEvent::kPay);
        order.state = domain::apply(order.state, OrderEvent::kClose);
        store::update_order(tx.db(), order, tx.now());
        kind = "settlement.paid";
    }
    store::update_settlement(tx.db(), settlement, tx.now());
    const json posted = post_all(tx, order.id, journals);
    check_order_books(tx.db(), order);
    tx.record(settlement_fact(std::move(kind), settlement, order,
                              {{"transfers", std::move(results)}, {"journals", posted}},
                              domain::profile_name(context_.rules)));
    return to_json(settlement).dump();
}

store::Settlement SettlementService::visible_to(const Caller& caller, sql::Connection& db,
                                                std::optional<store::Settlement> settlement) {
    if (!settlement) throw not_found("settlement");
    const bool is_payee = std::any_of(
        settlement->lines.begin(), settlement->lines.end(), [&](const store::SettlementLine& line) {
            return !caller.party.empty() && line.share.party == caller.party.text();
        });
    if (!is_payee && !reads_everything(caller) &&
        !is_party_of(caller, load_order(db, settlement->order_id))) {
        throw not_found("settlement");
    }
    return *std::move(settlement);
}

store::Settlement SettlementService::find(const Caller& caller, const SettlementId& id) {
    auto lease = context_.reads.borrow();
    return visible_to(caller, *lease, store::find_settlement(*lease, id));
}

store::Settlement SettlementService::find_of_order(const Caller& caller, const OrderId& order) {
    auto lease = context_.reads.borrow();
    return visible_to(caller, *lease, store::find_settlement_of(*lease, order));
}

}  // namespace pdx::app
