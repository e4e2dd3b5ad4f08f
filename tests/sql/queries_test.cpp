/// Every statement of every store is prepared on every driver, after the migrations that are
/// compiled in: a misspelt column fails here and not in production.
#include <functional>
#include <set>
#include <span>

#include "catalog/store/resource_store.h"
#include "catalog/store/search_store.h"
#include "ledger/store/cosignature_store.h"
#include "ledger/store/fsck.h"
#include "ledger/store/log_store.h"
#include "ledger/store/witness_store.h"
#include "marketplace/store/account_store.h"
#include "marketplace/store/application_store.h"
#include "marketplace/store/audit_store.h"
#include "marketplace/store/contract_key_store.h"
#include "marketplace/store/contract_store.h"
#include "marketplace/store/counter_store.h"
#include "marketplace/store/delivery_store.h"
#include "marketplace/store/dispute_store.h"
#include "marketplace/store/idempotency_store.h"
#include "marketplace/store/listing_store.h"
#include "marketplace/store/order_store.h"
#include "marketplace/store/party_store.h"
#include "marketplace/store/private_part_store.h"
#include "marketplace/store/product_store.h"
#include "marketplace/store/relation_store.h"
#include "marketplace/store/settlement_store.h"
#include "marketplace/store/sketch_store.h"
#include "marketplace/store/statistic_store.h"
#include "marketplace/store/token_reversal_store.h"
#include "sql/migrate.h"
#include "sql/sql.h"
#include "tests/sql/databases.h"
#include "tests/support/catch.h"

namespace pdx::sql {
namespace {

/// One line per store file that has `queries()`; a new store adds its own.
const std::vector<std::span<const Query>>& all_queries() {
    static const std::vector<std::span<const Query>> lists{
        ledger::queries(),
        ledger::entry_index_queries(),
        ledger::fsck_queries(),
        ledger::cosignature_queries(),
        ledger::witness_queries(),
        catalog::resource_queries(),
        catalog::search_queries(),
        store::account_queries(),
        store::application_queries(),
        store::audit_queries(),
        store::contract_queries(),
        store::contract_key_queries(),
        store::counter_queries(),
        store::delivery_queries(),
        store::dispute_queries(),
        store::idempotency_queries(),
        store::listing_queries(),
        store::order_queries(),
        store::party_queries(),
        store::product_queries(),
        store::relation_queries(),
        store::settlement_queries(),
        store::sketch_queries(),
        store::statistic_queries(),
        store::token_reversal_queries(),
        store::private_part_queries(),
    };
    return lists;
}

TEST_CASE("queries: every statement prepares on every driver", "[sql][queries]") {
    for (const auto& kind : test::database_kinds()) {
        const auto database = kind.fresh();
        const auto connection = database->open();
        migrate(*connection, embedded_schema());
        for (const auto& list : all_queries()) {
            for (const Query& query : list) {
                INFO(kind.name << ": " << query.name << ": " << query.text);
                CHECK_NOTHROW(connection->prepare(query));
            }
        }
    }
}

TEST_CASE("queries: names are unique and read noun.verb", "[sql][queries]") {
    std::set<std::string_view> names;
    for (const auto& list : all_queries()) {
        for (const Query& query : list) {
            INFO(query.name);
            CHECK(query.name.find('.') != std::string_view::npos);
            CHECK(names.insert(query.name).second);
            CHECK(query.text.find(';') == std::string_view::npos);
        }
    }
}

}  // namespace
}  // namespace pdx::sql
