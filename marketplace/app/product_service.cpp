#include "marketplace/app/product_service.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "marketplace/app/contract_data.h"
#include "marketplace/app/decision_access.h"
#include "marketplace/app/live_contract.h"
#include "marketplace/app/product_view.h"

namespace pdx::app {
namespace {

using nlohmann::json;

json fact_body(const store::Product& product, const std::vector<domain::ProductEvent>& events) {
    json names = json::array();
    for (const domain::ProductEvent event : events) names.push_back(domain::to_string(event));
    return {{"operator_id", product.operator_id.text()},
            {"contract_id", product.contract_id.text()},
            {"resource_id", product.resource_id.text()},
            {"kind", domain::to_string(product.kind)},
            {"events", std::move(names)},
            {"state", domain::to_string(product.state)},
            {"version", product.version}};
}

/// Of a contract of before there were scopes every form is.
void check_form(const store::Contract& contract, domain::ProductKind form) {
    const privacy::Policy policy =
        policy_of(contract.id, contract.policy_text, contract.policy_digest);
    if (!policy.scope || policy.scope->has_form(domain::to_string(form))) return;
    const std::string zh(domain::label_zh(form));
    throw conflict("product.form_not_granted",
                   {"The contract grants no product of the form '" +
                        std::string(domain::to_string(form)) + "'.",
                    "协议未授权“" + zh + "”形态的产品。"},
                   {.pointer = "/kind"});
}

}  // namespace

Outcome ProductService::create(const WriteRequest& write, const CreateProduct& input) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             const auto contract = store::find_contract(tx.db(), input.contract);
             if (!contract || contract->operator_id != write.caller.party)
                 throw not_found("contract");
             domain::check_live(contract->facts(), tx.now());
             check_form(*contract, input.kind);
             store::Product product;
             product.id = tx.make_id<ProductTag>();
             product.operator_id = write.caller.party;
             product.contract_id = contract->id;
             product.resource_id = contract->resource_id;
             product.name_zh = input.name_zh;
             product.name_en = input.name_en;
             product.description_zh = input.description_zh;
             product.description_en = input.description_en;
             product.kind = input.kind;
             product.state =
                 domain::apply(domain::ProductState::kDraft, domain::ProductEvent::kSubmit);
             product.created_at = tx.now();
             product.updated_at = tx.now();
             store::insert_product(tx.db(), product);
             tx.record(make_fact("product.submitted", "product", product.id.text(),
                                 fact_body(product, {domain::ProductEvent::kSubmit}),
                                 domain::profile_name(context_.rules)));
             return to_json(product).dump();
         }});
}

Outcome ProductService::review(const WriteRequest& write, const ProductId& id,
                               ReviewDecision decision, const std::string& reason) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             auto product = store::find_product(tx.db(), id);
             if (!product) throw not_found("product");
             const bool approved = decision == ReviewDecision::kApprove;
             std::vector<domain::ProductEvent> events{domain::ProductEvent::kReject};
             if (approved)
                 events = {domain::ProductEvent::kApprove, domain::ProductEvent::kRegister};
             for (const domain::ProductEvent event : events) {
                 product->state = domain::apply(product->state, event);
             }
             if (approved) require_live(tx.db(), product->contract_id, tx.now());
             store::update_product(tx.db(), *product, tx.now());
             ledger::PrivateTexts texts;
             if (!reason.empty()) texts.emplace("review_reason", reason);
             tx.record(context_.vault.make_fact(
                 approved ? "product.registered" : "product.rejected", "product", id.text(),
                 fact_body(*product, events), domain::profile_name(context_.rules), texts));
             return to_json(*product).dump();
         }});
}

store::Product ProductService::find(const Caller& caller, const ProductId& id) {
    auto lease = context_.reads.borrow();
    auto product = store::find_product(*lease, id);
    if (!product || !may_read(caller, *product)) throw not_found("product");
    return *std::move(product);
}

std::vector<store::Product> ProductService::list(const Caller& caller, const std::string& after,
                                                 std::int64_t limit) {
    auto lease = context_.reads.borrow();
    if (supervises(caller)) return store::list_products(*lease, after, limit);
    return store::list_products_visible_to(*lease, caller.party, after, limit);
}

}  // namespace pdx::app
