#include "marketplace/http/api.h"

#include <iterator>
#include <utility>

#include "marketplace/http/handlers/application_routes.h"
#include "marketplace/http/handlers/books_routes.h"
#include "marketplace/http/handlers/contract_routes.h"
#include "marketplace/http/handlers/delivery_routes.h"
#include "marketplace/http/handlers/dispute_routes.h"
#include "marketplace/http/handlers/entity_routes.h"
#include "marketplace/http/handlers/examination_routes.h"
#include "marketplace/http/handlers/ledger_routes.h"
#include "marketplace/http/handlers/listing_routes.h"
#include "marketplace/http/handlers/order_routes.h"
#include "marketplace/http/handlers/party_routes.h"
#include "marketplace/http/handlers/private_part_routes.h"
#include "marketplace/http/handlers/product_routes.h"
#include "marketplace/http/handlers/resource_routes.h"
#include "marketplace/http/handlers/settlement_routes.h"
#include "marketplace/http/handlers/statistic_routes.h"
#include "marketplace/http/handlers/system_routes.h"
#include "marketplace/http/handlers/tile_routes.h"
#include "marketplace/http/handlers/token_reversal_routes.h"
#include "marketplace/http/handlers/web_pages.h"

namespace pdx::http {

std::vector<Route> api_routes(app::Services& services, const CursorCodec& cursors,
                              ApiOptions options) {
    const Bind bind(services, cursors);
    std::vector<Route> routes;
    const auto add = [&routes](std::vector<Route> rows) {
        routes.insert(routes.end(), std::make_move_iterator(rows.begin()),
                      std::make_move_iterator(rows.end()));
    };
    add(resource_routes(bind));
    add(dataset_routes(bind));
    add(examination_routes(bind));
    add(application_routes(bind));
    add(contract_routes(bind));
    add(product_routes(bind));
    add(listing_routes(bind));
    add(order_routes(bind));
    add(delivery_routes(bind));
    add(statistic_routes(bind));
    add(token_reversal_routes(bind));
    add(settlement_routes(bind));
    add(dispute_routes(bind));
    add(private_part_routes(bind));
    add(books_routes(bind));
    add(party_routes(bind));
    add(web_page_routes(options.vkeys.front()));
    add(ledger_routes(bind));
    add(tile_routes(services.ledger.files(), std::move(options.vkeys)));
    add(entity_routes(bind));
    // Last: the API's own description is made from every row above.
    add(system_routes(services, routes, std::move(options.ready), std::move(options.patrol)));
    return routes;
}

}  // namespace pdx::http
