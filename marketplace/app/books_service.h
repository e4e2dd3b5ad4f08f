#pragma once
/// Reading the books: accounts with their balances, and the trial balance.
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "marketplace/app/context.h"
#include "marketplace/store/account_store.h"

namespace pdx::app {

/// Unit: fen, by kind of account. `difference` is assets less everything else: zero.
struct TrialBalance {
    std::vector<store::KindTotal> totals;
    Money difference;
};

class BooksService {
public:
    explicit BooksService(Context& context) : context_(context) {}

    std::vector<store::AccountRow> list(const std::string& after, std::int64_t limit);
    TrialBalance trial_balance();

private:
    Context& context_;
};

nlohmann::json to_json(const store::AccountRow& row);
nlohmann::json to_json(const TrialBalance& balance);

}  // namespace pdx::app
