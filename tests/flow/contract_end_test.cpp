/// What a start does about contracts: those whose term is over expire, and keys that were destroyed
/// and came back with a restored table are destroyed again.
#include <chrono>
#include <thread>

#include "marketplace/store/contract_key_store.h"
#include "tests/flow/support/live_market.h"
#include "tests/flow/support/restartable_market.h"
#include "tests/support/catch.h"

using namespace pdx;
using test::json;
using test::RestartableMarket;

namespace {

constexpr sql::Query kPastTerm{"test.past_term",
                               "UPDATE contract SET term_to = '2020-01-01' WHERE contract_id = ?"};
constexpr sql::Query kRestoreSeed{
    "test.restore_seed",
    "UPDATE contract_key SET sealed_seed = ?, destroyed_at = NULL WHERE contract_id = ?"};

/// The exchange may still be at it.
std::string state_after_upkeep(const RestartableMarket& live, const std::string& path) {
    for (int i = 0; i < 1'000; ++i) {
        const std::string state = live.market->get("operator", path).at("state");
        if (state != "in_force") return state;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return "in_force";
}

}  // namespace

TEST_CASE("contract end: a start records what expired meanwhile, and destroys restored keys again",
          "[flow][contract]") {
    RestartableMarket live;
    const std::string order = live.market->order(live.listing);
    const ContractId contract =
        ContractId::parse(
            live.market->get("buyer", "/orders/" + order).at("contract_id").get<std::string>())
            .value();
    const std::string path = "/contracts/" + contract.text();
    const auto stored = [&] {
        return store::find_contract_key(*sql::open_database(live.database())->open(), contract)
            .value();
    };
    const Bytes seed = stored().sealed_seed.value();
    CHECK(seed.size() == 72);
    live.restart();
    CHECK(stored().sealed_seed == seed);
    CHECK(live.market->get("operator", path).at("state") == "in_force");

    live.stop();
    sql::open_database(live.database())->open()->run(kPastTerm, contract);
    live.restart();
    CHECK(state_after_upkeep(live, path) == "expired");
    const json entries =
        live.market->get("auditor", "/ledger-entries?kind=contract.expired").at("items");
    REQUIRE(entries.size() == 1);
    CHECK(stored().sealed_seed.value().empty());
    test::check_problem(live.market->send("buyer", "/orders/" + order + "/payment",
                                          test::SmallMarket::payment_body(order)),
                        409, "contract.not_live");

    live.stop();
    sql::open_database(live.database())->open()->run(kRestoreSeed, seed, contract);
    REQUIRE(stored().sealed_seed == seed);
    live.restart();
    CHECK(stored().sealed_seed.value().empty());
    CHECK(stored().destroyed_at.has_value());
}
