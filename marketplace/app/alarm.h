#pragma once
/// Alarms: what an operator of the exchange must see at once. One JSON line on standard error;
/// never a value from a request.
#include <string_view>

namespace pdx::app {

/// Thread: any.
void raise_alarm(std::string_view code, std::string_view context) noexcept;

}  // namespace pdx::app
