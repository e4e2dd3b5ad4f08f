#pragma once
/// From figures to a decision: what a contract demands of a table, the level of GB/T 42460, and
/// reasons in words of both languages.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "privacy/class_counts.h"

namespace pdx::privacy {

/// What else the table holds, as its columns were classified.
struct TableContent {
    std::uint64_t direct_columns = 0;   ///< that identify a person
    std::uint64_t unknown_columns = 0;  ///< that nobody could classify
    bool aggregated = false;            ///< a record is a statistic of many persons
};

struct RiskLimits {
    std::uint32_t k_min = 5;
    /// Of persons, and of records, in classes of fewer than k_min. 0: every class has k_min.
    std::uint32_t small_share_max_basis_points = 0;
    std::optional<std::uint32_t> l_min = {};  ///< distinct values, of each sensitive column
    std::optional<std::uint32_t> t_max_basis_points = {};  ///< of each sensitive column
    bool operator==(const RiskLimits&) const = default;
};

/// What satisfies it satisfies both.
RiskLimits strictest(const RiskLimits& one, const RiskLimits& other);

/// A reason against the table.
/// Shape of code: risk.no_records, risk.limits, risk.direct_identifier, risk.column_unknown,
/// risk.k_other, risk.k_small, risk.sensitive_unmeasured, risk.l_small, risk.t_large.
struct RiskReason {
    std::string code;
    Text text;
};

struct RiskJudgement {
    bool accepted = false;
    std::vector<RiskReason> reasons;  ///< empty exactly when accepted
};

/// Refuses what was not measured: no records, limits of 0, figures for another k, a limit for
/// sensitive columns where none was measured, columns of unknown class.
RiskJudgement judge(const RiskReport& report, const TableContent& content,
                    const RiskLimits& limits);

/// GB/T 42460-2023, from worst to best. The numbers reach reports: do not renumber.
enum class DeidentificationLevel : std::uint8_t {
    kIdentified = 1,        ///< direct identifiers, or columns of unknown class
    kQuasiIdentifiers = 2,  ///< no direct identifier; the risk is above the threshold
    kAcceptable = 3,        ///< the risk is at most the threshold
    kAggregated = 4,        ///< no individuals
};

/// The threshold that the standard's annex is cited with: 0.05, a class of 20 persons. A parameter,
/// because the contract and the environment decide it.
inline constexpr std::uint32_t kRiskThresholdBasisPoints = 500;

/// Compares the prosecutor's highest risk, which no assumption about the attacker makes smaller.
DeidentificationLevel deidentification_level(
    const RiskReport& report, const TableContent& content,
    std::uint32_t threshold_basis_points = kRiskThresholdBasisPoints);
/// Shape: "quasi-identifiers remain and the risk is above the threshold".
Text level_words(DeidentificationLevel level);

}  // namespace pdx::privacy
