#pragma once
/// Law as data: rule profiles with their clocks, and the deadline that a clock gives. Every
/// decision records profile_name() of the profile it was taken under (design D9).
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "marketplace/domain/calendar.h"
#include "marketplace/domain/machine.h"

namespace pdx::domain {

enum class LegalClock {
    kFirstRegistration,
    kAcceptance,
    kCorrection,
    kFormReview,
    kNotice,
    kObjectionReview,
    kCodeIssue,
    kCancellation,
    kCompletenessCheck,
    kSourceDecision,
    kAuthorityDecision,
    kEscrow,
    kInspection,
    kSettlement,
    kDisputeFiling,
    kDisputeAcceptance,
    kDisputeAnswer,
    kDisputeDecision,
    kDisputeExecution,
};

inline constexpr auto kLegalClockNames = std::to_array<NameRow<LegalClock>>({
    {LegalClock::kFirstRegistration, "first_registration", "首次登记"},
    {LegalClock::kAcceptance, "acceptance", "受理"},
    {LegalClock::kCorrection, "correction", "补正"},
    {LegalClock::kFormReview, "form_review", "形式审核"},
    {LegalClock::kNotice, "notice", "公示"},
    {LegalClock::kObjectionReview, "objection_review", "异议复核"},
    {LegalClock::kCodeIssue, "code_issue", "赋码"},
    {LegalClock::kCancellation, "cancellation", "注销"},
    {LegalClock::kCompletenessCheck, "completeness_check", "完整性检查"},
    {LegalClock::kSourceDecision, "source_decision", "数源部门决定"},
    {LegalClock::kAuthorityDecision, "authority_decision", "主管部门决定"},
    {LegalClock::kEscrow, "escrow", "付款托管"},
    {LegalClock::kInspection, "inspection", "验收"},
    {LegalClock::kSettlement, "settlement", "结算"},
    {LegalClock::kDisputeFiling, "dispute_filing", "提起争议"},
    {LegalClock::kDisputeAcceptance, "dispute_acceptance", "争议受理"},
    {LegalClock::kDisputeAnswer, "dispute_answer", "答辩"},
    {LegalClock::kDisputeDecision, "dispute_decision", "处理决定"},
    {LegalClock::kDisputeExecution, "dispute_execution", "执行决定"},
});
constexpr std::span<const NameRow<LegalClock>> names_of(LegalClock) { return kLegalClockNames; }

enum class DayKind { kWorking, kCalendar };

struct ClockRule {
    LegalClock clock;
    int days;
    DayKind kind;
    std::string_view source;  ///< the article, or "design" where no law fixes it
};

struct RuleProfile {
    std::string_view id;
    int version;
    Date effective_from;
    std::string_view source;
    std::span<const ClockRule> clocks;  ///< one per LegalClock, in its order
    int registration_years = 3;         ///< 26号 article 15
    int renewal_window_days = 60;       ///< 26号 article 15
    int contract_years_max = 5;         ///< 27号 article 14
    int redeliveries_max = 2;           ///< design
    int payment_records_years = 10;     ///< design; 电子商务法 article 31 asks for at least 3
};

/// `cn-2025`: the national rules of 2025 and this exchange's defaults where they are silent.
/// `demo`: the same with a notice of 0 working days, so that a demonstration does not wait.
std::span<const RuleProfile> rule_profiles();
/// Nothing when there is no such profile.
const RuleProfile* find_profile(std::string_view id);
/// Shape: id@version, as recorded with every decision: cn-2025@1.
std::string profile_name(const RuleProfile& profile);
const ClockRule& clock_rule(const RuleProfile& profile, LegalClock clock);

struct Deadline {
    DueDate due;
    int days = 0;
    std::string rule;  ///< id@version clock (source)

    /// The whole of the last day belongs to the period; a period of 0 days is over at once.
    bool is_over(Date today) const { return days == 0 || today > due.due; }
};

Deadline deadline(const RuleProfile& profile, LegalClock clock, Date start);

/// For what may only happen after a period (a code after the notice).
/// Throws: kConflict `deadline.not_over` with the last day and the rule.
void check_over(const Deadline& deadline, Date today);
/// For what may only happen within a period (filing a dispute).
/// Throws: kConflict `deadline.passed` with the last day and the rule.
void check_within(const Deadline& deadline, Date today);

}  // namespace pdx::domain
