#include "marketplace/http/handlers/books_routes.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "marketplace/http/handlers/answer.h"

namespace pdx::http {
namespace {

using domain::Permission;
using nlohmann::json;

Response list_accounts(const Request& request, app::Services& services,
                       const CursorCodec& cursors) {
    const Page page = page_of(request, cursors);
    const auto accounts = services.books.list(request.caller, page.after, page.limit);
    std::vector<json> items;
    items.reserve(accounts.size());
    for (const auto& account : accounts) items.push_back(app::to_json(account));
    const json balance = app::to_json(services.books.trial_balance(request.caller));
    return answer_page(request, cursors, page, std::move(items),
                       accounts.empty() ? std::string() : accounts.back().account.key(), &balance);
}

}  // namespace

std::vector<Route> books_routes(const Bind& bind) {
    return {
        {.method = "GET",
         .path = "/api/v1/accounts",
         .operation_id = "listAccounts",
         .tag = "Books",
         .summary = {"The books: every account's balance, and the trial balance",
                     "账簿：各账户余额及试算平衡"},
         .access = Access::needs(Permission::kReadOwn),
         .query = page_parameters(),
         .response = {200, {"Accounts by key, totals by kind, and their difference: 0", "账户"}},
         .errors = {{403, "permission.denied"}},
         .handler = bind(list_accounts)},
    };
}

}  // namespace pdx::http
