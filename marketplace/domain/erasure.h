#pragma once
/// When private texts may be erased, and why. Who may is domain/permissions.h; how is
/// app/private_part_service.h.
/// Source: 个人信息保护法 article 47 (erasure; not before a period that the law sets has ended);
/// 电子商务法 article 31 (records of a transaction); the rest is design.
#include <array>
#include <span>

#include "base/time.h"
#include "marketplace/domain/deadlines.h"
#include "marketplace/domain/machine.h"
#include "marketplace/domain/order.h"

namespace pdx::domain {

enum class ErasureReason { kDataSubjectRequest, kRetentionEnded, kCourtOrder };

inline constexpr auto kErasureReasonNames = std::to_array<NameRow<ErasureReason>>({
    {ErasureReason::kDataSubjectRequest, "data_subject_request", "个人请求删除"},
    {ErasureReason::kRetentionEnded, "retention_ended", "保存期限届满"},
    {ErasureReason::kCourtOrder, "court_order", "法院裁判"},
});
constexpr std::span<const NameRow<ErasureReason>> names_of(ErasureReason) {
    return kErasureReasonNames;
}

/// Nothing of an order, or of a dispute over it, is erased before the order is over: until then it
/// is evidence. Throws: kConflict `private_part.dispute_open`, `private_part.order_open`.
void check_order_is_over(OrderState state);

/// The reasons of an official decision are part of its record: only a court takes them out.
/// Throws: kConflict `private_part.official_record`.
void check_official_record(ErasureReason reason);

/// A record of a payment is kept for payment_records_years; only a court ends that earlier.
/// Throws: kConflict `private_part.retention` with the last day and the rule.
void check_payment_retention(const RuleProfile& profile, Date paid, ErasureReason reason,
                             Date today);

}  // namespace pdx::domain
