#include "marketplace/http/handlers/product_routes.h"

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "marketplace/app/product_view.h"
#include "marketplace/http/handlers/answer.h"
#include "marketplace/http/handlers/private_part_routes.h"

namespace pdx::http {
namespace {

using domain::Permission;
using nlohmann::json;

const Schema& product_schema() {
    static const Schema schema = [] {
        std::vector<std::string> kinds;
        kinds.reserve(std::size(domain::kProductKindNames));
        for (const auto& row : domain::kProductKindNames) kinds.emplace_back(row.name);
        return object({required("contract_id", uuid()), required("name_zh", text(1, 200)),
                       required("name_en", text(1, 200)), required("description_zh", text(0, 4000)),
                       required("description_en", text(0, 4000)), required("kind", choice(kinds))})
            .named("ProductSubmission");
    }();
    return schema;
}

const Schema& product_review_schema() {
    static const Schema schema = object({required("decision", choice({"approve", "reject"})),
                                         optional("reason", text(0, 500))})
                                     .named("ProductReview");
    return schema;
}

ProductId product_id(const Request& request) { return request.path_as<ProductId>("product_id"); }

Response create_product(const Request& request, app::Services& services) {
    const json& body = request.json();
    const auto word = [&](const char* member) { return body.at(member).get<std::string>(); };
    const auto contract = ContractId::parse(word("contract_id"));
    if (!contract) throw not_found("contract");
    const auto kind = domain::parse<domain::ProductKind>(word("kind"));
    PDX_CHECK(kind.has_value());
    return answer_with_texts(
        201,
        services.products.create(write_request(request),
                                 {*contract, word("name_zh"), word("name_en"),
                                  word("description_zh"), word("description_en"), *kind}),
        services, "product");
}

Response review_product(const Request& request, app::Services& services) {
    const json& body = request.json();
    const auto decision = body.at("decision").get<std::string>() == "approve"
                              ? app::ReviewDecision::kApprove
                              : app::ReviewDecision::kReject;
    return answer_with_texts(
        200,
        services.products.review(write_request(request), product_id(request), decision,
                                 body.value("reason", std::string())),
        services, "product");
}

Response find_product(const Request& request, app::Services& services) {
    const auto found = services.products.find(request.caller, product_id(request));
    return answer_one_with_texts(request, app::to_json(found), found.version,
                                 services.private_parts.texts_of("product", found.id.text()));
}

Response list_products(const Request& request, app::Services& services,
                       const CursorCodec& cursors) {
    const Page page = page_of(request, cursors);
    const auto found = services.products.list(request.caller, page.after, page.limit);
    return answer_rows(request, cursors, page, found, [&services](const auto& product) {
        return with_texts(services, app::to_json(product), "product", product.id.text());
    });
}

}  // namespace

std::vector<Route> product_routes(const Bind& bind) {
    return {
        {.method = "POST",
         .path = "/api/v1/products",
         .operation_id = "createProduct",
         .tag = "Products",
         .summary = {"Make a product under a contract in force and submit it for review",
                     "依据生效协议编制产品并提交审查"},
         .access = Access::needs(Permission::kCreateProduct),
         .body = BodyMode::kJson,
         .request_schema = &product_schema(),
         .response = {201, {"The submitted product", "已提交的产品"}},
         .errors = {{404, "contract.not_found"},
                    {409, "contract.not_live"},
                    {409, "product.form_not_granted"}},
         .write = true,
         .handler = bind(create_product)},
        {.method = "GET",
         .path = "/api/v1/products",
         .operation_id = "listProducts",
         .tag = "Products",
         .summary = {"List registered products, and one's own", "已登记产品及本方产品列表"},
         .access = Access::open(),
         .query = page_parameters(),
         .response = {200, {"Products by id", "产品"}},
         .handler = bind(list_products)},
        {.method = "GET",
         .path = "/api/v1/products/{product_id}",
         .operation_id = "findProduct",
         .tag = "Products",
         .summary = {"Read a product", "查看产品"},
         .access = Access::open(),
         .response = {200, {"The product", "产品"}},
         .errors = {{404, "product.not_found"}},
         .handler = bind(find_product)},
        {.method = "POST",
         .path = "/api/v1/products/{product_id}/review",
         .operation_id = "reviewProduct",
         .tag = "Products",
         .summary = {"Approve, which registers the product, or reject",
                     "审查：通过即登记，或不通过"},
         .access = Access::needs(Permission::kApproveProduct),
         .body = BodyMode::kJson,
         .request_schema = &product_review_schema(),
         .response = {200, {"The product", "产品"}},
         .errors = {{404, "product.not_found"},
                    {409, "product.transition"},
                    {409, "contract.not_live"}},
         .write = true,
         .handler = bind(review_product)},
    };
}

}  // namespace pdx::http
