#include "marketplace/app/ledger_patrol.h"

#include "ledger/note.h"
#include "tests/app/support/comes_true.h"
#include "tests/app/support/market.h"
#include "tests/app/support/refused.h"
#include "tests/support/catch.h"

using namespace pdx;
using test::comes_true;
using test::Market;

namespace {

app::PatrolOptions hurried() {
    return {.piece_pause = std::chrono::milliseconds(1),
            .pass_pause = std::chrono::milliseconds(1)};
}

std::vector<ledger::NoteVerifier> keys_of(const Market& market) {
    return {ledger::NoteVerifier::parse(market.vkey()).value()};
}

constexpr sql::Query kSpoil{"test.spoil",
                            "UPDATE log_tile SET width = width + 1 WHERE tile_level = 0"};

}  // namespace

TEST_CASE("patrol: it passes over a healthy ledger again and again, while writes go on",
          "[app][patrol]") {
    Market market;
    app::LedgerPatrol patrol(market.context().reads, market.writer(), keys_of(market),
                             market.clock(), hurried());
    for (int i = 0; i < 20; ++i) market.party(domain::Role::kBuyer);
    const std::uint64_t before = patrol.status().passes;
    REQUIRE(comes_true([&] { return patrol.status().passes > before + 2; }));
    const app::PatrolStatus status = patrol.status();
    CHECK_FALSE(status.damage.has_value());
    CHECK(status.last_pass == market.clock().now());
    CHECK(status.last_size == 20);
    CHECK(market.writer().accepts());
    patrol.stop();
    patrol.stop();
}

TEST_CASE("patrol: damage stops the writer, is named, and reads go on", "[app][patrol]") {
    Market market;
    const app::Caller buyer = market.party(domain::Role::kBuyer);
    app::LedgerPatrol patrol(market.context().reads, market.writer(), keys_of(market),
                             market.clock(), hurried());
    REQUIRE(comes_true([&] { return patrol.status().passes > 0; }));
    REQUIRE(market.open()->run(kSpoil) == 1);
    REQUIRE(comes_true([&] { return patrol.status().damage.has_value(); }));
    CHECK(patrol.status().damage->place == "tile/0/000");
    CHECK_FALSE(market.writer().accepts());
    CHECK(test::code_of([&] { market.party(domain::Role::kBuyer); }) == "writer.stopped");
    CHECK(store::find_party(*market.context().reads.borrow(), buyer.party).has_value());
}
