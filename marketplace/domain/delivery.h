#pragma once
/// One delivery of masked data for an order. Bytes leave only from `published` and `downloaded`,
/// and only while the gate holds (design D6 and section 7).
#include <array>
#include <optional>
#include <span>
#include <vector>

#include "marketplace/domain/contract.h"
#include "marketplace/domain/machine.h"
#include "marketplace/domain/order.h"
#include "marketplace/domain/reason.h"

namespace pdx::domain {

enum class DeliveryState {
    kRequested,
    kStaged,
    kPublished,
    kDownloaded,
    kFailed,
    kRefused,
    kExpired,
};

enum class DeliveryEvent { kStage, kPublish, kDownload, kFail, kRetry, kRefuse, kExpire };

inline constexpr auto kDeliveryStateNames = std::to_array<NameRow<DeliveryState>>({
    {DeliveryState::kRequested, "requested", "已申请交付"},
    {DeliveryState::kStaged, "staged", "已备妥"},
    {DeliveryState::kPublished, "published", "可下载"},
    {DeliveryState::kDownloaded, "downloaded", "已下载"},
    {DeliveryState::kFailed, "failed", "失败"},
    {DeliveryState::kRefused, "refused", "已拒绝"},
    {DeliveryState::kExpired, "expired", "已过期"},
});
constexpr std::span<const NameRow<DeliveryState>> names_of(DeliveryState) {
    return kDeliveryStateNames;
}

inline constexpr auto kDeliveryEventNames = std::to_array<NameRow<DeliveryEvent>>({
    {DeliveryEvent::kStage, "stage", "备妥"},
    {DeliveryEvent::kPublish, "publish", "发布"},
    {DeliveryEvent::kDownload, "download", "下载"},
    {DeliveryEvent::kFail, "fail", "失败"},
    {DeliveryEvent::kRetry, "retry", "重试"},
    {DeliveryEvent::kRefuse, "refuse", "拒绝"},
    {DeliveryEvent::kExpire, "expire", "过期"},
});
constexpr std::span<const NameRow<DeliveryEvent>> names_of(DeliveryEvent) {
    return kDeliveryEventNames;
}

/// `refuse` is for the gate: a contract that dies stops what was already published.
inline constexpr auto kDeliveryTable = std::to_array<Transition<DeliveryState, DeliveryEvent>>({
    {DeliveryState::kRequested, DeliveryEvent::kStage, DeliveryState::kStaged},
    {DeliveryState::kRequested, DeliveryEvent::kFail, DeliveryState::kFailed},
    {DeliveryState::kRequested, DeliveryEvent::kRefuse, DeliveryState::kRefused},
    {DeliveryState::kStaged, DeliveryEvent::kPublish, DeliveryState::kPublished},
    {DeliveryState::kStaged, DeliveryEvent::kFail, DeliveryState::kFailed},
    {DeliveryState::kStaged, DeliveryEvent::kRefuse, DeliveryState::kRefused},
    {DeliveryState::kPublished, DeliveryEvent::kDownload, DeliveryState::kDownloaded},
    {DeliveryState::kPublished, DeliveryEvent::kRefuse, DeliveryState::kRefused},
    {DeliveryState::kPublished, DeliveryEvent::kExpire, DeliveryState::kExpired},
    {DeliveryState::kDownloaded, DeliveryEvent::kDownload, DeliveryState::kDownloaded},
    {DeliveryState::kDownloaded, DeliveryEvent::kRefuse, DeliveryState::kRefused},
    {DeliveryState::kDownloaded, DeliveryEvent::kExpire, DeliveryState::kExpired},
    {DeliveryState::kFailed, DeliveryEvent::kRetry, DeliveryState::kRequested},
});
constexpr Machine<DeliveryState, DeliveryEvent> machine_of(DeliveryState) {
    return {{"delivery", "交付"}, DeliveryState::kRequested, kDeliveryTable};
}

constexpr std::optional<DeliveryState> parse_delivery_state(std::string_view name) {
    return parse<DeliveryState>(name);
}

/// What must hold before a byte leaves. The defaults fail.
struct DeliveryFacts {
    ContractFacts contract;
    OrderState order = OrderState::kPlaced;
    bool has_masking_policy = false;
    bool columns_classified = false;
    bool metering_recorded = false;
};

/// Ensures: empty when bytes may leave at `now`.
std::vector<Reason> delivery_defects(const DeliveryFacts& facts, Timestamp now);
/// Throws: kConflict `delivery.gate`.
void check_delivery(const DeliveryFacts& facts, Timestamp now);

}  // namespace pdx::domain
