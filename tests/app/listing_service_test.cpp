#include "marketplace/app/listing_service.h"

#include "tests/app/support/licensed.h"
#include "tests/app/support/refused.h"
#include "tests/support/catch.h"

using namespace pdx;
using domain::ListingState;
using nlohmann::json;
using test::code_of;
using test::Licensed;
using test::Market;

namespace {

std::optional<Error> refusal(Licensed& licensed, const ProductId& product, std::int64_t fen,
                             int days = 10) {
    return test::refusal_of([&] {
        licensed.listings.create(Market::write(licensed.licensed_operator),
                                 {product, Money::fen(fen), days});
    });
}

/// True when the gate refuses for exactly this rule.
bool refused_by(const std::optional<Error>& refusal, const std::string& rule) {
    return refusal && refusal->code() == "listing.gate" &&
           refusal->detail().rule.starts_with(rule + " (") &&
           refusal->detail().rule.find("; ") == std::string::npos;
}

}  // namespace

TEST_CASE("listing: a registered product is listed at or under the ceiling", "[app][listing]") {
    Licensed licensed;
    const ProductId product = licensed.registered(licensed.in_force());
    CHECK_FALSE(refusal(licensed, product, 20'000).has_value());
    CHECK_FALSE(refusal(licensed, product, 0).has_value());
    const ListingId id = licensed.listed(product, "19999");
    const store::Listing listing = licensed.listings.find(app::Caller{}, id);
    CHECK(listing.state == ListingState::kListed);
    CHECK(listing.price == Money::fen(19'999));
    CHECK(listing.inspection_days == 10);
    CHECK(listing.product_name_en == "Company list");
    const json entry = licensed.last_entry();
    CHECK(entry.at("kind") == "listing.listed");
    CHECK(entry.at("rule") == "demo@1");
    CHECK(entry.at("body").at("price") == "19999");
    CHECK(entry.at("body").at("state") == "listed");
    CHECK(entry.at("body").at("version") == 1);
}

TEST_CASE("listing: the gate names the rule that is not met", "[app][listing]") {
    Licensed licensed;
    const ContractId contract = licensed.in_force();
    const ProductId submitted = licensed.submitted(contract);
    CHECK(refused_by(refusal(licensed, submitted, 100), "listing.product_not_registered"));
    const ProductId product = licensed.registered(contract);
    CHECK(refused_by(refusal(licensed, product, 20'001), "price.above_ceiling"));
    CHECK(refused_by(refusal(licensed, product, -1), "price.negative"));
    const ResourceId resource = licensed.products.find(licensed.admin, product).resource_id;
    licensed.set_state(resource, "revoked");
    CHECK(refused_by(refusal(licensed, product, 100), "listing.source_missing"));
    licensed.set_state(resource, "active");
    licensed.contracts.supervise(Market::write(licensed.authority), contract,
                                 domain::ContractEvent::kSuspend, "");
    CHECK(refused_by(refusal(licensed, product, 100), "listing.contract_not_live"));
    licensed.contracts.supervise(Market::write(licensed.authority), contract,
                                 domain::ContractEvent::kResume, "");
    licensed.market.clock().set(Timestamp::parse("2027-03-01T00:00:00Z").value());
    CHECK(refused_by(refusal(licensed, product, 100), "listing.contract_not_live"));
    CHECK(licensed.listings.list(licensed.licensed_operator, "", 10).empty());
}

TEST_CASE("listing: inspection takes at least a day and does not go on for ever",
          "[app][listing]") {
    Licensed licensed;
    const ProductId product = licensed.registered(licensed.in_force());
    for (const int days : {-1, 0, 91}) {
        const auto refused = refusal(licensed, product, 100, days);
        REQUIRE(refused.has_value());
        CHECK(refused->code() == "listing.inspection_days");
    }
    CHECK_FALSE(refusal(licensed, product, 100, 1).has_value());
    CHECK_FALSE(refusal(licensed, product, 100, 90).has_value());
}

TEST_CASE("listing: only the seller lists and delists", "[app][listing]") {
    Licensed licensed;
    const ProductId product = licensed.registered(licensed.in_force());
    const ListingId id = licensed.listed(product);
    const app::Caller other = licensed.market.party(domain::Role::kOperator);
    CHECK(code_of([&] {
              licensed.listings.create(Market::write(other), {product, Money::fen(1), 10});
          }) == "product.not_found");
    CHECK(code_of([&] { licensed.listings.delist(Market::write(other), id); }) ==
          "listing.not_found");
    licensed.listings.delist(Market::write(licensed.licensed_operator), id);
    CHECK(licensed.last_entry().at("kind") == "listing.delisted");
    CHECK(code_of([&] {
              licensed.listings.delist(Market::write(licensed.licensed_operator), id);
          }) == "listing.transition");
}

TEST_CASE("listing: what was delisted can still be read but is not offered", "[app][listing]") {
    Licensed licensed;
    const ProductId product = licensed.registered(licensed.in_force());
    const ListingId kept = licensed.listed(product);
    const ListingId gone = licensed.listed(product, "12000");
    licensed.listings.delist(Market::write(licensed.licensed_operator), gone);
    CHECK(licensed.listings.find(licensed.buyer, gone).state == ListingState::kDelisted);
    const auto offered = licensed.listings.list(licensed.buyer, "", 10);
    REQUIRE(offered.size() == 1);
    CHECK(offered.front().id == kept);
    CHECK(licensed.listings.list(app::Caller{}, kept.text(), 10).empty());
    CHECK(licensed.listings.list(licensed.licensed_operator, "", 10).size() == 2);
    const auto unknown = ListingId::parse("01900000-0000-7000-8000-000000000001").value();
    CHECK(code_of([&] { licensed.listings.find(licensed.admin, unknown); }) == "listing.not_found");
}
