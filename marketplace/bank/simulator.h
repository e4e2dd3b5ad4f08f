#pragma once
/// A bank for demonstrations and tests: money arrives when told so, transfers succeed unless a
/// fault is scripted.
#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "marketplace/bank/bank.h"

namespace pdx::bank {

/// Shape of a simulated reference: SIM-<amount in fen>-<anything>; the money of such a reference
/// has always arrived. It says openly that it is a simulation, and needs no state to survive a
/// restart.
class Simulator final : public Bank {
public:
    std::optional<Arrival> arrival(std::string_view reference) override;
    TransferResult transfer(std::string_view key, std::string_view payee_id, Money amount) override;

    /// The next transfers end so, one each, before they succeed again.
    void script(std::deque<TransferResult> results);
    /// What was paid under each key.
    std::map<std::string, Money> paid() const;

private:
    mutable std::mutex mutex_;
    std::deque<TransferResult> script_;
    std::map<std::string, Money> paid_;
};

}  // namespace pdx::bank
