#include "marketplace/bank/simulator.h"

#include <utility>

namespace pdx::bank {

std::optional<Arrival> Simulator::arrival(std::string_view reference) {
    constexpr std::string_view kPrefix = "SIM-";
    if (!reference.starts_with(kPrefix)) return std::nullopt;
    const std::string_view rest = reference.substr(kPrefix.size());
    const std::size_t dash = rest.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto amount = Money::parse_fen(rest.substr(0, dash));
    if (!amount || amount->is_negative()) return std::nullopt;
    return Arrival{std::string(reference), *amount};
}

TransferResult Simulator::transfer(std::string_view key, std::string_view /*payee_id*/,
                                   Money amount) {
    const std::lock_guard lock(mutex_);
    const std::string name(key);
    if (paid_.contains(name)) return TransferResult::kPaid;
    if (!script_.empty()) {
        const TransferResult result = script_.front();
        script_.pop_front();
        if (result != TransferResult::kPaid) return result;
    }
    paid_.emplace(name, amount);
    return TransferResult::kPaid;
}

void Simulator::script(std::deque<TransferResult> results) {
    const std::lock_guard lock(mutex_);
    script_ = std::move(results);
}

std::map<std::string, Money> Simulator::paid() const {
    const std::lock_guard lock(mutex_);
    return paid_;
}

}  // namespace pdx::bank
