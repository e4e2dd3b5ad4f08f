#include "marketplace/domain/order.h"

#include <limits>

#include "base/check.h"
#include "tests/domain/support/ids.h"
#include "tests/domain/support/machines.h"

using namespace pdx;
using namespace pdx::domain;
using pdx::domain::testing::check_machine;
using pdx::domain::testing::code_of;
using pdx::domain::testing::make_id;

TEST_CASE("order: every state takes exactly the events of the table", "[domain][order]") {
    check_machine<OrderState, OrderEvent>(
        "order", "placed",
        {
            {"placed", "pay>escrowed cancel>cancelled"},
            {"escrowed", "start_delivery>delivering refund>refunded dispute>disputed"},
            {"delivering", "complete_delivery>delivered fail_delivery>escrowed dispute>disputed"},
            {"delivered", "accept>accepted reject>rejected dispute>disputed"},
            {"rejected", "start_delivery>delivering refund>refunded dispute>disputed"},
            {"accepted", "settle>settled dispute>disputed"},
            {"settled", "close>closed dispute>disputed"},
            {"closed", ""},
            {"disputed",
             "refund>refunded return_to_escrowed>escrowed return_to_delivering>delivering "
             "return_to_delivered>delivered return_to_rejected>rejected "
             "return_to_accepted>accepted return_to_settled>settled"},
            {"cancelled", ""},
            {"refunded", ""},
        });
}

TEST_CASE("order: a dispute returns it to the right place", "[domain][order]") {
    // from | unchanged | decided with something left | delivered again
    struct Row {
        std::string from, unchanged, decided, redeliver;
    };
    const std::vector<Row> rows{
        {"escrowed", "escrowed", "escrowed", "escrowed"},
        {"delivering", "delivering", "delivering", "escrowed"},
        {"delivered", "delivered", "accepted", "escrowed"},
        {"rejected", "rejected", "accepted", "escrowed"},
        {"accepted", "accepted", "accepted", "escrowed"},
        {"settled", "settled", "settled", ""},
    };
    std::size_t disputable = 0;
    for (const auto& state : names_of(OrderState{})) {
        if (next(state.value, OrderEvent::kDispute)) {
            ++disputable;
        } else {
            CHECK_THROWS_AS(dispute_return(state.value, DisputeEnd::kUnchanged, false),
                            InvariantViolation);
        }
    }
    CHECK(disputable == rows.size());
    for (const Row& row : rows) {
        const auto from = parse_order_state(row.from);
        REQUIRE(from.has_value());
        const auto lands = [&](DisputeEnd end, bool fully_refunded) {
            return to_string(
                apply(OrderState::kDisputed, dispute_return(*from, end, fully_refunded)));
        };
        CHECK(lands(DisputeEnd::kUnchanged, false) == row.unchanged);
        CHECK(lands(DisputeEnd::kDecided, false) == row.decided);
        CHECK(lands(DisputeEnd::kDecided, true) == "refunded");
        if (row.redeliver.empty()) {
            CHECK_THROWS_AS(lands(DisputeEnd::kRedeliver, false), InvariantViolation);
        } else {
            CHECK(lands(DisputeEnd::kRedeliver, false) == row.redeliver);
        }
    }
}

TEST_CASE("order: at most two redeliveries", "[domain][order]") {
    CHECK(code_of([] { check_redelivery(0, 2); }).empty());
    CHECK(code_of([] { check_redelivery(1, 2); }).empty());
    CHECK(code_of([] { check_redelivery(2, 2); }) == "order.redeliveries");
}

TEST_CASE("order: an operator cannot buy its own product", "[domain][order]") {
    CHECK(code_of([] { check_buyer(make_id<PartyId>(1), make_id<PartyId>(2)); }).empty());
    CHECK(code_of([] { check_buyer(make_id<PartyId>(1), make_id<PartyId>(1)); }) ==
          "order.related_party");
}

TEST_CASE("order: the total is exact or refused", "[domain][order]") {
    CHECK(order_total(Money::fen(12'345), 1'000) == Money::fen(12'345'000));
    CHECK(order_total(Money::fen(0), 1) == Money::fen(0));
    const auto total = [](std::int64_t price, std::int64_t quantity) {
        return code_of([&] { order_total(Money::fen(price), quantity); });
    };
    CHECK(total(1, 0) == "order.quantity");
    CHECK(total(1, -1) == "order.quantity");
    CHECK(total(1, kOrderQuantityMax).empty());
    CHECK(total(1, kOrderQuantityMax + 1) == "order.quantity");
    CHECK(total(-1, 1) == "order.amount");
    CHECK(total(std::numeric_limits<std::int64_t>::max(), 2) == "order.amount");
}
