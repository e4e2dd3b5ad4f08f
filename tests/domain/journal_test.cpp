#include "marketplace/domain/journal.h"

#include <limits>
#include <random>
#include <set>
#include <tuple>

#include "base/check.h"
#include "tests/domain/support/machines.h"

using namespace pdx;
using namespace pdx::domain;
using pdx::domain::testing::code_of;

namespace {

Account account(const std::string& key) {
    const auto parsed = Account::parse(key);
    REQUIRE(parsed.has_value());
    return *parsed;
}

Journal one(JournalEvent event, const std::string& debit, const std::string& credit,
            std::int64_t amount) {
    return {event, {{account(debit), account(credit), Money::fen(amount)}}};
}

}  // namespace

TEST_CASE("journal: only the listed triples may be booked", "[domain][journal]") {
    using Triple = std::tuple<std::string, std::string, std::string>;
    std::set<Triple> expected{
        {"wallet_funded", "bank_clearing", "buyer_wallet"},
        {"wallet_withdrawn", "buyer_wallet", "bank_clearing"},
        {"order_paid", "buyer_wallet", "escrow"},
        {"order_refunded", "escrow", "buyer_wallet"},
        {"dispute_held", "escrow", "dispute_hold"},
        {"dispute_released", "dispute_hold", "escrow"},
        {"dispute_refunded", "dispute_hold", "buyer_wallet"},
    };
    for (const std::string leg :
         {"payee_payable", "platform_revenue", "fiscal_share", "tax_payable"}) {
        expected.insert({"order_settled", "escrow", leg});
        expected.insert({"dispute_held", leg, "dispute_hold"});
        expected.insert({"dispute_released", "dispute_hold", leg});
        expected.insert({"paid_out", leg, "bank_clearing"});
        expected.insert({"payout_returned", "bank_clearing", leg});
    }
    CHECK(booking_rules().size() == expected.size());
    std::size_t bookable = 0;
    for (const auto& event : names_of(JournalEvent{})) {
        for (const auto& debit : names_of(AccountKind{})) {
            for (const auto& credit : names_of(AccountKind{})) {
                const Triple triple{event.name, debit.name, credit.name};
                const bool allowed = is_bookable(event.value, debit.value, credit.value);
                CHECK(allowed == (expected.count(triple) == 1));
                if (allowed) ++bookable;
            }
        }
    }
    CHECK(bookable == expected.size());
}

TEST_CASE("journal: account keys are read back and others refused", "[domain][journal]") {
    for (const std::string key : {"bank_clearing", "platform_revenue", "tax_payable",
                                  "escrow:01900000-0000-7000-8000-000000000001", "buyer_wallet:b",
                                  "payee_payable:p.1", "fiscal_share:d_1", "dispute_hold:x"}) {
        CHECK(account(key).key() == key);
    }
    for (const std::string& key :
         {std::string(""), std::string("escrow"), std::string("escrow:"),
          std::string("bank_clearing:x"), std::string("bank_clearing:"), std::string("nothing:x"),
          std::string("escrow:a b"), std::string("escrow:a:b"), std::string("escrow:钱"),
          "escrow:" + std::string(65, 'x')}) {
        CHECK_FALSE(Account::parse(key).has_value());
    }
}

TEST_CASE("journal: a wrong journal is a bug, not a refusal", "[domain][journal]") {
    const auto is_bug = [](const Journal& journal) {
        CHECK_THROWS_AS(check_journal(journal), InvariantViolation);
    };
    check_journal(one(JournalEvent::kOrderPaid, "buyer_wallet:b", "escrow:o", 1));
    is_bug({JournalEvent::kOrderPaid, {}});
    is_bug(one(JournalEvent::kOrderPaid, "buyer_wallet:b", "escrow:o", 0));
    is_bug(one(JournalEvent::kOrderPaid, "buyer_wallet:b", "escrow:o", -1));
    is_bug(one(JournalEvent::kOrderPaid, "escrow:o", "buyer_wallet:b", 1));
    is_bug(one(JournalEvent::kOrderSettled, "buyer_wallet:b", "escrow:o", 1));
    is_bug({JournalEvent::kOrderPaid,
            {{{AccountKind::kBuyerWallet, ""}, {AccountKind::kEscrow, "o"}, Money::fen(1)}}});
    Journal large = one(JournalEvent::kOrderPaid, "buyer_wallet:b", "escrow:o",
                        std::numeric_limits<std::int64_t>::max());
    check_journal(large);
    large.postings.push_back(large.postings.front());
    is_bug(large);
}

TEST_CASE("balances: a journal that would overdraw an account changes nothing",
          "[domain][journal]") {
    Balances books;
    books.apply(one(JournalEvent::kWalletFunded, "bank_clearing", "buyer_wallet:b", 100));
    const Journal too_much{JournalEvent::kOrderPaid,
                           {{account("buyer_wallet:b"), account("escrow:o"), Money::fen(60)},
                            {account("buyer_wallet:b"), account("escrow:p"), Money::fen(41)}}};
    const auto before = books.all();
    CHECK(code_of([&] { books.apply(too_much); }) == "account.insufficient");
    CHECK(books.all() == before);
    books.apply(one(JournalEvent::kOrderPaid, "buyer_wallet:b", "escrow:o", 100));
    CHECK(books.balance(account("buyer_wallet:b")) == Money::fen(0));
    CHECK(books.balance(account("escrow:o")) == Money::fen(100));
    CHECK(books.balance(account("bank_clearing")) == Money::fen(100));
    CHECK(books.balance(account("escrow:none")) == Money::fen(0));
    CHECK(books.difference() == 0);
}

TEST_CASE("balances: no sequence of journals unbalances the books or overdraws an account",
          "[domain][journal]") {
    constexpr std::uint32_t kSeed = 20260301;
    INFO("seed " << kSeed);
    std::mt19937 random(kSeed);
    const auto below = [&](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
    };
    const auto owned = [&](AccountKind kind) {
        return Account{kind,
                       is_single(kind) ? "" : std::string(1, static_cast<char>('a' + below(3)))};
    };
    Balances books;
    int refused = 0;
    for (int i = 0; i < 20'000; ++i) {
        const BookingRule& rule = booking_rules()[below(booking_rules().size())];
        Journal journal{rule.event, {}};
        for (std::size_t n = 1 + below(3); n > 0; --n) {
            journal.postings.push_back({owned(rule.debit), owned(rule.credit),
                                        Money::fen(1 + static_cast<std::int64_t>(below(1000)))});
        }
        try {
            books.apply(journal);
        } catch (const Error&) {
            ++refused;
        }
        REQUIRE(books.difference() == 0);
        for (const auto& [key, balance] : books.all()) {
            REQUIRE((balance >= 0 || is_asset(key.kind)));
        }
    }
    CHECK(refused > 100);
    CHECK(refused < 19'000);
}
