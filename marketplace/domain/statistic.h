#pragma once
/// One question about a contract's data that is answered with noise (privacy/statistic.h): its
/// budget is reserved before anything is computed, and never given back.
#include <array>
#include <optional>
#include <span>

#include "marketplace/domain/machine.h"

namespace pdx::domain {

/// kReserved, for as long as nothing was told: whoever asks again has it computed.
enum class StatisticState { kReserved, kAnswered };

enum class StatisticEvent { kAnswer };

inline constexpr auto kStatisticStateNames = std::to_array<NameRow<StatisticState>>({
    {StatisticState::kReserved, "reserved", "已预留预算"},
    {StatisticState::kAnswered, "answered", "已答复"},
});
constexpr std::span<const NameRow<StatisticState>> names_of(StatisticState) {
    return kStatisticStateNames;
}

inline constexpr auto kStatisticEventNames = std::to_array<NameRow<StatisticEvent>>({
    {StatisticEvent::kAnswer, "answer", "答复"},
});
constexpr std::span<const NameRow<StatisticEvent>> names_of(StatisticEvent) {
    return kStatisticEventNames;
}

inline constexpr auto kStatisticTable = std::to_array<Transition<StatisticState, StatisticEvent>>({
    {StatisticState::kReserved, StatisticEvent::kAnswer, StatisticState::kAnswered},
});
constexpr Machine<StatisticState, StatisticEvent> machine_of(StatisticState) {
    return {{"statistic", "统计查询"}, StatisticState::kReserved, kStatisticTable};
}

constexpr std::optional<StatisticState> parse_statistic_state(std::string_view name) {
    return parse<StatisticState>(name);
}

}  // namespace pdx::domain
