#pragma once
/// What has been delivered, as its reports say: for whoever looks back at it.
#include <vector>

#include "marketplace/store/delivery_store.h"
#include "privacy/policy.h"

namespace pdx::app {

/// True when its file was published at some time: one that was refused later may have been
/// downloaded before.
bool was_published(const store::Delivery& delivery);

/// What the delivery did to the columns of its dataset. Requires: was_published().
std::vector<privacy::PlannedColumn> delivered_plan(const store::Delivery& delivery);

}  // namespace pdx::app
