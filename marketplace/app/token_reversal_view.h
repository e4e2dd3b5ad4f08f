#pragma once
/// Token reversals as JSON: for the API, and for facts. Neither holds a token, a reason or a
/// number.
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "marketplace/store/token_reversal_store.h"

namespace pdx::app {

nlohmann::json to_json(const store::TokenReversal& reversal);
/// What every entry about it says: whose it is to decide, and where it stands.
nlohmann::json fact_of(const store::TokenReversal& reversal);

/// The tokens of a request as its one private text, a line each, and back.
std::string token_lines(const std::vector<std::string>& tokens);
std::vector<std::string> tokens_in(std::string_view lines);

}  // namespace pdx::app
