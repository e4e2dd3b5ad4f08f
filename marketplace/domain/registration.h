#pragma once
/// The registration of a public-data resource, from the holder's draft to the query code and the
/// end of its validity. Source: 发改数据规〔2025〕26号 articles 7 to 15, 20.
/// The holder's internal review and the evidence deposit (article 7) are guards of `submit`, not
/// states: they are done in the holder's house and only their proof reaches the registry.
#include <array>
#include <optional>
#include <span>
#include <vector>

#include "base/time.h"
#include "marketplace/domain/machine.h"
#include "marketplace/domain/reason.h"
#include "marketplace/domain/terms.h"

namespace pdx::domain {

enum class RegistrationState {
    kDraft,
    kSubmitted,
    kReturned,
    kNotAccepted,
    kAccepted,
    kReviewFailed,
    kNotice,
    kObjection,
    kCoded,
    kActive,
    kTerminated,
    kExpired,
    kCancelled,
    kRevoked,
};

enum class RegistrationEvent {
    kSubmit,
    kAccept,
    kReturn,
    kNotAccept,
    kLapse,
    kPassReview,
    kFailReview,
    kObject,
    kDismissObjection,
    kUpholdObjection,
    kEndNotice,
    kIssueCode,
    kRenew,
    kExpire,
    kCancel,
    kRevoke,
};

inline constexpr auto kRegistrationStateNames = std::to_array<NameRow<RegistrationState>>({
    {RegistrationState::kDraft, "draft", "草稿"},
    {RegistrationState::kSubmitted, "submitted", "已申请"},
    {RegistrationState::kReturned, "returned", "退回补正"},
    {RegistrationState::kNotAccepted, "not_accepted", "不予受理"},
    {RegistrationState::kAccepted, "accepted", "已受理"},
    {RegistrationState::kReviewFailed, "review_failed", "审核不通过"},
    {RegistrationState::kNotice, "notice", "公示中"},
    {RegistrationState::kObjection, "objection", "异议复核"},
    {RegistrationState::kCoded, "coded", "待赋码"},
    {RegistrationState::kActive, "active", "登记有效"},
    {RegistrationState::kTerminated, "terminated", "登记终止"},
    {RegistrationState::kExpired, "expired", "已到期"},
    {RegistrationState::kCancelled, "cancelled", "已注销"},
    {RegistrationState::kRevoked, "revoked", "已撤销"},
});
constexpr std::span<const NameRow<RegistrationState>> names_of(RegistrationState) {
    return kRegistrationStateNames;
}

inline constexpr auto kRegistrationEventNames = std::to_array<NameRow<RegistrationEvent>>({
    {RegistrationEvent::kSubmit, "submit", "提交申请"},
    {RegistrationEvent::kAccept, "accept", "受理"},
    {RegistrationEvent::kReturn, "return", "退回补正"},
    {RegistrationEvent::kNotAccept, "not_accept", "不予受理"},
    {RegistrationEvent::kLapse, "lapse", "逾期未补正"},
    {RegistrationEvent::kPassReview, "pass_review", "审核通过"},
    {RegistrationEvent::kFailReview, "fail_review", "审核不通过"},
    {RegistrationEvent::kObject, "object", "提出异议"},
    {RegistrationEvent::kDismissObjection, "dismiss_objection", "异议不成立"},
    {RegistrationEvent::kUpholdObjection, "uphold_objection", "异议成立"},
    {RegistrationEvent::kEndNotice, "end_notice", "公示期满"},
    {RegistrationEvent::kIssueCode, "issue_code", "赋码"},
    {RegistrationEvent::kRenew, "renew", "续展"},
    {RegistrationEvent::kExpire, "expire", "到期"},
    {RegistrationEvent::kCancel, "cancel", "注销"},
    {RegistrationEvent::kRevoke, "revoke", "撤销登记"},
});
constexpr std::span<const NameRow<RegistrationEvent>> names_of(RegistrationEvent) {
    return kRegistrationEventNames;
}

inline constexpr auto kRegistrationTable =
    std::to_array<Transition<RegistrationState, RegistrationEvent>>({
        {RegistrationState::kDraft, RegistrationEvent::kSubmit, RegistrationState::kSubmitted},
        {RegistrationState::kReturned, RegistrationEvent::kSubmit, RegistrationState::kSubmitted},
        {RegistrationState::kReturned, RegistrationEvent::kLapse, RegistrationState::kTerminated},
        {RegistrationState::kSubmitted, RegistrationEvent::kAccept, RegistrationState::kAccepted},
        {RegistrationState::kSubmitted, RegistrationEvent::kReturn, RegistrationState::kReturned},
        {RegistrationState::kSubmitted, RegistrationEvent::kNotAccept,
         RegistrationState::kNotAccepted},
        {RegistrationState::kAccepted, RegistrationEvent::kPassReview, RegistrationState::kNotice},
        {RegistrationState::kAccepted, RegistrationEvent::kFailReview,
         RegistrationState::kReviewFailed},
        {RegistrationState::kNotice, RegistrationEvent::kObject, RegistrationState::kObjection},
        {RegistrationState::kNotice, RegistrationEvent::kEndNotice, RegistrationState::kCoded},
        {RegistrationState::kObjection, RegistrationEvent::kDismissObjection,
         RegistrationState::kNotice},
        {RegistrationState::kObjection, RegistrationEvent::kUpholdObjection,
         RegistrationState::kTerminated},
        {RegistrationState::kCoded, RegistrationEvent::kIssueCode, RegistrationState::kActive},
        {RegistrationState::kCoded, RegistrationEvent::kRevoke, RegistrationState::kRevoked},
        {RegistrationState::kActive, RegistrationEvent::kRenew, RegistrationState::kActive},
        {RegistrationState::kActive, RegistrationEvent::kExpire, RegistrationState::kExpired},
        {RegistrationState::kActive, RegistrationEvent::kCancel, RegistrationState::kCancelled},
        {RegistrationState::kActive, RegistrationEvent::kRevoke, RegistrationState::kRevoked},
        {RegistrationState::kExpired, RegistrationEvent::kCancel, RegistrationState::kCancelled},
        {RegistrationState::kExpired, RegistrationEvent::kRevoke, RegistrationState::kRevoked},
    });
constexpr Machine<RegistrationState, RegistrationEvent> machine_of(RegistrationState) {
    return {{"registration", "登记"}, RegistrationState::kDraft, kRegistrationTable};
}

constexpr std::optional<RegistrationState> parse_registration_state(std::string_view name) {
    return parse<RegistrationState>(name);
}

/// What must be on file before `submit`.
struct SubmissionFacts {
    std::optional<SecurityGrade> grade;
    bool has_source_statement = false;
    bool internally_reviewed = false;  ///< by a second person in the holder's house
    bool columns_classified = false;   ///< every column has a class
    bool evidence_recorded = false;    ///< digest of data, description or sample is on the ledger
};

/// Ensures: empty when the resource may be submitted.
std::vector<Reason> submission_defects(const SubmissionFacts& facts);
/// Throws: kConflict `registration.incomplete`.
void check_submission(const SubmissionFacts& facts);

/// Last day of validity: three years from coding, never beyond the agreement for a product.
/// Source: 26号 article 15.
Date registration_valid_to(Date coded, std::optional<Date> agreement_end, int years);
/// Renewal opens 60 days before expiry and closes with it. Source: 26号 article 15.
/// Throws: kConflict `registration.renewal_window` with the first or last day as the deadline.
void check_renewal(Date today, Date valid_to, int window_days);

}  // namespace pdx::domain
