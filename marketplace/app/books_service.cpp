#include "marketplace/app/books_service.h"

#include <nlohmann/json.hpp>

#include "marketplace/app/money_view.h"
#include "marketplace/app/oversight.h"

namespace pdx::app {

using nlohmann::json;

namespace {

void check_reader(const Caller& caller) {
    if (reads_everything(caller)) return;
    domain::check_permitted(caller.role, domain::Permission::kReadEverything);
}

}  // namespace

std::vector<store::AccountRow> BooksService::list(const Caller& caller, const std::string& after,
                                                  std::int64_t limit) {
    check_reader(caller);
    auto lease = context_.reads.borrow();
    return store::list_accounts(*lease, after, limit);
}

TrialBalance BooksService::trial_balance(const Caller& caller) {
    check_reader(caller);
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
    return {
        {"totals", std::move(totals)}, {"difference", balance.difference.text()}, {"unit", "fen"}};
}

}  // namespace pdx::app
