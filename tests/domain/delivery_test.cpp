#include "marketplace/domain/delivery.h"

#include "tests/domain/support/machines.h"

using namespace pdx;
using namespace pdx::domain;
using pdx::domain::testing::check_machine;
using pdx::domain::testing::code_of;

TEST_CASE("delivery: every state takes exactly the events of the table", "[domain][delivery]") {
    check_machine<DeliveryState, DeliveryEvent>(
        "delivery", "requested",
        {
            {"requested", "stage>staged fail>failed refuse>refused"},
            {"staged", "publish>published fail>failed refuse>refused"},
            {"published", "download>downloaded refuse>refused expire>expired"},
            {"downloaded", "download>downloaded refuse>refused expire>expired"},
            {"failed", "retry>requested"},
            {"refused", ""},
            {"expired", ""},
        });
}

TEST_CASE("delivery: no byte leaves unless every condition of the gate holds",
          "[domain][delivery]") {
    const Timestamp now = Date{2026, 6, 1}.begin();
    const DeliveryFacts good{{ContractState::kInForce, {2026, 1, 1}, {2026, 12, 31}},
                             OrderState::kDelivering,
                             true,
                             true,
                             true};
    CHECK(delivery_defects(good, now).empty());
    CHECK(code_of([&] { check_delivery(good, now); }).empty());
    CHECK(delivery_defects({}, now).size() == 5);

    const auto only = [&](const DeliveryFacts& facts, const std::string& rule) {
        const auto defects = delivery_defects(facts, now);
        REQUIRE(defects.size() == 1);
        CHECK(defects[0].rule == rule);
        CHECK(code_of([&] { check_delivery(facts, now); }) == "delivery.gate");
    };
    for (const auto& row : names_of(ContractState{})) {
        DeliveryFacts facts = good;
        facts.contract.state = row.value;
        if (row.name != "in_force") only(facts, "delivery.contract_not_live");
    }
    const std::vector<std::string> open{"delivering", "delivered", "accepted", "settled", "closed"};
    for (const auto& row : names_of(OrderState{})) {
        DeliveryFacts facts = good;
        facts.order = row.value;
        if (std::find(open.begin(), open.end(), row.name) != open.end()) {
            CHECK(delivery_defects(facts, now).empty());
        } else {
            only(facts, "delivery.order");
        }
    }
    DeliveryFacts facts = good;
    facts.has_masking_policy = false;
    only(facts, "delivery.policy_missing");
    facts = good;
    facts.columns_classified = false;
    only(facts, "delivery.columns_unclassified");
    facts = good;
    facts.metering_recorded = false;
    only(facts, "delivery.metering_missing");
}
