#pragma once
/// Settlements: escrow split into what each party is owed, and paid out by the bank.
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "marketplace/app/context.h"
#include "marketplace/store/order_store.h"
#include "marketplace/store/settlement_store.h"

namespace pdx::app {

class SettlementService {
public:
    explicit SettlementService(Context& context) : context_(context) {}

    /// Splits what is in escrow by the contract's shares. A delivered order whose inspection period
    /// is over without a word counts as accepted (domain reference 4.4).
    /// Throws: kConflict "order.transition"; "order.not_received" when it would count so although
    /// its contract ended before anybody downloaded the delivery.
    Outcome settle(const WriteRequest& write, const OrderId& order);

    /// Instructs the bank line by line; the key of a line is SETTLEMENT:POSITION, for ever, so that
    /// repeating pays nothing twice. An answer that is unknown leaves the settlement instructed;
    /// repeat the request (with another Idempotency-Key or none) until it is paid or failed.
    /// One at a time for each settlement: of two answers of the bank, the older could come last.
    /// Throws: kConflict "order.transition" while the order is disputed; kBusy
    /// "settlement.in_progress".
    Outcome pay_out(const WriteRequest& write, const SettlementId& id);

    /// Throws: not_found("settlement") unless the caller is a party of the order or of a line, or
    /// reads everything.
    store::Settlement find(const Caller& caller, const SettlementId& id);
    store::Settlement find_of_order(const Caller& caller, const OrderId& order);

private:
    store::Settlement visible_to(const Caller& caller, sql::Connection& db,
                                 std::optional<store::Settlement> settlement);

    class UnderWay;
    struct Instruction {
        std::size_t position;
        Money amount;
        bank::TransferResult result;
    };

    std::string calculate(Transaction& tx, const OrderId& id);
    void instruct(const WriteRequest& write, const SettlementId& id);
    std::vector<Instruction> transfer(const SettlementId& id);
    std::string conclude(Transaction& tx, const SettlementId& id,
                         const std::vector<Instruction>& instructions);
    Context& context_;
    std::mutex mutex_;
    std::set<SettlementId> under_way_;  ///< payouts, guarded by mutex_
};

}  // namespace pdx::app
