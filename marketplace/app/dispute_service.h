#pragma once
/// Disputes over an order: filed with a hold on the money, answered, decided on evidence that was
/// locked, executed.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "marketplace/app/context.h"
#include "marketplace/store/dispute_store.h"

namespace pdx::app {

struct FileDispute {
    OrderId order;
    domain::DisputeReason reason = domain::DisputeReason::kQuality;
    Money claimed;
    std::string statement;
};

enum class AcceptanceDecision { kAccept, kNotAccept };

class DisputeService {
public:
    explicit DisputeService(Context& context) : context_(context) {}

    /// By the buyer or the operator of the order. Freezes the claim, from escrow or, once the order
    /// is settled, from what its payees have not been paid yet. One open dispute per order.
    /// Throws: not_found("order"); kConflict "dispute.already_open", "dispute.payout_started",
    /// "dispute.nothing_to_hold", "deadline.passed", "order.transition"; kInvalid "dispute.amount".
    Outcome file(const WriteRequest& write, const FileDispute& input);

    /// A dispute that is not accepted gives its hold back and the order its state.
    Outcome decide_acceptance(const WriteRequest& write, const DisputeId& id,
                              AcceptanceDecision decision, const std::string& reason);

    /// By the respondent. Locks the evidence in the same command: the log indexes of what was
    /// recorded about the order, its deliveries and its settlement.
    /// Throws: kForbidden "dispute.respondent" for the claimant.
    Outcome answer(const WriteRequest& write, const DisputeId& id, const std::string& text);

    /// Once the evidence is locked. A respondent who stays silent beyond the period for the answer
    /// is decided against on the record: the evidence is locked here.
    /// Throws: kInvalid "dispute.refund"; kConflict "deadline.not_over".
    Outcome decide(const WriteRequest& write, const DisputeId& id, Money refund,
                   const std::string& reasons);

    /// Refund to the buyer, the rest of the hold back to where it came from, the order onwards.
    Outcome execute(const WriteRequest& write, const DisputeId& id);

    /// Throws: not_found("dispute") unless the caller is claimant, respondent or arbitrator, or
    /// reads everything.
    store::Dispute find(const Caller& caller, const DisputeId& id);
    std::vector<store::Dispute> list(const Caller& caller, const std::string& after,
                                     std::int64_t limit);

private:
    std::string hold(Transaction& tx, const FileDispute& input);
    std::string carry_out(Transaction& tx, const DisputeId& id);
    Context& context_;
};

}  // namespace pdx::app
