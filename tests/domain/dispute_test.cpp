#include "marketplace/domain/dispute.h"

#include "tests/domain/support/machines.h"

using namespace pdx;
using namespace pdx::domain;
using pdx::domain::testing::check_machine;
using pdx::domain::testing::code_of;

TEST_CASE("dispute: every state takes exactly the events of the table", "[domain][dispute]") {
    check_machine<DisputeState, DisputeEvent>(
        "dispute", "filed",
        {
            {"filed", "accept>accepted not_accept>not_accepted withdraw>withdrawn"},
            {"not_accepted", ""},
            {"accepted", "answer>answered lock_evidence>evidence_locked withdraw>withdrawn"},
            {"answered", "lock_evidence>evidence_locked withdraw>withdrawn"},
            {"evidence_locked",
             "negotiate>negotiation mediate>mediation decide>decided withdraw>withdrawn"},
            {"negotiation", "mediate>mediation agree>decided decide>decided withdraw>withdrawn"},
            {"mediation", "agree>decided decide>decided withdraw>withdrawn"},
            {"decided", "execute>executed"},
            {"executed", "close>closed"},
            {"closed", ""},
            {"withdrawn", ""},
        });
}

TEST_CASE("dispute: it holds money until it is executed, withdrawn or not accepted",
          "[domain][dispute]") {
    const std::vector<std::string> free{"not_accepted", "executed", "closed", "withdrawn"};
    for (const auto& row : names_of(DisputeState{})) {
        const bool expected = std::find(free.begin(), free.end(), row.name) == free.end();
        CHECK(holds_money(row.value) == expected);
        if (is_terminal(row.value)) CHECK_FALSE(holds_money(row.value));
    }
}

TEST_CASE("dispute: the hold is the smaller of the claim and what the order nets",
          "[domain][dispute]") {
    CHECK(hold_amount(Money::fen(50), Money::fen(100)) == Money::fen(50));
    CHECK(hold_amount(Money::fen(100), Money::fen(100)) == Money::fen(100));
    CHECK(hold_amount(Money::fen(101), Money::fen(100)) == Money::fen(100));
    CHECK(code_of([] { hold_amount(Money::fen(0), Money::fen(100)); }) == "dispute.amount");
    CHECK(code_of([] { hold_amount(Money::fen(-1), Money::fen(100)); }) == "dispute.amount");
    CHECK(code_of([] { hold_amount(Money::fen(1), Money::fen(0)); }) == "dispute.nothing_to_hold");
}

TEST_CASE("dispute: one open dispute per order", "[domain][dispute]") {
    CHECK(code_of([] { check_no_open_dispute(0); }).empty());
    CHECK(code_of([] { check_no_open_dispute(1); }) == "dispute.already_open");
}

TEST_CASE("dispute: a decision divides the hold and nothing else", "[domain][dispute]") {
    for (const std::int64_t refund : {0, 1, 99, 100}) {
        const HoldDivision division = divide_hold(Money::fen(100), Money::fen(refund));
        CHECK(division.refund == Money::fen(refund));
        CHECK(division.refund.plus(division.release) == Money::fen(100));
    }
    CHECK(code_of([] { divide_hold(Money::fen(100), Money::fen(101)); }) == "dispute.refund");
    CHECK(code_of([] { divide_hold(Money::fen(100), Money::fen(-1)); }) == "dispute.refund");
}
