#include "marketplace/http/handlers/statistic_routes.h"

#include <nlohmann/json.hpp>
#include <string>

#include "marketplace/app/contract_text.h"
#include "marketplace/app/statistic_view.h"
#include "marketplace/http/handlers/answer.h"
#include "privacy/statistic_query.h"

namespace pdx::http {
namespace {

using domain::Permission;
using nlohmann::json;

constexpr auto kNameMax = static_cast<std::int64_t>(privacy::kQueryNameBytesMax);

Schema count(std::int64_t low, std::uint64_t high) {
    return integer(low, static_cast<std::int64_t>(high));
}

Schema texts(std::size_t count_max) {
    return array(text(0, kNameMax), 1, static_cast<std::int64_t>(count_max));
}

Schema bounds_schema() {
    const Schema bound = integer(-privacy::kBoundMax, privacy::kBoundMax);
    return object({required("decimals", integer(0, 6)), required("low", bound),
                   required("high", bound)})
        .named("StatisticBounds");
}

Schema groups_schema() {
    return object({required("column", text(1, kNameMax)),
                   optional("keys", texts(privacy::kGroupsMax)),
                   optional("decimals", integer(0, 6)),
                   optional("edges", array(integer(-privacy::kBoundMax, privacy::kBoundMax), 2,
                                           std::int64_t{privacy::kGroupsMax} + 1)),
                   optional("unknown", boolean())})
        .named("StatisticGroups");
}

Schema filter_schema() {
    return object({required("column", text(1, kNameMax)),
                   optional("values", texts(privacy::kFilterValuesMax)),
                   optional("between", bounds_schema())})
        .named("StatisticFilter");
}

Schema spend_schema() {
    return object({required("mechanism", choice({"laplace", "gaussian"})),
                   optional("epsilon_millionths", count(1, privacy::kSpendMax)),
                   optional("rho_millionths", count(1, privacy::kSpendMax)),
                   optional("delta_trillionths", count(1, privacy::kDeltaMax))})
        .named("StatisticSpend");
}

/// The shape; what belongs together is privacy::read_query()'s.
const Schema& query_schema() {
    static const Schema schema =
        object({required("format", choice({std::string(privacy::kQueryFormat)})),
                required("measure", choice({"count", "sum", "mean", "histogram", "quantile"})),
                optional("column", text(1, kNameMax)), optional("bounds", bounds_schema()),
                optional("quantiles_basis_points",
                         array(integer(0, 10'000), 1, std::int64_t{privacy::kQuantilesMax})),
                optional("groups", groups_schema()),
                optional("filters", array(filter_schema(), 0, std::int64_t{privacy::kFiltersMax})),
                required("subject", text(1, kNameMax)),
                required("rows_per_person", integer(1, privacy::kRowsPerPersonMax)),
                required("groups_per_person", integer(1, privacy::kRowsPerPersonMax)),
                required("privacy", spend_schema())})
            .named("StatisticQuery");
    return schema;
}

ContractId contract_id(const Request& request) {
    return request.path_as<ContractId>("contract_id");
}

Response ask_statistic(const Request& request, app::Services& services) {
    const auto query = privacy::read_query(request.json().dump());
    return answer(201,
                  services.statistics.ask(write_request(request), contract_id(request), query));
}

json account_json(const privacy::PrivacyAccount& account) {
    return {{"limit", app::to_json(account.limit)}, {"spent", app::to_json(account.spent)}};
}

Response list_statistics(const Request& request, app::Services& services,
                         const CursorCodec& cursors) {
    const Page page = page_of(request, cursors);
    const auto found =
        services.statistics.list(request.caller, contract_id(request), page.after, page.limit);
    const json budget{{"budget",
                       {{"contract", account_json(found.accounts.contract)},
                        {"resource", account_json(found.accounts.resource)}}}};
    return answer_rows(
        request, cursors, page, found.statistics,
        [](const auto& statistic) { return app::to_json(statistic); }, &budget);
}

Response find_statistic(const Request& request, app::Services& services) {
    const auto statistic =
        services.statistics.find(request.caller, request.path_as<StatisticId>("statistic_id"));
    return answer_one(request, app::to_json(statistic), statistic.version);
}

}  // namespace

std::vector<Route> statistic_routes(const Bind& bind) {
    return {
        {.method = "POST",
         .path = "/api/v1/contracts/{contract_id}/statistics",
         .operation_id = "askStatistic",
         .tag = "Statistics",
         .summary = {"Ask for a figure about the newest data, answered with noise; the same "
                     "question again costs nothing",
                     "就最新数据提出统计查询，结果加噪；重复查询不消耗预算"},
         .access = Access::needs(Permission::kAskStatistic),
         .body = BodyMode::kJson,
         .request_schema = &query_schema(),
         .response = {201, {"The question and its answer", "查询与答复"}},
         .errors = {{404, "contract.not_found"},
                    {409, "contract.not_live"},
                    {409, "delivery.no_dataset"},
                    {409, "delivery.policy"},
                    {409, "delivery.resource"},
                    {409, "statistic.budget_spent"},
                    {409, "statistic.column_class"},
                    {409, "statistic.not_allowed"},
                    {413, "risk.too_large"},
                    {422, "statistic.column"},
                    {422, "statistic.query"},
                    {422, "statistic.subject"}},
         .write = true,
         .handler = bind(ask_statistic)},
        {.method = "GET",
         .path = "/api/v1/contracts/{contract_id}/statistics",
         .operation_id = "listStatistics",
         .tag = "Statistics",
         .summary = {"List what was asked under a contract, and what is left of the budgets",
                     "协议项下的统计查询及预算余额"},
         .access = Access::needs(Permission::kReadOwn),
         .query = page_parameters(),
         .response = {200, {"Statistics, oldest first", "统计查询"}},
         .errors = {{404, "contract.not_found"}},
         .handler = bind(list_statistics)},
        {.method = "GET",
         .path = "/api/v1/statistics/{statistic_id}",
         .operation_id = "findStatistic",
         .tag = "Statistics",
         .summary = {"Read a statistic", "查看统计查询"},
         .access = Access::needs(Permission::kReadOwn),
         .response = {200, {"The question and its answer", "查询与答复"}},
         .errors = {{404, "statistic.not_found"}},
         .handler = bind(find_statistic)},
    };
}

}  // namespace pdx::http
