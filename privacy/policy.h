#pragma once
/// What may leave, field by field: the allow list of one authorization contract. A field that is
/// not listed is dropped; a weak rule for a sensitive column is replaced by a stricter one; a
/// column that nobody could classify stops the delivery.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "privacy/canary.h"
#include "privacy/classify.h"
#include "privacy/kind.h"
#include "privacy/mark_plan.h"
#include "privacy/operation.h"
#include "privacy/policy_scope.h"
#include "privacy/risk_judge.h"
#include "privacy/sensitivity_profile.h"

namespace pdx::privacy {

struct FieldRule {
    std::string field;
    Operation operation;
    bool operator==(const FieldRule&) const = default;
};

/// kCommercial: HMAC-SM3 and SM4 instead of HMAC-SHA-256 and AES-256, where an assessment of
/// commercial cryptography (商用密码应用安全性评估) demands it.
enum class Cryptography : std::uint8_t { kInternational, kCommercial };

/// Shape: "international", "commercial". Reaches policies and contracts: do not rename.
std::string_view cryptography_code(Cryptography cryptography);

/// The largest k and l that a policy may ask for, and a share of one.
inline constexpr std::uint32_t kPersonsMax = 1'000'000'000;
inline constexpr std::uint32_t kAllBasisPoints = 10'000;

/// Each step is a pass over the data.
inline constexpr std::size_t kGeneralisationStepsMax = 8;

/// What the released rows must satisfy before anything is delivered.
struct RiskRule {
    RiskLimits limits;
    std::string subject;  ///< the column that says who a row is about; empty: each row is a person
    /// Coarser operations, taken one after the other when the limits are not met without them. Each
    /// generalises what the policy or an earlier step does to its field.
    std::vector<FieldRule> steps{};
    bool operator==(const RiskRule&) const = default;
};

struct Policy {
    std::string id;
    std::int64_t version = 1;
    std::string contract_id;
    std::vector<FieldRule> rules;
    Cryptography cryptography = Cryptography::kInternational;
    std::optional<RiskRule> risk{};
    std::optional<MarkPlan> marks{};
    std::optional<CanaryPlan> canaries{};
    std::optional<PolicyScope> scope{};
    /// Columns that it lists as sensitive must satisfy that as well as their class. Nothing: their
    /// class alone.
    std::optional<SensitivityProfile> profile{};
    bool operator==(const Policy&) const = default;
};

/// Throws: kInvalid policy.id_missing, policy.empty, policy.field_duplicate, policy.operation,
/// policy.risk, policy.step; as check_mark_plan(), check_canary_plan() and check_scope().
void check_policy(const Policy& policy);

/// JSON with sorted ASCII keys, no spaces, rules sorted by field: one text per policy. A member
/// that has its default is left out.
/// Requires: check_policy() passes.
std::string policy_text(const Policy& policy);
/// SHA-256 of policy_text().
Digest policy_hash(const Policy& policy);
/// Takes the members of policy_text() in any order and spacing; unknown or duplicate members,
/// parameters of another operation and values out of range fail.
/// Throws: kInvalid policy.form, which points at what is missing, unknown or wrong; as
/// check_policy(), read_mark_plan() and read_canary_plan().
Policy read_policy(std::string_view text);
/// The same for whom it is enough that there is none.
std::optional<Policy> parse_policy(std::string_view text);

/// The treatment that a column gets when nobody asks for another: the mildest that hides what its
/// class must hide.
Operation default_operation(const ColumnClass& column);

/// Whether the class allows the operation. Direct identifiers, sensitive columns and free text
/// never pass; of a direct identifier at most eight characters stay, of a sensitive value the
/// first, and rounding gives up a digit at least. What the profile lists is sensitive whatever else
/// it is. Tokens are of kinds with has_number_token(). A row's serial number leaves as a new one.
bool is_permitted(const ColumnClass& column, const Operation& operation,
                  std::optional<SensitivityProfile> profile = {});

/// The strictest of what the contract asks for, what the class demands and what the profile does.
/// Throws: kConflict delivery.column_unclassified when the column is unknown and not dropped.
Operation effective_operation(const ColumnClass& column, const Operation& asked,
                              std::optional<SensitivityProfile> profile = {});

/// The policy with its first `steps` generalisation steps taken, and none left.
/// Requires: check_policy() passes, and there are so many.
Policy after_steps(const Policy& policy, std::size_t steps);
/// Whether a release that was refused may be tried one step coarser: delivery.risk,
/// delivery.joint_risk.
bool is_risk_refusal(std::string_view code);

/// What happens to one column of the input. Columns keep the order of the input.
struct PlannedColumn {
    ColumnClass column;
    Operation operation;
    bool listed = false;    ///< the policy names it
    bool replaced = false;  ///< the class demanded more than the contract asked for
};

/// Throws: as effective_operation(); kConflict delivery.field_missing when the policy names a field
/// that the data has not, delivery.nothing_allowed when no column remains.
std::vector<PlannedColumn> plan_columns(const Policy& policy,
                                        const std::vector<ColumnClass>& columns);

}  // namespace pdx::privacy
