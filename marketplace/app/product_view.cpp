#include "marketplace/app/product_view.h"

#include <nlohmann/json.hpp>

namespace pdx::app {

nlohmann::json to_json(const store::Product& product) {
    return {{"product_id", product.id.text()},
            {"operator_id", product.operator_id.text()},
            {"contract_id", product.contract_id.text()},
            {"resource_id", product.resource_id.text()},
            {"name_zh", product.name_zh},
            {"name_en", product.name_en},
            {"description_zh", product.description_zh},
            {"description_en", product.description_en},
            {"kind", domain::to_string(product.kind)},
            {"state", domain::to_string(product.state)},
            {"created_at", product.created_at.rfc3339()},
            {"updated_at", product.updated_at.rfc3339()},
            {"version", product.version}};
}

}  // namespace pdx::app
