#include "marketplace/domain/settlement_rules.h"

#include <iostream>
#include <numeric>
#include <random>

#include "base/check.h"
#include "tests/domain/support/ids.h"
#include "tests/domain/support/machines.h"

using namespace pdx;
using namespace pdx::domain;
using pdx::domain::testing::code_of;
using pdx::domain::testing::make_id;

namespace {

std::vector<SplitRule> usual_rules() {
    return {{SplitRole::kPlatformFee, 300, ""},
            {SplitRole::kSourceDepartment, 1000, "bureau"},
            {SplitRole::kOperator, 6000, "company"},
            {SplitRole::kDeveloper, 2700, "studio"}};
}

std::vector<std::int64_t> minors(const std::vector<SettlementLine>& lines) {
    std::vector<std::int64_t> values;
    for (const SettlementLine& line : lines) values.push_back(line.amount.minor());
    return values;
}

Money sum(const std::vector<Money>& amounts) {
    Money total;
    for (const Money& amount : amounts) total = total.plus(amount);
    return total;
}

}  // namespace

TEST_CASE("split: published vectors of the largest remainder", "[domain][split]") {
    CHECK(minors(calculate(Money::fen(10'001), usual_rules())) ==
          std::vector<std::int64_t>{300, 1000, 6001, 2700});
    const auto thirds = [](std::int64_t a, std::int64_t b, std::int64_t c) {
        return std::vector<SplitRule>{{SplitRole::kOperator, a, "a"},
                                      {SplitRole::kOperator, b, "b"},
                                      {SplitRole::kOperator, c, "c"}};
    };
    CHECK(minors(calculate(Money::fen(1), thirds(3334, 3333, 3333))) ==
          std::vector<std::int64_t>{1, 0, 0});
    CHECK(minors(calculate(Money::fen(100), thirds(3333, 3333, 3334))) ==
          std::vector<std::int64_t>{33, 33, 34});
    CHECK(minors(calculate(Money::fen(0), usual_rules())) == std::vector<std::int64_t>{0, 0, 0, 0});
}

TEST_CASE("split: rules must be whole, named and unique", "[domain][split]") {
    const auto rules = [](const std::vector<SplitRule>& all) {
        return code_of([&] { check_split_rules(all); });
    };
    CHECK(rules(usual_rules()).empty());
    CHECK(rules({}) == "split.rules");
    CHECK(rules(std::vector<SplitRule>(33, {SplitRole::kOperator, 1, "a"})) == "split.rules");
    CHECK(rules({{SplitRole::kOperator, 9999, "a"}}) == "split.rules");
    CHECK(rules({{SplitRole::kOperator, 10'001, "a"}}) == "split.rules");
    CHECK(rules({{SplitRole::kOperator, 10'001, "a"}, {SplitRole::kTax, -1, ""}}) == "split.rules");
    CHECK(rules({{SplitRole::kOperator, 10'000, ""}}) == "split.rules");
    CHECK(rules({{SplitRole::kPlatformFee, 10'000, "x"}}) == "split.rules");
    CHECK(rules({{SplitRole::kOperator, 5000, "a"}, {SplitRole::kOperator, 5000, "a"}}) ==
          "split.rules");
    CHECK(rules({{SplitRole::kOperator, 5000, "a"}, {SplitRole::kDeveloper, 5000, "a"}}).empty());
    CHECK(code_of([] { calculate(Money::fen(-1), usual_rules()); }) == "split.gross");
}

TEST_CASE("refund: the obvious rule would claw back, this one does not", "[domain][split]") {
    // Weights 37/7/22/30: on the running total 6 gives 2,1,1,2 and 7 gives 3,0,2,2.
    const std::vector<std::int64_t> weights{37, 7, 22, 30};
    CHECK(split(Money::fen(6), weights)[1] == Money::fen(1));
    CHECK(split(Money::fen(7), weights)[1] == Money::fen(0));
    std::vector<Money> remaining{Money::fen(37), Money::fen(7), Money::fen(22), Money::fen(30)};
    for (int step = 0; step < 96; ++step) {
        const std::vector<Money> taken = take_from_legs(remaining, Money::fen(1));
        for (std::size_t i = 0; i < remaining.size(); ++i) {
            REQUIRE_FALSE(taken[i].is_negative());
            remaining[i] = remaining[i].minus(taken[i]);
            REQUIRE_FALSE(remaining[i].is_negative());
        }
    }
    CHECK(sum(remaining).is_zero());
    CHECK(code_of([&] { take_from_legs(remaining, Money::fen(1)); }) == "refund.exceeds");
    CHECK(take_from_legs(remaining, Money::fen(0)) == remaining);
    CHECK(code_of([&] { take_from_legs(remaining, Money::fen(-1)); }) == "refund.amount");
}

TEST_CASE("refund: 100,000 random orders split and refund to the last fen", "[domain][split]") {
    constexpr std::uint64_t kSeed = 73;
    std::cout << "settlement_rules_test seed " << kSeed << "\n";
    std::mt19937_64 random(kSeed);
    const auto between = [&](std::int64_t low, std::int64_t high) {
        return std::uniform_int_distribution<std::int64_t>(low, high)(random);
    };
    std::size_t violations = 0;
    for (int order = 0; order < 100'000; ++order) {
        std::vector<SplitRule> rules;
        std::int64_t left = kBasisPointsWhole;
        for (std::int64_t n = between(0, 6); n > 0; --n) {
            const std::int64_t share = between(0, left);
            left -= share;
            rules.push_back({SplitRole::kOperator, share, std::to_string(n)});
        }
        rules.push_back({SplitRole::kPlatformFee, left, ""});
        const std::int64_t gross = between(1, order % 3 == 0 ? 50 : 1'000'000'000'000);
        const auto lines = calculate(Money::fen(gross), rules);
        std::vector<Money> remaining;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            __extension__ using Wide = __int128;
            const Wide off = static_cast<Wide>(lines[i].amount.minor()) * kBasisPointsWhole -
                             static_cast<Wide>(gross) * rules[i].basis_points;
            if (off <= -kBasisPointsWhole || off >= kBasisPointsWhole) ++violations;
            if (rules[i].basis_points == 0 && !lines[i].amount.is_zero()) ++violations;
            remaining.push_back(lines[i].amount);
        }
        if (sum(remaining) != Money::fen(gross)) ++violations;

        std::int64_t owed = gross;
        for (int step = 0; owed > 0; ++step) {
            const std::int64_t refund = step == 4 ? owed : between(1, owed);
            const auto taken = take_from_legs(remaining, Money::fen(refund));
            if (sum(taken) != Money::fen(refund)) ++violations;
            for (std::size_t i = 0; i < taken.size(); ++i) {
                remaining[i] = remaining[i].minus(taken[i]);
                if (taken[i].is_negative() || remaining[i].is_negative()) ++violations;
            }
            owed -= refund;
        }
        if (!sum(remaining).is_zero()) ++violations;
    }
    CHECK(violations == 0);
}

TEST_CASE("books: an order, a dispute after settlement and a payout balance at every step",
          "[domain][split][journal]") {
    const auto buyer = make_id<PartyId>(1);
    const auto order = make_id<OrderId>(2);
    const auto dispute = make_id<DisputeId>(3);
    const auto escrow = Account{AccountKind::kEscrow, order.text()};
    const auto wallet = Account{AccountKind::kBuyerWallet, buyer.text()};
    const auto hold = Account{AccountKind::kDisputeHold, dispute.text()};
    Balances books;
    const auto book = [&](const Journal& journal) {
        books.apply(journal);
        REQUIRE(books.difference() == 0);
    };
    book(fund_wallet(buyer, Money::fen(20'000)));
    book(pay_order(buyer, order, Money::fen(10'001)));
    CHECK(books.balance(escrow) == Money::fen(10'001));
    const auto lines = calculate(Money::fen(10'001), usual_rules());
    book(settle_order(order, lines));
    CHECK(books.balance(escrow).is_zero());

    std::vector<Money> remaining;
    for (const SettlementLine& line : lines) remaining.push_back(line.amount);
    const auto legs = hold_from_lines(lines, remaining, Money::fen(3'333));
    book(hold_for_dispute(dispute, legs));
    CHECK(books.balance(hold) == Money::fen(3'333));
    // What is held cannot be paid out.
    CHECK(code_of([&] {
              books.apply(pay_out(account_of(SplitRole::kOperator, "company"), Money::fen(6'001)));
          }) == "account.insufficient");

    const auto journals = execute_decision(dispute, buyer, legs, Money::fen(1'000));
    REQUIRE(journals.size() == 2);
    for (const Journal& journal : journals) book(journal);
    CHECK(books.balance(hold).is_zero());
    CHECK(books.balance(wallet) == Money::fen(20'000 - 10'001 + 1'000));

    for (const SettlementLine& line : lines) {
        const Account payable = account_of(line.role, line.party);
        book(pay_out(payable, books.balance(payable)));
        CHECK(books.balance(payable).is_zero());
    }
    CHECK(books.balance({AccountKind::kBankClearing, ""}) == books.balance(wallet));
    book(return_payout(account_of(SplitRole::kOperator, "company"), Money::fen(5)));
    CHECK(books.balance(account_of(SplitRole::kOperator, "company")) == Money::fen(5));
}

TEST_CASE("books: a dispute before settlement holds escrow and gives it back",
          "[domain][split][journal]") {
    const auto buyer = make_id<PartyId>(1);
    const auto order = make_id<OrderId>(2);
    const auto dispute = make_id<DisputeId>(3);
    for (const std::int64_t refund : {0, 400, 1'000}) {
        Balances books;
        books.apply(fund_wallet(buyer, Money::fen(1'000)));
        books.apply(pay_order(buyer, order, Money::fen(1'000)));
        const auto legs = hold_from_escrow(order, Money::fen(1'000));
        books.apply(hold_for_dispute(dispute, legs));
        for (const Journal& journal : execute_decision(dispute, buyer, legs, Money::fen(refund))) {
            books.apply(journal);
        }
        CHECK(books.balance({AccountKind::kBuyerWallet, buyer.text()}) == Money::fen(refund));
        CHECK(books.balance({AccountKind::kEscrow, order.text()}) == Money::fen(1'000 - refund));
        CHECK(books.balance({AccountKind::kDisputeHold, dispute.text()}).is_zero());
        if (refund < 1'000) books.apply(refund_order(buyer, order, Money::fen(1'000 - refund)));
        CHECK(books.balance({AccountKind::kBuyerWallet, buyer.text()}) == Money::fen(1'000));
        CHECK(books.difference() == 0);
    }
    CHECK(code_of([&] {
              execute_decision(dispute, buyer, hold_from_escrow(order, Money::fen(10)),
                               Money::fen(11));
          }) == "refund.exceeds");
}
