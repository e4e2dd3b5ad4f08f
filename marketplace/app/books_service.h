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

    /// Throws: kForbidden "permission.denied" unless the caller reads everything.
    std::vector<store::AccountRow> list(const Caller& caller, const std::string& after,
                                        std::int64_t limit);
    /// The same. One statement, so one instant.
    TrialBalance trial_balance(const Caller& caller);

private:
    Context& context_;
};

nlohmann::json to_json(const store::AccountRow& row);
nlohmann::json to_json(const TrialBalance& balance);

}  // namespace pdx::app
