#include "marketplace/domain/erasure.h"

#include <string>

#include "base/error.h"
#include "marketplace/domain/calendar.h"

namespace pdx::domain {

static_assert(names_are_well_formed(names_of(ErasureReason{})));

void check_order_is_over(OrderState state) {
    if (is_terminal(state)) return;
    ErrorDetail detail;
    detail.state = to_string(state);
    detail.rule = "design; 个人信息保护法 Article 47";
    if (state == OrderState::kDisputed) {
        throw conflict("private_part.dispute_open",
                       {"The order is under dispute, and this is part of the evidence. It can be "
                        "erased once the dispute and the order are over.",
                        "订单处于争议中，该内容属于证据，待争议处理完毕且订单终结后方可删除。"},
                       std::move(detail));
    }
    throw conflict("private_part.order_open",
                   {"The order is not over yet; what belongs to it is still needed.",
                    "订单尚未终结，相关内容仍需保存。"},
                   std::move(detail));
}

void check_official_record(ErasureReason reason) {
    if (reason == ErasureReason::kCourtOrder) return;
    ErrorDetail detail;
    detail.rule = "design";
    throw conflict("private_part.official_record",
                   {"The reasons of a decision are kept with it; only a court may order otherwise.",
                    "决定的理由随决定一并保存，仅可依法院裁判删除。"},
                   std::move(detail));
}

void check_payment_retention(const RuleProfile& profile, Date paid, ErasureReason reason,
                             Date today) {
    const Date last = plus_years(paid, profile.payment_records_years);
    if (reason == ErasureReason::kCourtOrder || today > last) return;
    ErrorDetail detail;
    detail.rule = profile_name(profile) + " payment_records_years (design; 电子商务法 Article 31)";
    detail.deadline = last.iso();
    throw conflict("private_part.retention",
                   {"Records of a payment are kept through " + last.iso() + ".",
                    "支付记录须保存至 " + last.iso() + "。"},
                   std::move(detail));
}

}  // namespace pdx::domain
