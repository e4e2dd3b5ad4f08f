#include "marketplace/app/books.h"
#include "marketplace/app/books_service.h"
#include "marketplace/domain/settlement_rules.h"
#include "tests/app/support/refused.h"
#include "tests/app/support/trade.h"
#include "tests/support/catch.h"

using namespace pdx;
using domain::AccountKind;
using nlohmann::json;
using test::code_of;
using test::Market;
using test::Trade;

namespace {

/// Runs one posting as a command of its own.
void book(Trade& trade, const OrderId& order, const domain::Journal& journal) {
    trade.market.writer().submit({trade.admin, std::nullopt, [&](app::Transaction& tx) {
                                      const json posted = app::post(tx, order, journal);
                                      tx.record(
                                          app::make_fact("test.booked", "test", "test",
                                                         {{"journals", json::array({posted})}}));
                                      return posted.dump();
                                  }});
}

}  // namespace

TEST_CASE("books: accounts begin at their first posting and count what touches them",
          "[app][books]") {
    Trade trade;
    const OrderId order = trade.placed();
    book(trade, order, domain::fund_wallet(trade.buyer.party, Money::fen(5)));
    book(trade, order, domain::fund_wallet(trade.buyer.party, Money::fen(7)));
    const auto db = trade.market.open();
    const auto wallet =
        store::find_account(*db, {AccountKind::kBuyerWallet, trade.buyer.party.text()});
    REQUIRE(wallet.has_value());
    CHECK(wallet->balance == Money::fen(12));
    CHECK(wallet->postings == 2);
    CHECK(trade.balance(AccountKind::kBankClearing) == 12);
    trade.check_books();
}

TEST_CASE("books: no account goes below zero, and a refused posting leaves nothing",
          "[app][books]") {
    Trade trade;
    const OrderId order = trade.placed();
    book(trade, order, domain::fund_wallet(trade.buyer.party, Money::fen(5)));
    const auto log_size = trade.log_size();
    CHECK(code_of([&] {
              book(trade, order, domain::pay_order(trade.buyer.party, order, Money::fen(6)));
          }) == "account.insufficient");
    CHECK(trade.wallet() == 5);
    CHECK(trade.escrow(order) == 0);
    CHECK(trade.log_size() == log_size);
    trade.check_books();
}

TEST_CASE("books: a journal that is not allowed is a bug and rolls back", "[app][books]") {
    Trade trade;
    const OrderId order = trade.placed();
    const domain::Journal journal{domain::JournalEvent::kOrderPaid,
                                  {{{AccountKind::kPlatformRevenue, {}},
                                    {AccountKind::kEscrow, order.text()},
                                    Money::fen(1)}}};
    CHECK_THROWS_AS(book(trade, order, journal), InvariantViolation);
    CHECK(trade.escrow(order) == 0);
}

TEST_CASE("books: money that moves behind an order's back is found by its next command",
          "[app][books]") {
    Trade trade;
    const OrderId order = trade.paid();
    book(trade, order, domain::refund_order(trade.buyer.party, order, Money::fen(1)));
    CHECK_THROWS_AS(trade.orders.cancel(Market::write(trade.buyer), order), std::exception);
    CHECK(trade.order(order).state == domain::OrderState::kEscrowed);
    trade.check_books();
}

TEST_CASE("books: only those who watch over the exchange read them", "[app][books]") {
    Trade trade;
    trade.paid();
    CHECK(trade.books.list(trade.admin, "", 10).size() == 3);
    CHECK(trade.books.list(trade.auditor, "bank_clearing", 1).front().account.kind ==
          AccountKind::kBuyerWallet);
    CHECK(trade.books.trial_balance(trade.auditor).totals.size() == 3);
    for (const app::Caller& other : {trade.buyer, trade.licensed_operator, trade.arbitrator}) {
        CHECK(code_of([&] { trade.books.list(other, "", 10); }) == "permission.denied");
        CHECK(code_of([&] { trade.books.trial_balance(other); }) == "permission.denied");
    }
}
