#include "marketplace/app/books_service.h"

#include <nlohmann/json.hpp>

#include "marketplace/app/money_view.h"

namespace pdx::app {

using nlohmann::json;

std::vector<store::AccountRow> BooksService::list(const std::string& after, std::int64_t limit) {
    auto lease = context_.reads.borrow();
    return store::list_accounts(*lease, after, limit);
}

TrialBalance BooksService::trial_balance() {
    auto lease = context_.reads.borrow();
    TrialBalance balance{store::total_by_kind(*lease), Money::fen(0)};
    for (const auto& [kind, total] : balance.totals) {
        balance.difference = domain::is_asset(kind) ? balance.difference.plus(total)
                                                    : balance.difference.minus(total);
    }
    return balance;
}

json to_json(const store::AccountRow& row) {
    return {{"account", row.account.key()},
            {"kind", domain::to_string(row.account.kind)},
            {"owner_id", row.account.owner.empty() ? json() : json(row.account.owner)},
            {"balance", to_json(row.balance)},
            {"postings", row.postings}};
}

json to_json(const TrialBalance& balance) {
    json totals = json::object();
    for (const auto& [kind, total] : balance.totals) {
        totals[std::string(domain::to_string(kind))] = to_json(total);
    }
    return {{"totals", std::move(totals)}, {"difference", to_json(balance.difference)}};
}

}  // namespace pdx::app
