#pragma once
/// An operator's application for fields of a resource and one purpose, up to the authority's
/// decision, and what the source department rules field by field. The automatic check of step 3 is
/// in admission.h. Source: domain reference 4.3 steps 1 to 8; 发改数据规〔2025〕27号 articles
/// 5, 21.
#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "marketplace/domain/machine.h"

namespace pdx::domain {

enum class ApplicationState {
    kSubmitted,
    kChecked,
    kSourceDecided,
    kGranted,
    kRefused,
    kWithdrawn,
};

enum class ApplicationEvent {
    kPassCheck,
    kFailCheck,
    kDecideSource,
    kGrant,
    kRefuse,
    kWithdraw,
};

inline constexpr auto kApplicationStateNames = std::to_array<NameRow<ApplicationState>>({
    {ApplicationState::kSubmitted, "submitted", "已申请"},
    {ApplicationState::kChecked, "checked", "准入检查通过"},
    {ApplicationState::kSourceDecided, "source_decided", "数源部门已决定"},
    {ApplicationState::kGranted, "granted", "已授权"},
    {ApplicationState::kRefused, "refused", "不予授权"},
    {ApplicationState::kWithdrawn, "withdrawn", "已撤回"},
});
constexpr std::span<const NameRow<ApplicationState>> names_of(ApplicationState) {
    return kApplicationStateNames;
}

inline constexpr auto kApplicationEventNames = std::to_array<NameRow<ApplicationEvent>>({
    {ApplicationEvent::kPassCheck, "pass_check", "准入检查通过"},
    {ApplicationEvent::kFailCheck, "fail_check", "准入检查不通过"},
    {ApplicationEvent::kDecideSource, "decide_source", "数源部门决定"},
    {ApplicationEvent::kGrant, "grant", "授权"},
    {ApplicationEvent::kRefuse, "refuse", "不予授权"},
    {ApplicationEvent::kWithdraw, "withdraw", "撤回"},
});
constexpr std::span<const NameRow<ApplicationEvent>> names_of(ApplicationEvent) {
    return kApplicationEventNames;
}

inline constexpr auto kApplicationTable =
    std::to_array<Transition<ApplicationState, ApplicationEvent>>({
        {ApplicationState::kSubmitted, ApplicationEvent::kPassCheck, ApplicationState::kChecked},
        {ApplicationState::kSubmitted, ApplicationEvent::kFailCheck, ApplicationState::kRefused},
        {ApplicationState::kSubmitted, ApplicationEvent::kWithdraw, ApplicationState::kWithdrawn},
        {ApplicationState::kChecked, ApplicationEvent::kDecideSource,
         ApplicationState::kSourceDecided},
        {ApplicationState::kChecked, ApplicationEvent::kRefuse, ApplicationState::kRefused},
        {ApplicationState::kChecked, ApplicationEvent::kWithdraw, ApplicationState::kWithdrawn},
        {ApplicationState::kSourceDecided, ApplicationEvent::kGrant, ApplicationState::kGranted},
        {ApplicationState::kSourceDecided, ApplicationEvent::kRefuse, ApplicationState::kRefused},
        {ApplicationState::kSourceDecided, ApplicationEvent::kWithdraw,
         ApplicationState::kWithdrawn},
    });
constexpr Machine<ApplicationState, ApplicationEvent> machine_of(ApplicationState) {
    return {{"application", "使用申请"}, ApplicationState::kSubmitted, kApplicationTable};
}

constexpr std::optional<ApplicationState> parse_application_state(std::string_view name) {
    return parse<ApplicationState>(name);
}

/// What the source department says to one field.
enum class FieldDecision { kGrant, kGrantWithTreatment, kRefuse };

inline constexpr auto kFieldDecisionNames = std::to_array<NameRow<FieldDecision>>({
    {FieldDecision::kGrant, "grant", "同意"},
    {FieldDecision::kGrantWithTreatment, "grant_with_treatment", "处理后同意"},
    {FieldDecision::kRefuse, "refuse", "不同意"},
});
constexpr std::span<const NameRow<FieldDecision>> names_of(FieldDecision) {
    return kFieldDecisionNames;
}

struct FieldRuling {
    std::string field;
    FieldDecision decision = FieldDecision::kRefuse;
    std::string treatment;  ///< drop, mask, generalise, pseudonymise...; required with treatment
    std::string reason;     ///< required with a refusal
};

/// Every field asked for is ruled on exactly once, and nothing else is. Silence grants nothing.
/// Throws: kInvalid `application.rulings` naming the field.
void check_rulings(std::span<const std::string> requested, std::span<const FieldRuling> rulings);

/// The fields that may be used, in the order of the rulings. Empty means that nothing was granted.
std::vector<std::string> granted_fields(std::span<const FieldRuling> rulings);

/// Throws: kConflict `application.nothing_granted` when the source refused every field.
void check_grantable(std::span<const FieldRuling> rulings);

}  // namespace pdx::domain
