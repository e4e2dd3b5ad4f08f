/// Every statement of every store is prepared on every driver, after the migrations that are
/// compiled in: a misspelt column fails here and not in production.
#include <functional>
#include <set>
#include <span>

#include "sql/migrate.h"
#include "sql/sql.h"
#include "tests/sql/databases.h"
#include "tests/support/catch.h"

namespace pdx::sql {
namespace {

/// One line per store file that has `queries()`; a new store adds its own.
const std::vector<std::span<const Query>>& all_queries() {
    static const std::vector<std::span<const Query>> lists{};
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
