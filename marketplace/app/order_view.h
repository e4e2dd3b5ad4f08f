#pragma once
/// Orders, deliveries, settlements and disputes as JSON: for the API, which shows the parties what
/// is theirs, and for facts, which hold ids, amounts, states and digests and never free text. Kept
/// answers hold no free text either: PrivatePartService adds it when it is shown.
#include <nlohmann/json_fwd.hpp>

#include "marketplace/store/delivery_store.h"
#include "marketplace/store/dispute_store.h"
#include "marketplace/store/order_store.h"
#include "marketplace/store/settlement_store.h"

namespace pdx::app {

nlohmann::json to_json(const store::Order& order);
nlohmann::json to_json(const store::Delivery& delivery);
nlohmann::json to_json(const store::Settlement& settlement);
nlohmann::json to_json(const store::Dispute& dispute);

/// Everything of the row that may change, as a fact says it: state and version always, so that the
/// row can be rebuilt from entries. A fact of another noun nests it under "order", "dispute", ...
nlohmann::json fact_of(const store::Order& order);
nlohmann::json fact_of(const store::Delivery& delivery);
nlohmann::json fact_of(const store::Settlement& settlement);
nlohmann::json fact_of(const store::Dispute& dispute);

}  // namespace pdx::app
