#include "marketplace/app/money_view.h"

#include <nlohmann/json.hpp>

namespace pdx::app {

nlohmann::json to_json(Money money) {
    return {
        {"amount", money.text()}, {"currency", currency_code(money.currency())}, {"unit", "fen"}};
}

}  // namespace pdx::app
