#include "marketplace/domain/listing.h"

#include "marketplace/domain/price_cap.h"
#include "tests/domain/support/machines.h"

using namespace pdx;
using namespace pdx::domain;
using pdx::domain::testing::check_machine;
using pdx::domain::testing::code_of;

namespace {

ListingFacts ready() {
    return {ProductState::kRegistered,
            true,
            true,
            true,
            true,
            true,
            BeneficiaryClass::kIndustry,
            Money::fen(100),
            Money::fen(100)};
}

std::vector<std::string> rules_of(const std::vector<Reason>& reasons) {
    std::vector<std::string> rules;
    for (const Reason& reason : reasons) {
        CHECK_FALSE(reason.source.empty());
        rules.push_back(reason.rule);
    }
    return rules;
}

using Rules = std::vector<std::string>;

}  // namespace

TEST_CASE("listing: every state takes exactly the events of the table", "[domain][listing]") {
    check_machine<ListingState, ListingEvent>("listing", "draft",
                                              {
                                                  {"draft", "list>listed delist>delisted"},
                                                  {"listed", "suspend>suspended delist>delisted"},
                                                  {"suspended", "resume>listed delist>delisted"},
                                                  {"delisted", ""},
                                              });
}

TEST_CASE("listing: the gate names each thing that is missing", "[domain][listing]") {
    CHECK(listing_defects(ready()).empty());
    CHECK(code_of([] { check_listing(ready()); }).empty());
    CHECK(code_of([] { check_listing({}); }) == "listing.gate");
    for (const auto& row : names_of(ProductState{})) {
        ListingFacts facts = ready();
        facts.product = row.value;
        CHECK(rules_of(listing_defects(facts)) ==
              (row.name == "registered" ? Rules{} : Rules{"listing.product_not_registered"}));
    }
    ListingFacts facts = ready();
    facts.contract_live = false;
    CHECK(rules_of(listing_defects(facts)) == Rules{"listing.contract_not_live"});
    facts = ready();
    facts.seller_verified = false;
    CHECK(rules_of(listing_defects(facts)) == Rules{"listing.seller_unverified"});
    facts = ready();
    facts.has_source_statement = false;
    CHECK(rules_of(listing_defects(facts)) == Rules{"listing.source_missing"});
    facts = ready();
    facts.has_masking_policy = false;
    CHECK(rules_of(listing_defects(facts)) == Rules{"listing.masking_policy_missing"});
    facts = ready();
    facts.has_use_policy = false;
    CHECK(rules_of(listing_defects(facts)) == Rules{"listing.use_policy_missing"});
    facts = ready();
    facts.unit_price = Money::fen(101);
    CHECK(rules_of(listing_defects(facts)) == Rules{"price.above_ceiling"});
}

TEST_CASE("price: at most the ceiling, free for public purposes", "[domain][price]") {
    const auto rules = [](std::int64_t price, std::optional<Money> ceiling,
                          BeneficiaryClass beneficiary) {
        return rules_of(price_defects(Money::fen(price), ceiling, beneficiary));
    };
    const Money ceiling = Money::fen(500);
    CHECK(rules(500, ceiling, BeneficiaryClass::kSector).empty());
    CHECK(rules(501, ceiling, BeneficiaryClass::kSector) == Rules{"price.above_ceiling"});
    CHECK(rules(1, {}, BeneficiaryClass::kIndustry) == Rules{"price.no_ceiling"});
    CHECK(rules(0, {}, BeneficiaryClass::kIndustry).empty());
    CHECK(rules(0, {}, BeneficiaryClass::kPublicGovernance).empty());
    CHECK(rules(1, ceiling, BeneficiaryClass::kPublicGovernance) == Rules{"price.must_be_free"});
    CHECK(rules(1, ceiling, BeneficiaryClass::kPublicWelfare) == Rules{"price.must_be_free"});
    CHECK(rules(-1, ceiling, BeneficiaryClass::kIndustry) == Rules{"price.negative"});
    CHECK(code_of([&] { check_price(Money::fen(501), ceiling, BeneficiaryClass::kIndustry); }) ==
          "price.not_permitted");
}
