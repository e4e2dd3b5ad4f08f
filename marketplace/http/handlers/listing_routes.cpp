#include "marketplace/http/handlers/listing_routes.h"

#include <nlohmann/json.hpp>

#include "marketplace/app/listing_view.h"
#include "marketplace/http/handlers/answer.h"

namespace pdx::http {
namespace {

using domain::Permission;
using nlohmann::json;

const Schema& listing_schema() {
    static const Schema schema =
        object({required("product_id", uuid()), required("price", money()),
                required("inspection_days",
                         integer(app::kInspectionDaysMin, app::kInspectionDaysMax))})
            .named("ListingOffer");
    return schema;
}

ListingId listing_id(const Request& request) { return request.path_as<ListingId>("listing_id"); }

Response create_listing(const Request& request, app::Services& services) {
    const json& body = request.json();
    const auto product = ProductId::parse(body.at("product_id").get<std::string>());
    if (!product) throw not_found("product");
    return answer(201, services.listings.create(write_request(request),
                                                {*product, money_of(body.at("price")),
                                                 body.at("inspection_days").get<int>()}));
}

Response delist(const Request& request, app::Services& services) {
    return answer(200, services.listings.delist(write_request(request), listing_id(request)));
}

Response find_listing(const Request& request, app::Services& services) {
    const auto found = services.listings.find(request.caller, listing_id(request));
    return answer_one(request, app::to_json(found, services.listings.policy(found)), found.version);
}

Response list_listings(const Request& request, app::Services& services,
                       const CursorCodec& cursors) {
    const Page page = page_of(request, cursors);
    const auto found = services.listings.list(request.caller, page.after, page.limit);
    return answer_rows(request, cursors, page, found,
                       [](const auto& listing) { return app::to_json(listing); });
}

}  // namespace

std::vector<Route> listing_routes(const Bind& bind) {
    return {
        {.method = "POST",
         .path = "/api/v1/listings",
         .operation_id = "createListing",
         .tag = "Listings",
         .summary = {"List a registered product at a price under the ceiling",
                     "产品挂牌（价格不高于上限）"},
         .access = Access::needs(Permission::kListProduct),
         .body = BodyMode::kJson,
         .request_schema = &listing_schema(),
         .response = {201, {"The listing", "挂牌"}},
         .errors = {{404, "product.not_found"}, {409, "listing.gate"}},
         .write = true,
         .handler = bind(create_listing)},
        {.method = "GET",
         .path = "/api/v1/listings",
         .operation_id = "listListings",
         .tag = "Listings",
         .summary = {"What can be ordered, and one's own listings", "挂牌列表"},
         .access = Access::open(),
         .query = page_parameters(),
         .response = {200, {"Listings by id", "挂牌"}},
         .handler = bind(list_listings)},
        {.method = "GET",
         .path = "/api/v1/listings/{listing_id}",
         .operation_id = "findListing",
         .tag = "Listings",
         .summary = {"Read a listing", "查看挂牌"},
         .access = Access::open(),
         .response =
             {200,
              {"The listing, and how its data leaves: delivery.fields with their operations, "
               "delivery.steps that may make them coarser, marked_columns, canary_rows",
               "挂牌及交付方式：字段处理方式、可能追加的泛化步骤、带标记的列、诱饵行数"}},
         .errors = {{404, "listing.not_found"}, {409, "delivery.policy"}},
         .handler = bind(find_listing)},
        {.method = "POST",
         .path = "/api/v1/listings/{listing_id}/delisting",
         .operation_id = "delistListing",
         .tag = "Listings",
         .summary = {"Take a listing off the market", "摘牌"},
         .access = Access::needs(Permission::kListProduct),
         .body = BodyMode::kJson,
         .request_schema = &empty_schema(),
         .response = {200, {"The listing", "挂牌"}},
         .errors = {{404, "listing.not_found"}, {409, "listing.transition"}},
         .write = true,
         .handler = bind(delist)},
    };
}

}  // namespace pdx::http
