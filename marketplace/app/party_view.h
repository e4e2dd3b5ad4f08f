#pragma once
/// A party as the API shows it.
#include <nlohmann/json_fwd.hpp>

#include "marketplace/store/party_store.h"

namespace pdx::app {

nlohmann::json to_json(const store::Party& party);

}  // namespace pdx::app
