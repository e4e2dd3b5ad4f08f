#include "marketplace/domain/price_cap.h"

namespace pdx::domain {

namespace {
constexpr const char* kPriceRule = "发改价格〔2025〕65号";
}

std::vector<Reason> price_defects(Money unit_price, std::optional<Money> ceiling,
                                  BeneficiaryClass beneficiary) {
    std::vector<Reason> defects;
    if (unit_price.is_negative()) {
        defects.push_back(
            {"price.negative", "design", {"A price cannot be below zero.", "价格不得为负数。"}});
    }
    if (unit_price.is_zero() || unit_price.is_negative()) return defects;
    if (is_free_of_charge(beneficiary)) {
        defects.push_back({"price.must_be_free",
                           kPriceRule,
                           {"Use for public governance or public welfare is free of charge.",
                            "用于公共治理、公益事业的，免费提供。"}});
        return defects;
    }
    if (!ceiling) {
        defects.push_back({"price.no_ceiling",
                           kPriceRule,
                           {"The authority has not set a ceiling price for this product yet.",
                            "授权方尚未核定该产品的上限收费标准。"}});
    } else if (ceiling->less_than(unit_price)) {
        defects.push_back(
            {"price.above_ceiling",
             kPriceRule,
             {"The price of " + unit_price.text() + " fen is above the ceiling of " +
                  ceiling->text() + " fen.",
              "单价 " + unit_price.text() + " 分超过上限收费标准 " + ceiling->text() + " 分。"}});
    }
    return defects;
}

void check_price(Money unit_price, std::optional<Money> ceiling, BeneficiaryClass beneficiary) {
    require_no_reason("price.not_permitted",
                      {"This price may not be charged.", "该价格不符合规定。"},
                      price_defects(unit_price, ceiling, beneficiary));
}

}  // namespace pdx::domain
