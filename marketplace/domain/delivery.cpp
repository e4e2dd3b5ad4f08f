#include "marketplace/domain/delivery.h"

namespace pdx::domain {

static_assert(is_well_formed(machine_of(DeliveryState{})));

namespace {

/// A paid order whose delivery is under way or has been taken; a dispute or a rejection stops
/// bytes.
bool may_receive(OrderState state) {
    switch (state) {
        case OrderState::kDelivering:
        case OrderState::kDelivered:
        case OrderState::kAccepted:
        case OrderState::kSettled:
        case OrderState::kClosed: return true;
        case OrderState::kPlaced:
        case OrderState::kEscrowed:
        case OrderState::kRejected:
        case OrderState::kDisputed:
        case OrderState::kCancelled:
        case OrderState::kRefunded: return false;
    }
    return false;
}

}  // namespace

std::vector<Reason> delivery_defects(const DeliveryFacts& facts, Timestamp now) {
    std::vector<Reason> defects;
    if (!is_live(facts.contract, now)) {
        defects.push_back(
            {"delivery.contract_not_live",
             "发改数据规〔2025〕27号 Article 21",
             {"The authorization contract is not in force today.", "授权运营协议目前未生效。"}});
    }
    if (!may_receive(facts.order)) {
        defects.push_back(
            {"delivery.order",
             "design, domain reference 4.4",
             {"The order is in state '" + std::string(to_string(facts.order)) +
                  "', in which nothing is delivered.",
              "订单处于“" + std::string(label_zh(facts.order)) + "”状态，不能交付。"}});
    }
    if (!facts.has_masking_policy) {
        defects.push_back(
            {"delivery.policy_missing",
             "design D6",
             {"There is no masking policy for this delivery.", "该交付没有脱敏策略。"}});
    }
    if (!facts.columns_classified) {
        defects.push_back(
            {"delivery.columns_unclassified",
             "design D6",
             {"At least one column has not been classified.", "存在尚未分类的字段。"}});
    }
    if (!facts.metering_recorded) {
        defects.push_back({"delivery.metering_missing",
                           "design section 7",
                           {"The delivery has no metering record.", "该交付没有计量记录。"}});
    }
    return defects;
}

void check_delivery(const DeliveryFacts& facts, Timestamp now) {
    require_no_reason("delivery.gate", {"No data can be delivered.", "不能交付数据。"},
                      delivery_defects(facts, now));
}

}  // namespace pdx::domain
