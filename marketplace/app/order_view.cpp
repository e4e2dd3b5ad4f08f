#include "marketplace/app/order_view.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "marketplace/app/money_view.h"

namespace pdx::app {
namespace {

using nlohmann::json;

json or_null(const std::optional<Date>& date) { return date ? json(date->iso()) : json(); }

json id_or_null(const std::string& id) { return id.empty() ? json() : json(id); }

/// True once there are bytes to speak of.
bool has_output(const store::Delivery& delivery) { return delivery.output_digest != Digest{}; }

}  // namespace

json to_json(const store::Order& order) {
    return {{"order_id", order.id.text()},
            {"listing_id", order.listing_id.text()},
            {"product_id", order.product_id.text()},
            {"contract_id", order.contract_id.text()},
            {"operator_id", order.operator_id.text()},
            {"buyer_id", order.buyer_id.text()},
            {"amount", to_json(order.amount)},
            {"refunded", to_json(order.refunded)},
            {"deliveries", order.deliveries},
            {"acceptance_due", or_null(order.acceptance_due)},
            {"state", domain::to_string(order.state)},
            {"version", order.version},
            {"created_at", order.created_at.rfc3339()},
            {"updated_at", order.updated_at.rfc3339()}};
}

json to_json(const store::Delivery& delivery) {
    json view{{"delivery_id", delivery.id.text()},
              {"order_id", delivery.order_id.text()},
              {"contract_id", delivery.contract_id.text()},
              {"dataset_id", delivery.dataset_id.text()},
              {"operator_id", delivery.operator_id.text()},
              {"buyer_id", delivery.buyer_id.text()},
              {"policy_digest", delivery.policy_digest.hex()},
              {"input_digest", delivery.input_digest.hex()},
              {"downloads", delivery.downloads},
              {"failure_code", id_or_null(delivery.failure_code)},
              {"state", domain::to_string(delivery.state)},
              {"version", delivery.version},
              {"created_at", delivery.created_at.rfc3339()},
              {"updated_at", delivery.updated_at.rfc3339()}};
    const bool published = has_output(delivery);
    view["output_digest"] = published ? json(delivery.output_digest.hex()) : json();
    view["bytes"] = published ? json(delivery.output_bytes) : json();
    view["rows"] = published ? json(delivery.output_rows) : json();
    view["report"] = json::parse(delivery.report);
    return view;
}

json to_json(const store::Settlement& settlement) {
    json lines = json::array();
    for (const store::SettlementLine& line : settlement.lines) {
        lines.push_back({{"role", domain::to_string(line.share.role)},
                         {"party_id", id_or_null(line.share.party)},
                         {"basis_points", line.share.basis_points},
                         {"amount", to_json(line.share.amount)},
                         {"refunded", to_json(line.refunded)},
                         {"paid", to_json(line.paid)}});
    }
    return {{"settlement_id", settlement.id.text()},
            {"order_id", settlement.order_id.text()},
            {"gross", to_json(settlement.gross)},
            {"lines", std::move(lines)},
            {"state", domain::to_string(settlement.state)},
            {"version", settlement.version},
            {"created_at", settlement.created_at.rfc3339()},
            {"updated_at", settlement.updated_at.rfc3339()}};
}

json to_json(const store::Dispute& dispute) {
    return {{"dispute_id", dispute.id.text()},
            {"order_id", dispute.order_id.text()},
            {"claimant_id", dispute.claimant_id.text()},
            {"respondent_id", dispute.respondent_id.text()},
            {"arbitrator_id", dispute.arbitrator_id ? json(dispute.arbitrator_id->text()) : json()},
            {"reason", domain::to_string(dispute.reason)},
            {"claimed", to_json(dispute.claimed)},
            {"held", to_json(dispute.held)},
            {"refund", dispute.refund ? to_json(*dispute.refund) : json()},
            {"order_state", domain::to_string(dispute.order_state)},
            {"evidence", dispute.evidence ? json::parse(*dispute.evidence) : json::array()},
            {"state", domain::to_string(dispute.state)},
            {"version", dispute.version},
            {"created_at", dispute.created_at.rfc3339()},
            {"updated_at", dispute.updated_at.rfc3339()}};
}

json fact_of(const store::Order& order) {
    return {{"order_id", order.id.text()},
            {"refunded", order.refunded.text()},
            {"deliveries", order.deliveries},
            {"acceptance_due", or_null(order.acceptance_due)},
            {"state", domain::to_string(order.state)},
            {"version", order.version}};
}

json fact_of(const store::Delivery& delivery) {
    json body{{"delivery_id", delivery.id.text()},
              {"order_id", delivery.order_id.text()},
              {"contract_id", delivery.contract_id.text()},
              {"dataset_id", delivery.dataset_id.text()},
              {"policy_digest", delivery.policy_digest.hex()},
              {"input_digest", delivery.input_digest.hex()},
              {"downloads", delivery.downloads},
              {"state", domain::to_string(delivery.state)},
              {"version", delivery.version}};
    if (has_output(delivery)) {
        body["output_digest"] = delivery.output_digest.hex();
        body["output_bytes"] = std::to_string(delivery.output_bytes);
        body["output_rows"] = std::to_string(delivery.output_rows);
    }
    if (!delivery.failure_code.empty()) body["failure_code"] = delivery.failure_code;
    return body;
}

json fact_of(const store::Settlement& settlement) {
    json lines = json::array();
    for (const store::SettlementLine& line : settlement.lines) {
        lines.push_back({{"role", domain::to_string(line.share.role)},
                         {"party_id", line.share.party},
                         {"basis_points", line.share.basis_points},
                         {"amount", line.share.amount.text()},
                         {"refunded", line.refunded.text()},
                         {"paid", line.paid.text()}});
    }
    return {{"settlement_id", settlement.id.text()},
            {"order_id", settlement.order_id.text()},
            {"gross", settlement.gross.text()},
            {"lines", std::move(lines)},
            {"state", domain::to_string(settlement.state)},
            {"version", settlement.version}};
}

json fact_of(const store::Dispute& dispute) {
    return {{"dispute_id", dispute.id.text()},
            {"order_id", dispute.order_id.text()},
            {"order_state", domain::to_string(dispute.order_state)},
            {"held", dispute.held.text()},
            {"refund", dispute.refund ? json(dispute.refund->text()) : json()},
            {"state", domain::to_string(dispute.state)},
            {"version", dispute.version}};
}

}  // namespace pdx::app
