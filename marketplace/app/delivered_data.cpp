#include "marketplace/app/delivered_data.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/check.h"

namespace pdx::app {

bool was_published(const store::Delivery& delivery) { return delivery.output_digest != Digest{}; }

std::vector<privacy::PlannedColumn> delivered_plan(const store::Delivery& delivery) {
    std::vector<privacy::PlannedColumn> plan;
    const auto report = nlohmann::json::parse(delivery.report);
    for (const auto& column : report.at("columns")) {
        privacy::PlannedColumn planned;
        planned.column.name = column.at("name").get<std::string>();
        const auto kind = privacy::parse_kind(column.at("kind").get<std::string>());
        const auto operation = privacy::parse_operation(column.at("operation").get<std::string>());
        const auto found = privacy::parse_sensitivity(column.at("class").get<std::string>());
        PDX_CHECK(kind && operation && found);
        planned.column.kind = *kind;
        planned.column.sensitivity = *found;
        planned.operation = *operation;
        plan.push_back(std::move(planned));
    }
    return plan;
}

}  // namespace pdx::app
