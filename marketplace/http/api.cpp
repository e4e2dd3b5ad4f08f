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
    std::vector<Route> routes;
    const auto add = [&routes](std::vector<Route> rows) {
        routes.insert(routes.end(), std::make_move_iterator(rows.begin()),
                      std::make_move_iterator(rows.end()));
    };
    add(resource_routes(services, cursors));
    add(dataset_routes(services, cursors));
    add(examination_routes(services));
    add(application_routes(services, cursors));
    add(contract_routes(services, cursors));
    add(product_routes(services, cursors));
    add(listing_routes(services, cursors));
    add(order_routes(services, cursors));
    add(delivery_routes(services, cursors));
    add(statistic_routes(services, cursors));
    add(token_reversal_routes(services, cursors));
    add(settlement_routes(services, cursors));
    add(dispute_routes(services, cursors));
    add(private_part_routes(services));
    add(books_routes(services, cursors));
    add(party_routes(services, cursors));
    add(web_page_routes(options.vkeys.front()));
    add(ledger_routes(services, cursors));
    add(tile_routes(services.ledger.files(), std::move(options.vkeys)));
    add(entity_routes(services));
    // Last: the API's own description is made from every row above.
    add(system_routes(services, routes, std::move(options.ready), std::move(options.patrol)));
    return routes;
}

}  // namespace pdx::http
