/// What a grant adds to masking: steps of generalisation, marks and canaries of each buyer's copy.
#include <algorithm>
#include <set>
#include <sstream>

#include "marketplace/app/delivery_service.h"
#include "marketplace/app/leak_trace.h"
#include "marketplace/app/listing_view.h"
#include "tests/app/support/refused.h"
#include "tests/app/support/traced.h"
#include "tests/app/support/trade.h"
#include "tests/support/catch.h"

using namespace pdx;
using nlohmann::json;
using test::code_of;
using test::Market;
using test::Trade;

namespace {

constexpr int kCompanies = 800;

void add_marks(app::GrantTerms& terms) {
    terms.marks = privacy::MarkPlan{.columns = {{.name = "reg_capital_fen"}},
                                    .identities = {{"legal_rep_id_no"}, {"ent_name"}},
                                    .one_of = 3};
}

void add_canaries(app::GrantTerms& terms) {
    terms.canaries = privacy::CanaryPlan{
        {{.name = "ent_name", .choices = {"无锡甲子贸易有限公司", "无锡乙丑贸易有限公司"}},
         {.name = "legal_rep_id_no", .space = "320299"},
         {.name = "reg_capital_fen", .least = 1'000'000, .most = 7'000'000}},
        6};
}

void add_both(app::GrantTerms& terms) {
    add_marks(terms);
    add_canaries(terms);
}

/// A market with two buyers and enough rows for marks to say something.
struct CopyMarket {
    explicit CopyMarket(std::function<void(app::GrantTerms&)> more)
        : trade(10'007, std::nullopt, std::nullopt, std::move(more)) {
        trade.upload_csv(test::company_csv(trade.personal, kCompanies));
    }

    std::string deliver() { return trade.download(trade.deliver(trade.paid())); }
    std::string deliver_to_stranger() {
        std::swap(trade.buyer, trade.stranger);
        std::string copy = deliver();
        std::swap(trade.buyer, trade.stranger);
        return copy;
    }

    app::LeakTrace trace(const std::string& csv) { return test::traced(trade, csv); }

