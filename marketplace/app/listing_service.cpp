#include "marketplace/app/listing_service.h"

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/error.h"
#include "catalog/store/resource_store.h"
#include "marketplace/app/contract_data.h"
#include "marketplace/app/listing_view.h"
#include "marketplace/domain/registration.h"
#include "marketplace/store/application_store.h"
#include "marketplace/store/contract_store.h"
#include "marketplace/store/party_store.h"
#include "marketplace/store/product_store.h"
#include "privacy/checksum.h"

namespace pdx::app {
namespace {

using nlohmann::json;

/// What the gate looks at, from what is stored.
domain::ListingFacts listing_facts(Transaction& tx, const store::Product& product, Money price) {
    const auto contract = store::find_contract(tx.db(), product.contract_id);
    PDX_CHECK(contract.has_value());
    const auto application = store::find_application(tx.db(), contract->application_id);
    const auto seller = store::find_party(tx.db(), product.operator_id);
    const auto resource = catalog::ResourceStore(tx.db()).load(product.resource_id);
    PDX_CHECK(application && seller && resource);
    domain::ListingFacts facts;
    facts.product = product.state;
    facts.contract_live = domain::is_live(contract->facts(), tx.now());
    facts.seller_verified = privacy::is_valid_uscc(seller->uscc);
    // Registration asks how the holder came by the data, and gives a code only to whom has said so.
    facts.has_source_statement =
        !resource->registration_code.empty() &&
        resource->state == domain::to_string(domain::RegistrationState::kActive);
    facts.has_masking_policy = !contract->policy_text.empty();
    facts.has_use_policy = !application->purpose.empty();
    facts.beneficiary = application->beneficiary;
    facts.unit_price = price;
    facts.ceiling = contract->price_ceiling;
    return facts;
}

json fact_body(const store::Listing& listing, domain::ListingEvent event) {
    return {{"product_id", listing.product_id.text()},
            {"operator_id", listing.operator_id.text()},
            {"price", listing.price.text()},
            {"inspection_days", listing.inspection_days},
            {"event", domain::to_string(event)},
            {"state", domain::to_string(listing.state)},
            {"version", listing.version}};
}

void check_inspection_days(int days) {
    if (days >= kInspectionDaysMin && days <= kInspectionDaysMax) return;
    const std::string max = std::to_string(kInspectionDaysMax);
    throw invalid(
        "listing.inspection_days",
        {"A buyer inspects for 1 to " + max + " days.", "验收期须为 1 至 " + max + " 日。"},
        {.pointer = "/inspection_days"});
}

}  // namespace

Outcome ListingService::create(const WriteRequest& write, const CreateListing& input) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             const auto product = store::find_product(tx.db(), input.product);
             if (!product || product->operator_id != write.caller.party) throw not_found("product");
             check_inspection_days(input.inspection_days);
             domain::check_listing(listing_facts(tx, *product, input.price));
             store::Listing listing;
             listing.id = tx.make_id<ListingTag>();
             listing.product_id = product->id;
             listing.operator_id = product->operator_id;
             listing.price = input.price;
             listing.inspection_days = input.inspection_days;
             listing.state =
                 domain::apply(domain::ListingState::kDraft, domain::ListingEvent::kList);
             listing.created_at = tx.now();
             listing.updated_at = tx.now();
             listing.product_name_zh = product->name_zh;
             listing.product_name_en = product->name_en;
             listing.product_kind = product->kind;
             store::insert_listing(tx.db(), listing);
             json body = fact_body(listing, domain::ListingEvent::kList);
             body["contract_id"] = product->contract_id.text();
             tx.record(make_fact("listing.listed", "listing", listing.id.text(), body,
                                 domain::profile_name(context_.rules)));
             return to_json(listing).dump();
         }});
}

Outcome ListingService::delist(const WriteRequest& write, const ListingId& id) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             auto listing = store::find_listing(tx.db(), id);
             if (!listing || listing->operator_id != write.caller.party) throw not_found("listing");
             listing->state = domain::apply(listing->state, domain::ListingEvent::kDelist);
             store::update_listing(tx.db(), *listing, tx.now());
             tx.record(make_fact("listing.delisted", "listing", id.text(),
                                 fact_body(*listing, domain::ListingEvent::kDelist)));
             return to_json(*listing).dump();
         }});
}

store::Listing ListingService::find(const Caller& caller, const ListingId& id) {
    auto lease = context_.reads.borrow();
    auto listing = store::find_listing(*lease, id);
    const bool visible = listing && (listing->state != domain::ListingState::kDraft ||
                                     listing->operator_id == caller.party);
    if (!visible) throw not_found("listing");
    return *std::move(listing);
}

privacy::Policy ListingService::policy(const store::Listing& listing) {
    auto lease = context_.reads.borrow();
    const auto product = store::find_product(*lease, listing.product_id);
    PDX_CHECK(product.has_value());
    const auto contract = store::find_contract(*lease, product->contract_id);
    PDX_CHECK(contract.has_value());
    return policy_of(contract->id, contract->policy_text, contract->policy_digest);
}

std::vector<store::Listing> ListingService::list(const Caller& caller, const std::string& after,
                                                 std::int64_t limit) {
    auto lease = context_.reads.borrow();
    return store::list_listings_visible_to(*lease, caller.party, after, limit);
}

}  // namespace pdx::app
