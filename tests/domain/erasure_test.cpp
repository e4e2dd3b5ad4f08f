#include "marketplace/domain/erasure.h"

#include "tests/domain/support/machines.h"

using namespace pdx;
using namespace pdx::domain;
using pdx::domain::testing::code_of;

TEST_CASE("erasure: nothing of an order goes before the order is over", "[domain][erasure]") {
    for (const auto& row : names_of(OrderState{})) {
        const bool over = row.value == OrderState::kClosed || row.value == OrderState::kCancelled ||
                          row.value == OrderState::kRefunded;
        INFO(row.name);
        CHECK(code_of([&] { check_order_is_over(row.value); }) ==
              (over                                 ? ""
               : row.value == OrderState::kDisputed ? "private_part.dispute_open"
                                                    : "private_part.order_open"));
    }
}

TEST_CASE("erasure: the reasons of a decision stay with it, unless a court says otherwise",
          "[domain][erasure]") {
    for (const auto& row : names_of(ErasureReason{})) {
        INFO(row.name);
        CHECK(code_of([&] { check_official_record(row.value); }) ==
              (row.value == ErasureReason::kCourtOrder ? "" : "private_part.official_record"));
    }
}

TEST_CASE("erasure: the record of a payment stays ten years, unless a court says otherwise",
          "[domain][erasure]") {
    const RuleProfile& rules = *find_profile("cn-2025");
    const Date paid{2026, 3, 2};
    for (const auto& row : names_of(ErasureReason{})) {
        const auto at = [&](Date today) {
            return code_of([&] { check_payment_retention(rules, paid, row.value, today); });
        };
        const std::string kept =
            row.value == ErasureReason::kCourtOrder ? "" : "private_part.retention";
        INFO(row.name);
        CHECK(at(paid) == kept);
        CHECK(at(Date{2036, 3, 2}) == kept);
        CHECK(at(Date{2036, 3, 3}).empty());
    }
    try {
        check_payment_retention(rules, paid, ErasureReason::kRetentionEnded, paid);
        FAIL("it was let through");
    } catch (const Error& error) {
        CHECK(error.detail().deadline == "2036-03-02");
        CHECK(error.detail().rule.starts_with("cn-2025@1 "));
    }
}