    Trade trade;
};

std::vector<std::string> lines_of(const std::string& csv) {
    std::istringstream in(csv);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

/// Sorted, so that the order says nothing, and without the column of pseudonyms.
std::string without_tokens(const std::string& csv) {
    std::vector<std::string> lines = lines_of(csv);
    std::sort(lines.begin() + 1, lines.end());
    std::string text;
    for (const std::string& line : lines) {
        const std::size_t first = line.find(',');
        text += line.substr(0, first) + line.substr(line.find(',', first + 1)) + "\n";
    }
    return text;
}

std::string sorted(const std::string& csv) {
    std::vector<std::string> lines = lines_of(csv);
    std::sort(lines.begin() + 1, lines.end());
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

/// The buyers that are named, each once.
std::set<std::string> named_buyers(const app::LeakTrace& found) {
    std::set<std::string> buyers;
    for (const auto& contract : found.contracts) {
        for (const auto& one : contract.deliveries) {
            if (one.is_named) buyers.insert(one.buyer.text());
        }
    }
    return buyers;
}

/// A contract whose data says more of a person than its limits of risk allow.
OrderId generalised_order(Trade& trade, std::vector<privacy::FieldRule> steps) {
    trade.risk = privacy::RiskRule{{.k_min = 40}, "legal_rep_id_no", std::move(steps)};
    trade.id_operation = "keep_first_last(0,4)";
    trade.put_on_sale();
    return trade.paid();
}

}  // namespace

TEST_CASE("copy: marks name the buyer when the tokens are left out and the rows are sorted",
          "[app][delivery][trace]") {
    CopyMarket market(add_marks);
    const std::string mine = market.deliver();
    const std::string other = market.deliver_to_stranger();
    CHECK(without_tokens(mine) != without_tokens(other));
    const std::string buyer = market.trade.buyer.party.text();
    const std::string stranger = market.trade.stranger.party.text();
    CHECK(named_buyers(market.trace(without_tokens(mine))) == std::set<std::string>{buyer});
    CHECK(named_buyers(market.trace(without_tokens(other))) == std::set<std::string>{stranger});
    // The source names nobody.
    CHECK(named_buyers(market.trace(test::company_csv(market.trade.personal, kCompanies))).empty());
}

TEST_CASE("copy: a second delivery to a buyer has the same marks", "[app][delivery][trace]") {
    CopyMarket market(add_both);
    const std::string one = market.deliver();
    const std::string two = market.deliver();
    CHECK(one != two);
    CHECK(sorted(one) == sorted(two));
    // The order tells which of the two it was.
    const app::LeakTrace found = market.trace(two);
    REQUIRE(found.contracts.size() == 1);
    REQUIRE(found.contracts[0].deliveries.size() == 2);
    CHECK(found.contracts[0].deliveries[0].is_named);
    CHECK_FALSE(found.contracts[0].deliveries[1].is_named);
}

TEST_CASE("copy: canaries name the buyer of a sorted table", "[app][delivery][trace]") {
    CopyMarket market(add_canaries);
    const std::string mine = sorted(market.deliver());
    const std::string other = sorted(market.deliver_to_stranger());
    CHECK(lines_of(mine).size() == kCompanies + 6 + 1);
    const app::LeakTrace found = market.trace(mine);
    CHECK(named_buyers(found) == std::set<std::string>{market.trade.buyer.party.text()});
    CHECK(found.contracts.at(0).deliveries.at(0).copy.canaries.hits == 6);
    CHECK(named_buyers(market.trace(other)) ==
          std::set<std::string>{market.trade.stranger.party.text()});
    // What they lived in is never in the file.
    CHECK(mine.find("320299") == std::string::npos);
}

TEST_CASE("copy: marks name the buyer after the contract has ended and its key is destroyed",
          "[app][delivery][trace][contract]") {
    CopyMarket market(add_both);
    const std::string mine = market.deliver();
    const std::string other = market.deliver_to_stranger();
    market.trade.supervise(domain::ContractEvent::kRevoke);
    const std::string buyer = market.trade.buyer.party.text();
    const std::string stranger = market.trade.stranger.party.text();
    CHECK(named_buyers(market.trace(mine)) == std::set<std::string>{buyer});
    // Sorted: the marks alone. Their rows are named by the pseudonyms as they stand in the table.
    const app::LeakTrace found = market.trace(sorted(other));
    CHECK(found.contracts.at(0).key_destroyed);
    CHECK(found.contracts.at(0).tokens.hits == 0);
    CHECK(found.contracts.at(0).deliveries.at(0).copy.canaries.hits == 0);  // left as pseudonyms
    CHECK(named_buyers(found) == std::set<std::string>{stranger});
    CHECK(named_buyers(market.trace(without_tokens(mine))) == std::set<std::string>{buyer});
    CHECK(named_buyers(market.trace(test::company_csv(market.trade.personal, kCompanies))).empty());
}

TEST_CASE("copy: contract, entry and report say what was done, and no row is metered for it",
          "[app][delivery]") {
    CopyMarket market(add_both);
    Trade& trade = market.trade;
    const json contract = app::to_json(trade.contracts.find(trade.admin, trade.contract));
    CHECK(contract.at("marks").at("one_of") == 3);
    CHECK(contract.at("canaries").at("rows") == 6);
    const DeliveryId id = trade.deliver(trade.paid());
    const json entry = trade.last_entry();
    CHECK(entry.at("v") == 5);
    CHECK(entry.at("body").at("output_rows") == std::to_string(kCompanies));
    const json& copy = entry.at("body").at("copy");
    CHECK(copy.at("canaries") == 6);
    CHECK(copy.at("generalisation_steps") == 0);
    const json report = json::parse(trade.delivery(id).report);
    CHECK(report.at("canaries") == 6);
    CHECK(copy.at("marked") == report.at("marks").at(0).at("carried"));
    CHECK(copy.at("marked") > kCompanies / 3);
    CHECK(trade.delivery(id).output_rows == kCompanies);
    trade.check_books();
}

TEST_CASE("copy: marks and canaries that the data cannot carry refuse the delivery",
          "[app][delivery]") {
    const auto [change, code] = GENERATE(table<std::function<void(app::GrantTerms&)>, std::string>(
        {{[](app::GrantTerms& terms) {
              add_marks(terms);
              terms.marks->columns[0].name = "ent_name";
              terms.marks->identities = {{"legal_rep_id_no"}};
          },
          "mark.column_class"},
         {[](app::GrantTerms& terms) {
              add_canaries(terms);
              terms.canaries->columns.pop_back();
          },
          "canary.column_missing"}}));
    CopyMarket market(change);
    const OrderId order = market.trade.paid();
    CHECK(code_of([&, expected = code] { market.trade.deliver(order); }) == code);
    CHECK(market.trade.last_entry().at("kind") == "delivery.refused");
    // Now that the data is known, nobody is granted it again.
    const ApplicationId again = market.trade.decided(market.trade.resource_id);
    CHECK(code_of([&] {
              market.trade.contracts.grant(Market::write(market.trade.authority), again,
                                           market.trade.terms());
          }) == code);
}

TEST_CASE("delivery: it is generalised step by step, and no further than the limits demand",
          "[app][delivery][risk]") {
    Trade trade;
    const std::vector<privacy::FieldRule> steps{{"legal_rep_id_no", privacy::Operation::keep(0, 1)},
                                                {"legal_rep_id_no", privacy::Operation::redact()},
                                                {"reg_capital_fen", privacy::Operation::redact()}};
    const DeliveryId id = trade.deliver(generalised_order(trade, steps));
    const json entry = trade.last_entry();
    CHECK(entry.at("v") == 5);
    CHECK(entry.at("body").at("copy").at("generalisation_steps") == 2);
    CHECK(entry.at("body").at("risk").at("size_min") == 40);
    CHECK(entry.at("body").at("columns").at(1).at("operation") == "redact");
    CHECK(entry.at("body").at("columns").at(2).at("operation") == "pass");
    CHECK(trade.download(id).find(",***") != std::string::npos);
    const json text = json::parse(trade.contracts.find(trade.admin, trade.contract).contract.text);
    CHECK(text.at("risk").at("steps").size() == 3);
    const store::Listing listing = trade.listings.find(trade.buyer, trade.listing);
    const json told = app::to_json(listing, trade.listings.policy(listing)).at("delivery");
    CHECK(told.at("steps") == text.at("risk").at("steps"));
    CHECK(told.at("fields").at(1).at("operation") == "keep_first_last(0,4)");

    const OrderId order = generalised_order(trade, {steps[0]});
    CHECK(code_of([&] { trade.deliver(order); }) == "delivery.risk");
    CHECK(trade.last_entry().at("kind") == "delivery.refused");
}
