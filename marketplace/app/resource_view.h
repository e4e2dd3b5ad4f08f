#pragma once
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "catalog/store/resource_store.h"

namespace pdx::app {

nlohmann::json to_json(const catalog::Resource& resource);

}  // namespace pdx::app
