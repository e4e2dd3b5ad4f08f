#pragma once
/// All use cases, one member per resource.
#include "marketplace/app/application_service.h"
#include "marketplace/app/books_service.h"
#include "marketplace/app/contract_service.h"
#include "marketplace/app/dataset_service.h"
#include "marketplace/app/delivery_service.h"
#include "marketplace/app/dispute_service.h"
#include "marketplace/app/entity_states.h"
#include "marketplace/app/examination_service.h"
#include "marketplace/app/ledger_service.h"
#include "marketplace/app/listing_service.h"
#include "marketplace/app/order_service.h"
#include "marketplace/app/party_service.h"
#include "marketplace/app/private_part_service.h"
#include "marketplace/app/product_service.h"
#include "marketplace/app/resource_service.h"
#include "marketplace/app/settlement_service.h"
#include "marketplace/app/statistic_service.h"
#include "marketplace/app/token_reversal_service.h"

namespace pdx::app {

struct Services {
    explicit Services(Context& context)
        : parties(context),
          resources(context),
          datasets(context),
          applications(context),
          contracts(context),
          products(context),
          listings(context),
          orders(context),
          deliveries(context),
          statistics(context),
          token_reversals(context),
          settlements(context),
          disputes(context),
          private_parts(context),
          books(context),
          examinations(context),
          ledger(context),
          states(context) {}

    PartyService parties;
    ResourceService resources;
    DatasetService datasets;
    ApplicationService applications;
    ContractService contracts;
    ProductService products;
    ListingService listings;
    OrderService orders;
    DeliveryService deliveries;
    StatisticService statistics;
    TokenReversalService token_reversals;
    SettlementService settlements;
    DisputeService disputes;
    PrivatePartService private_parts;
    BooksService books;
    ExaminationService examinations;
    LedgerService ledger;
    EntityStates states;
};

}  // namespace pdx::app
