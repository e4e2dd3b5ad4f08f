#pragma once
/// The settlement of an order: calculated, confirmed, instructed to the bank, paid. The bank's
/// answer moves it on; while the answer is unknown it stays instructed. The arithmetic is in
/// settlement_rules.h, the bookkeeping in journal.h. Source: domain reference 5.5.
#include <array>
#include <optional>
#include <span>

#include "marketplace/domain/machine.h"

namespace pdx::domain {

enum class SettlementState {
    kCalculated,
    kConfirmed,
    kInstructed,
    kPaid,
    kFailed,
    kReversed,
};

enum class SettlementEvent { kConfirm, kInstruct, kPay, kFail, kRetry, kReverse };

inline constexpr auto kSettlementStateNames = std::to_array<NameRow<SettlementState>>({
    {SettlementState::kCalculated, "calculated", "已计算"},
    {SettlementState::kConfirmed, "confirmed", "已确认"},
    {SettlementState::kInstructed, "instructed", "已指令银行"},
    {SettlementState::kPaid, "paid", "已付款"},
    {SettlementState::kFailed, "failed", "付款失败"},
    {SettlementState::kReversed, "reversed", "已冲正"},
});
constexpr std::span<const NameRow<SettlementState>> names_of(SettlementState) {
    return kSettlementStateNames;
}

inline constexpr auto kSettlementEventNames = std::to_array<NameRow<SettlementEvent>>({
    {SettlementEvent::kConfirm, "confirm", "确认"},
    {SettlementEvent::kInstruct, "instruct", "指令银行"},
    {SettlementEvent::kPay, "pay", "付款成功"},
    {SettlementEvent::kFail, "fail", "付款失败"},
    {SettlementEvent::kRetry, "retry", "重新指令"},
    {SettlementEvent::kReverse, "reverse", "冲正"},
});
constexpr std::span<const NameRow<SettlementEvent>> names_of(SettlementEvent) {
    return kSettlementEventNames;
}

/// `reverse` from paid is the bank returning the money; a refund is new entries, not a reversal.
inline constexpr auto kSettlementTable =
    std::to_array<Transition<SettlementState, SettlementEvent>>({
        {SettlementState::kCalculated, SettlementEvent::kConfirm, SettlementState::kConfirmed},
        {SettlementState::kCalculated, SettlementEvent::kReverse, SettlementState::kReversed},
        {SettlementState::kConfirmed, SettlementEvent::kInstruct, SettlementState::kInstructed},
        {SettlementState::kConfirmed, SettlementEvent::kReverse, SettlementState::kReversed},
        {SettlementState::kInstructed, SettlementEvent::kPay, SettlementState::kPaid},
        {SettlementState::kInstructed, SettlementEvent::kFail, SettlementState::kFailed},
        {SettlementState::kFailed, SettlementEvent::kRetry, SettlementState::kInstructed},
        {SettlementState::kFailed, SettlementEvent::kReverse, SettlementState::kReversed},
        {SettlementState::kPaid, SettlementEvent::kReverse, SettlementState::kReversed},
    });
constexpr Machine<SettlementState, SettlementEvent> machine_of(SettlementState) {
    return {{"settlement", "结算"}, SettlementState::kCalculated, kSettlementTable};
}

constexpr std::optional<SettlementState> parse_settlement_state(std::string_view name) {
    return parse<SettlementState>(name);
}

}  // namespace pdx::domain
