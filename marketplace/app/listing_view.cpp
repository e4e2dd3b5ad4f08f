#include "marketplace/app/listing_view.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "marketplace/app/money_view.h"

namespace pdx::app {
namespace {

nlohmann::json rules_json(const std::vector<privacy::FieldRule>& rules) {
    nlohmann::json list = nlohmann::json::array();
    for (const privacy::FieldRule& rule : rules) {
        list.push_back(
            {{"name", rule.field}, {"operation", privacy::operation_text(rule.operation)}});
    }
    return list;
}

}  // namespace

nlohmann::json to_json(const store::Listing& listing) {
    return {{"listing_id", listing.id.text()},
            {"product_id", listing.product_id.text()},
            {"operator_id", listing.operator_id.text()},
            {"product_name_zh", listing.product_name_zh},
            {"product_name_en", listing.product_name_en},
            {"product_kind", domain::to_string(listing.product_kind)},
            {"price", to_json(listing.price)},
            {"inspection_days", listing.inspection_days},
            {"state", domain::to_string(listing.state)},
            {"created_at", listing.created_at.rfc3339()},
            {"updated_at", listing.updated_at.rfc3339()},
            {"version", listing.version}};
}

nlohmann::json to_json(const store::Listing& listing, const privacy::Policy& policy) {
    nlohmann::json marked = nlohmann::json::array();
    if (policy.marks) {
        for (const privacy::MarkColumn& column : policy.marks->columns) {
            marked.push_back({{"name", column.name},
                              {"decimals", column.decimals},
                              {"step", column.step},
                              {"way", privacy::mark_way_code(column.way)}});
        }
    }
    nlohmann::json all = to_json(listing);
    all["delivery"] = {
        {"fields", rules_json(policy.rules)},
        {"steps", policy.risk ? rules_json(policy.risk->steps) : nlohmann::json::array()},
        {"marked_columns", std::move(marked)},
        {"canary_rows", policy.canaries ? policy.canaries->rows : 0}};
    return all;
}

}  // namespace pdx::app
