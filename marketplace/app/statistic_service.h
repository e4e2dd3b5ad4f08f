#pragma once
/// Statistics with noise for the operator of a contract (privacy/statistic.h). What an answer costs
/// is reserved in the ledger before anything is computed and is never given back; the same question
/// about the same data has one answer, which costs nothing again.
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "marketplace/app/context.h"
#include "marketplace/store/contract_store.h"
#include "marketplace/store/statistic_store.h"
#include "privacy/privacy_budget.h"
#include "privacy/statistic_query.h"

namespace pdx::app {

/// What all statistics about one data resource may cost, whatever the contract and the version of
/// the data: those who ask may know each other. A contract's own budget is not above it.
/// epsilon 10, rho 1, delta 10^-5.
inline constexpr privacy::PrivacySpend kResourceBudget{10'000'000, 1'000'000, 10'000'000};

class StatisticService {
public:
    explicit StatisticService(Context& context) : context_(context) {}

    /// Three steps: a command that reserves the cost, the computing outside of the writer, a
    /// command that keeps the answer. Contract and columns are asked before and after. A
    /// reservation that was interrupted is computed by whoever asks the same next: nothing of it
    /// was told. Throws: not_found("contract") unless the caller is its operator; kConflict
    /// `contract.not_live`, `delivery.no_dataset`, `delivery.policy`, `delivery.resource`,
    /// `statistic.not_allowed` when the contract has no budget, `statistic.column_class` for a
    /// column that the newest data rules out, `statistic.budget_spent`; kInvalid
    /// `statistic.subject` when the query counts persons by another column than the contract,
    /// `statistic.column` for a column that the contract rules out; kTooLarge `risk.too_large`.
    Outcome ask(const WriteRequest& write, const ContractId& contract,
                const privacy::StatisticQuery& query);

    /// Throws: not_found("statistic") unless the caller is a party of the contract or reads
    /// everything.
    store::Statistic find(const Caller& caller, const StatisticId& id);

    struct List {
        std::vector<store::Statistic> statistics;  ///< oldest first
        privacy::PrivacyAccounts accounts;
    };
    /// Throws: not_found("contract") unless the caller is a party of it or reads everything.
    List list(const Caller& caller, const ContractId& contract, const std::string& after,
              std::int64_t limit);

private:
    StatisticId reserve(const WriteRequest& write, const ContractId& contract,
                        const privacy::StatisticQuery& query);
    std::string insert(Transaction& tx, const ContractId& contract,
                       const privacy::StatisticQuery& query);
    std::string compute(const store::Statistic& statistic);
    std::string keep(Transaction& tx, const StatisticId& id, const std::string& answer);

    Context& context_;
    /// One reservation at a time, so that the same question of two requests is one row.
    std::mutex reserving_;
};

}  // namespace pdx::app
