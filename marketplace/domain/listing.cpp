#include "marketplace/domain/listing.h"

#include "marketplace/domain/price_cap.h"

namespace pdx::domain {

static_assert(is_well_formed(machine_of(ListingState{})));

std::vector<Reason> listing_defects(const ListingFacts& facts) {
    std::vector<Reason> defects;
    if (facts.product != ProductState::kRegistered) {
        defects.push_back({"listing.product_not_registered",
                           "design, 发改数据规〔2025〕27号 Article 16",
                           {"The product must pass the compliance review and be registered first.",
                            "数据产品须先通过合规审查并完成登记。"}});
    }
    if (!facts.contract_live) {
        defects.push_back({"listing.contract_not_live",
                           "发改数据规〔2025〕27号 Article 21",
                           {"The authorization contract behind the product is not in force.",
                            "该产品所依据的授权运营协议未生效。"}});
    }
    if (!facts.seller_verified) {
        defects.push_back(
            {"listing.seller_unverified",
             "数据安全法 Article 33",
             {"The seller's identity has not been verified.", "尚未核验出售方身份。"}});
    }
    if (!facts.has_source_statement) {
        defects.push_back(
            {"listing.source_missing",
             "数据安全法 Article 33",
             {"The statement of the data's source is missing.", "缺少数据来源说明。"}});
    }
    if (!facts.has_masking_policy) {
        defects.push_back(
            {"listing.masking_policy_missing",
             "design D6",
             {"Without a masking policy nothing could be delivered.", "缺少脱敏策略，无法交付。"}});
    }
    if (!facts.has_use_policy) {
        defects.push_back({"listing.use_policy_missing",
                           "design, domain reference 4.4",
                           {"State for which purposes the product may be used.",
                            "请说明该产品允许的使用目的。"}});
    }
    for (Reason& reason : price_defects(facts.unit_price, facts.ceiling, facts.beneficiary)) {
        defects.push_back(std::move(reason));
    }
    return defects;
}

void check_listing(const ListingFacts& facts) {
    require_no_reason("listing.gate", {"The product cannot be listed yet.", "该产品暂不能挂牌。"},
                      listing_defects(facts));
}

}  // namespace pdx::domain
