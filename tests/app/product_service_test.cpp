#include "marketplace/app/product_service.h"

#include "marketplace/app/private_part_service.h"
#include "tests/app/support/licensed.h"
#include "tests/app/support/refused.h"
#include "tests/support/catch.h"

using namespace pdx;
using app::ReviewDecision;
using domain::ProductState;
using nlohmann::json;
using test::code_of;
using test::Licensed;
using test::Market;

namespace {

std::string create_code(Licensed& licensed, const app::Caller& caller, const ContractId& contract) {
    return code_of([&] {
        licensed.products.create(Market::write(caller), {contract, "产品", "Product", "", "",
                                                         domain::ProductKind::kDataset});
    });
}

std::string review_code(Licensed& licensed, const ProductId& id, ReviewDecision decision) {
    return code_of(
        [&] { licensed.products.review(Market::write(licensed.admin), id, decision, "说明"); });
}

}  // namespace

TEST_CASE("product: it is made under one's own live contract", "[app][product]") {
    Licensed licensed;
    const ContractId drafted = licensed.drafted();
    CHECK(create_code(licensed, licensed.licensed_operator, drafted) == "contract.not_live");
    const ContractId contract = licensed.in_force();
    CHECK(create_code(licensed, licensed.market.party(domain::Role::kOperator), contract) ==
          "contract.not_found");
    CHECK(create_code(licensed, licensed.provider, contract) == "contract.not_found");
    const ProductId id = licensed.submitted(contract);
    const store::Product product = licensed.products.find(licensed.licensed_operator, id);
    CHECK(product.state == ProductState::kSubmitted);
    CHECK(product.contract_id == contract);
    const json entry = licensed.last_entry();
    CHECK(entry.at("kind") == "product.submitted");
    CHECK(entry.at("body").at("events") == json::array({"submit"}));
    CHECK(entry.dump().find("企业名录") == std::string::npos);

    licensed.contracts.supervise(Market::write(licensed.authority), contract,
                                 domain::ContractEvent::kSuspend, "");
    CHECK(create_code(licensed, licensed.licensed_operator, contract) == "contract.not_live");
    CHECK(review_code(licensed, id, ReviewDecision::kApprove) == "contract.not_live");
    CHECK(licensed.products.find(licensed.admin, id).state == ProductState::kSubmitted);
}

TEST_CASE("product: approval registers it in the same command", "[app][product]") {
    Licensed licensed;
    const ProductId id = licensed.submitted(licensed.in_force());
    CHECK(review_code(licensed, id, ReviewDecision::kApprove) == "none");
    const store::Product product = licensed.products.find(app::Caller{}, id);
    CHECK(product.state == ProductState::kRegistered);
    CHECK(product.version == 2);
    app::PrivatePartService parts(licensed.market.context());
    CHECK(parts.texts_of("product", id.text()).at("review_reason") == "说明");
    const json entry = licensed.last_entry();
    CHECK(entry.at("kind") == "product.registered");
    CHECK(entry.at("body").at("events") == json::array({"approve", "register"}));
    CHECK(entry.at("body").at("state") == "registered");
    CHECK(review_code(licensed, id, ReviewDecision::kApprove) == "product.transition");
    CHECK(review_code(licensed, id, ReviewDecision::kReject) == "product.transition");
}

TEST_CASE("product: a rejected one stays rejected", "[app][product]") {
    Licensed licensed;
    const ProductId id = licensed.submitted(licensed.in_force());
    CHECK(review_code(licensed, id, ReviewDecision::kReject) == "none");
    CHECK(licensed.last_entry().at("kind") == "product.rejected");
    CHECK(licensed.products.find(licensed.licensed_operator, id).state == ProductState::kRejected);
    CHECK(review_code(licensed, id, ReviewDecision::kApprove) == "product.transition");
    const auto unknown = ProductId::parse("01900000-0000-7000-8000-000000000001").value();
    CHECK(review_code(licensed, unknown, ReviewDecision::kApprove) == "product.not_found");
}

TEST_CASE("product: the public sees it once it is registered", "[app][product]") {
    Licensed licensed;
    const ContractId contract = licensed.in_force();
    const ProductId id = licensed.submitted(contract);
    const auto seen = [&](const app::Caller& caller) {
        const bool found = code_of([&] { licensed.products.find(caller, id); }) == "none";
        CHECK(licensed.products.list(caller, "", 10).size() == (found ? 1 : 0));
        return found;
    };
    CHECK(seen(licensed.licensed_operator));
    CHECK(seen(licensed.authority));
    CHECK(seen(licensed.admin));
    CHECK(seen(licensed.auditor));
    CHECK_FALSE(seen(licensed.buyer));
    CHECK_FALSE(seen(licensed.market.party(domain::Role::kOperator)));
    CHECK_FALSE(seen(app::Caller{}));
    CHECK(review_code(licensed, id, ReviewDecision::kApprove) == "none");
    CHECK(seen(licensed.buyer));
    CHECK(seen(app::Caller{}));
}
