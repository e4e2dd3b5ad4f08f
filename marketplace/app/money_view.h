#pragma once
/// Money as the API shows it: {"amount":"12345","currency":"CNY","unit":"fen"}.
#include <nlohmann/json_fwd.hpp>

#include "base/money.h"

namespace pdx::app {

nlohmann::json to_json(Money money);

}  // namespace pdx::app
