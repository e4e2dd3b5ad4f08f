#include "marketplace/app/leak_trace.h"

#include <algorithm>
#include <sstream>

#include "tests/app/support/refused.h"
#include "tests/app/support/traced.h"
#include "tests/app/support/trade.h"
#include "tests/support/catch.h"

using namespace pdx;
using test::code_of;
using test::Trade;

namespace {

constexpr int kCompanies = 800;

/// A market whose data is large enough for its order to say something.
struct LeakMarket {
    LeakMarket() { trade.upload_csv(test::company_csv(trade.personal, kCompanies)); }

    DeliveryId deliver() { return trade.deliver(trade.paid()); }
    app::LeakTrace trace(const std::string& csv) { return test::traced(trade, csv); }

    Trade trade;
};

/// Numbers are shortened, so that no value of a copy is the contract's own.
void sell_without_tokens(Trade& trade, int companies) {
    trade.id_operation = "keep_first_last(3,4)";
    trade.put_on_sale();
    trade.upload_csv(test::company_csv(trade.personal, companies));
}

std::string sorted_lines(const std::string& csv) {
    std::istringstream input(csv);
    std::vector<std::string> lines;
    for (std::string line; std::getline(input, line);) lines.push_back(line);
    std::sort(lines.begin() + 1, lines.end());
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

}  // namespace

TEST_CASE("leak: a delivered table names its contract and its delivery", "[app][trace]") {
    LeakMarket market;
    const DeliveryId one = market.deliver();
    const DeliveryId two = market.deliver();
    for (const DeliveryId& guilty : {one, two}) {
        const app::LeakTrace found = market.trace(market.trade.download(guilty));
        CHECK(found.deliveries == 2);
        CHECK(found.without_dataset == 0);
        REQUIRE(found.contracts.size() == 1);
        const app::TracedContract& contract = found.contracts[0];
        CHECK(contract.id == market.trade.contract);
        CHECK(contract.is_named);
        CHECK(contract.tokens.hits == kCompanies);
        REQUIRE(contract.deliveries.size() == 2);
        CHECK(contract.deliveries[0].id == guilty);
        CHECK(contract.deliveries[0].is_named);
        CHECK(contract.deliveries[0].buyer == market.trade.buyer.party);
        CHECK_FALSE(contract.deliveries[1].is_named);
    }
    // Sorted, the table is still the contract's, and of neither delivery more than the other.
    const app::LeakTrace sorted = market.trace(sorted_lines(market.trade.download(one)));
    CHECK(sorted.contracts.at(0).is_named);
    for (const auto& delivery : sorted.contracts.at(0).deliveries) CHECK_FALSE(delivery.is_named);
    // The source itself carries nobody's tokens.
    const app::LeakTrace source =
        market.trace(test::company_csv(market.trade.personal, kCompanies));
    CHECK_FALSE(source.contracts.at(0).is_named);
}

TEST_CASE("leak: each delivery is compared with the data that it had", "[app][trace]") {
    LeakMarket market;
    const DeliveryId old = market.deliver();
    market.trade.upload_csv(test::company_csv(market.trade.personal, kCompanies / 2));
    const DeliveryId recent = market.deliver();
    const app::LeakTrace found = market.trace(market.trade.download(old));
    const app::TracedContract& contract = found.contracts.at(0);
    CHECK(contract.tokens.hits == kCompanies);
    CHECK(contract.deliveries.at(0).id == old);
    CHECK(contract.deliveries.at(0).is_named);
    CHECK(contract.deliveries.at(1).id == recent);
    CHECK_FALSE(contract.deliveries.at(1).is_named);

    // Without its dataset nothing can be said of a delivery.
    market.trade.market.context().blobs.remove(market.trade.delivery(old).input_digest);
    const app::LeakTrace poorer = market.trace(market.trade.download(old));
    CHECK(poorer.without_dataset == 1);
    CHECK(poorer.contracts.at(0).deliveries.size() == 1);
}

TEST_CASE("leak: an exchange that delivered nothing says so", "[app][trace]") {
    LeakMarket market;
    CHECK(code_of([&] { market.trace("a\n1\n"); }) == "trace.no_deliveries");
}

TEST_CASE(
    "leak: when the contract has ended and its key is destroyed, the order of rows still names "
    "the delivery",
    "[app][trace][contract]") {
    LeakMarket market;
    const DeliveryId one = market.deliver();
    const DeliveryId two = market.deliver();
    const std::string leaked = market.trade.download(one);
    const app::LeakTrace before = market.trace(leaked);
    CHECK_FALSE(before.contracts.at(0).key_destroyed);
    market.trade.supervise(domain::ContractEvent::kTerminate);
    const app::LeakTrace found = market.trace(leaked);
    REQUIRE(found.contracts.size() == 1);
    const app::TracedContract& contract = found.contracts[0];
    CHECK(contract.key_destroyed);
    CHECK(contract.tokens.made == 0);
    CHECK(contract.tokens.hits == 0);
    CHECK(contract.is_named);
    REQUIRE(contract.deliveries.size() == 2);
    CHECK(contract.deliveries[0].id == one);
    CHECK(contract.deliveries[0].is_named);
    CHECK(contract.deliveries[0].buyer == market.trade.buyer.party);
    CHECK(contract.deliveries[0].order.looked == before.contracts[0].deliveries[0].order.looked);
    CHECK(contract.deliveries[0].order.agreed == contract.deliveries[0].order.looked);
    CHECK(contract.deliveries[1].id == two);
    CHECK_FALSE(contract.deliveries[1].is_named);
    // Sorted, nothing is left that would tell; the source never had anything.
    CHECK_FALSE(market.trace(sorted_lines(leaked)).contracts.at(0).is_named);
    const app::LeakTrace source =
        market.trace(test::company_csv(market.trade.personal, kCompanies));
    CHECK_FALSE(source.contracts.at(0).is_named);
}

TEST_CASE("leak: without the key rows are told by values as the delivery left them, shortened too",
          "[app][trace][contract]") {
    LeakMarket market;
    Trade& trade = market.trade;
    sell_without_tokens(trade, kCompanies);
    const DeliveryId one = market.deliver();
    const DeliveryId two = market.deliver();
    const std::string leaked = trade.download(two);
    REQUIRE(leaked.find(",p_") == std::string::npos);
    trade.supervise(domain::ContractEvent::kTerminate);
    const app::LeakTrace found = market.trace(leaked);
    const auto& deliveries = found.contracts.at(0).deliveries;
    REQUIRE(deliveries.size() == 2);
    CHECK(deliveries[0].id == two);
    CHECK(deliveries[0].is_named);
    CHECK(deliveries[0].order.looked == kCompanies / 2);
    CHECK(deliveries[1].id == one);
    CHECK_FALSE(deliveries[1].is_named);
}

TEST_CASE("leak: without tokens rows are told by values while the contract is in force, too",
          "[app][trace]") {
    LeakMarket market;
    Trade& trade = market.trade;
    sell_without_tokens(trade, kCompanies);
    market.deliver();
    const DeliveryId two = market.deliver();
    std::string leaked = trade.download(two);
    leaked.erase(leaked.rfind("\r\n", leaked.size() - 3) + 2);  // not the file itself
    const app::LeakTrace found = market.trace(leaked);
    REQUIRE(found.contracts.size() == 1);
    CHECK(found.contracts[0].is_named);
    CHECK_FALSE(found.contracts[0].key_destroyed);
    const auto& deliveries = found.contracts[0].deliveries;
    REQUIRE(deliveries.size() == 2);
    CHECK(deliveries[0].id == two);
    CHECK(deliveries[0].is_named);
    CHECK_FALSE(deliveries[0].is_same_file);
    CHECK_FALSE(deliveries[1].is_named);
}

TEST_CASE("leak: the very file of a delivery names it, however little it tells", "[app][trace]") {
    Trade trade;
    sell_without_tokens(trade, 12);
    const DeliveryId one = trade.deliver(trade.paid());
    const DeliveryId two = trade.deliver(trade.paid());
    std::string leaked = trade.download(one);
    const app::LeakTrace found = test::traced(trade, leaked);
    const auto& deliveries = found.contracts.at(0).deliveries;
    CHECK(found.contracts[0].is_named);
    REQUIRE(deliveries.size() == 2);
    CHECK(deliveries[0].id == one);
    CHECK(deliveries[0].is_same_file);
    CHECK(deliveries[0].is_named);
    CHECK(deliveries[1].id == two);
    CHECK_FALSE(deliveries[1].is_same_file);
    CHECK_FALSE(deliveries[1].is_named);
    leaked.erase(leaked.rfind("\r\n", leaked.size() - 3) + 2);
    for (const auto& contract : test::traced(trade, leaked).contracts) {
        CHECK_FALSE(contract.is_named);
    }
}
