#include "marketplace/domain/deadlines.h"

#include <algorithm>

namespace pdx::domain {

static_assert(names_are_well_formed(names_of(LegalClock{})));

namespace {

constexpr std::string_view kDesign = "design";
constexpr std::string_view kRegistrationRules = "发改数据规〔2025〕26号";

constexpr std::array<ClockRule, kLegalClockNames.size()> legal_clocks(int notice_days,
                                                                      std::string_view notice) {
    return {{
        {LegalClock::kFirstRegistration, 20, DayKind::kWorking, "发改数据规〔2025〕26号 Article 9"},
        {LegalClock::kAcceptance, 3, DayKind::kWorking, "发改数据规〔2025〕26号 Article 10"},
        {LegalClock::kCorrection, 30, DayKind::kCalendar, kDesign},
        {LegalClock::kFormReview, 20, DayKind::kWorking, "发改数据规〔2025〕26号 Article 11"},
        {LegalClock::kNotice, notice_days, DayKind::kWorking, notice},
        {LegalClock::kObjectionReview, 10, DayKind::kWorking, kDesign},
        {LegalClock::kCodeIssue, 3, DayKind::kWorking, kDesign},
        {LegalClock::kCancellation, 10, DayKind::kWorking, "发改数据规〔2025〕26号 Article 9"},
        {LegalClock::kCompletenessCheck, 3, DayKind::kWorking, kDesign},
        {LegalClock::kSourceDecision, 10, DayKind::kWorking, kDesign},
        {LegalClock::kAuthorityDecision, 5, DayKind::kWorking, kDesign},
        {LegalClock::kEscrow, 5, DayKind::kWorking, kDesign},
        {LegalClock::kInspection, 10, DayKind::kWorking, kDesign},
        {LegalClock::kSettlement, 5, DayKind::kWorking, kDesign},
        {LegalClock::kDisputeFiling, 30, DayKind::kCalendar, kDesign},
        {LegalClock::kDisputeAcceptance, 5, DayKind::kWorking, kDesign},
        {LegalClock::kDisputeAnswer, 10, DayKind::kWorking, kDesign},
        {LegalClock::kDisputeDecision, 10, DayKind::kWorking, kDesign},
        {LegalClock::kDisputeExecution, 3, DayKind::kWorking, kDesign},
    }};
}

constexpr auto kLegal = legal_clocks(10, "发改数据规〔2025〕26号 Article 12");
constexpr auto kDemonstration = legal_clocks(0, "demonstration; the law asks for 10 (Article 12)");

constexpr bool in_enum_order() {
    for (std::size_t i = 0; i < kLegal.size(); ++i) {
        if (static_cast<std::size_t>(kLegal[i].clock) != i) return false;
    }
    return true;
}
static_assert(in_enum_order());

constexpr auto kProfiles = std::to_array<RuleProfile>({
    {"cn-2025", 1, {2025, 3, 1}, kRegistrationRules, kLegal},
    {"demo", 1, {2025, 3, 1}, kRegistrationRules, kDemonstration},
});

}  // namespace

std::span<const RuleProfile> rule_profiles() { return kProfiles; }

const RuleProfile* find_profile(std::string_view id) {
    const auto* const found =
        std::find_if(kProfiles.begin(), kProfiles.end(),
                     [&](const RuleProfile& profile) { return profile.id == id; });
    return found == kProfiles.end() ? nullptr : found;
}

std::string profile_name(const RuleProfile& profile) {
    return std::string(profile.id) + "@" + std::to_string(profile.version);
}

const ClockRule& clock_rule(const RuleProfile& profile, LegalClock clock) {
    const auto index = static_cast<std::size_t>(clock);
    PDX_CHECK(index < profile.clocks.size());
    return profile.clocks[index];
}

Deadline deadline(const RuleProfile& profile, LegalClock clock, Date start) {
    const ClockRule& rule = clock_rule(profile, clock);
    return {rule.kind == DayKind::kWorking ? add_working_days(start, rule.days)
                                           : add_calendar_days(start, rule.days),
            rule.days,
            profile_name(profile) + " " + std::string(to_string(clock)) + " (" +
                std::string(rule.source) + ")"};
}

namespace {

ErrorDetail detail_of(const Deadline& deadline) {
    ErrorDetail detail;
    detail.rule = deadline.rule;
    detail.deadline = deadline.due.due.iso();
    return detail;
}

}  // namespace

void check_over(const Deadline& deadline, Date today) {
    if (deadline.is_over(today)) return;
    const std::string last = deadline.due.due.iso();
    throw conflict("deadline.not_over",
                   {"The period runs through " + last + "; this is possible from the next day on.",
                    "期限至 " + last + " 届满，次日起方可办理。"},
                   detail_of(deadline));
}

void check_within(const Deadline& deadline, Date today) {
    if (today <= deadline.due.due) return;
    const std::string last = deadline.due.due.iso();
    throw conflict("deadline.passed",
                   {"The last day for this was " + last + ".", "办理期限已于 " + last + " 届满。"},
                   detail_of(deadline));
}

}  // namespace pdx::domain
