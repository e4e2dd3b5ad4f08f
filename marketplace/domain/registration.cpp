#include "marketplace/domain/registration.h"

#include <algorithm>

#include "marketplace/domain/calendar.h"

namespace pdx::domain {

static_assert(is_well_formed(machine_of(RegistrationState{})));

std::vector<Reason> submission_defects(const SubmissionFacts& facts) {
    std::vector<Reason> defects;
    if (!facts.grade) {
        defects.push_back({"registration.grade_missing",
                           "数据安全法 Article 21",
                           {"The resource has no security grade.", "资源尚未确定安全级别。"}});
    } else if (*facts.grade == SecurityGrade::kCore) {
        defects.push_back(
            {"registration.core_data",
             "数据安全法 Article 21",
             {"Core data cannot be registered for circulation.", "核心数据不得登记用于流通。"}});
    }
    if (!facts.has_source_statement) {
        defects.push_back(
            {"registration.source_missing",
             "发改数据规〔2025〕26号 Article 9",
             {"The statement of lawful source is missing.", "缺少来源合法合规性说明。"}});
    }
    if (!facts.internally_reviewed) {
        defects.push_back({"registration.internal_review_missing",
                           "发改数据规〔2025〕26号 Article 7",
                           {"The holder's own business review has not been recorded.",
                            "登记主体尚未完成内部业务审核。"}});
    }
    if (!facts.columns_classified) {
        defects.push_back(
            {"registration.columns_unclassified",
             "design D6",
             {"At least one column has not been classified.", "存在尚未分类的数据项。"}});
    }
    if (!facts.evidence_recorded) {
        defects.push_back({"registration.evidence_missing",
                           "发改数据规〔2025〕26号 Article 7",
                           {"No digest of the data, its description or a sample is on the ledger.",
                            "尚未对数据、说明或样例进行存证。"}});
    }
    return defects;
}

void check_submission(const SubmissionFacts& facts) {
    require_no_reason("registration.incomplete",
                      {"The resource cannot be submitted yet.", "该资源暂不能提交登记。"},
                      submission_defects(facts));
}

Date registration_valid_to(Date coded, std::optional<Date> agreement_end, int years) {
    const Date end = plus_years(coded, years);
    return agreement_end ? std::min(end, *agreement_end) : end;
}

void check_renewal(Date today, Date valid_to, int window_days) {
    const Date opens = valid_to.plus_days(-window_days);
    if (today >= opens && today <= valid_to) return;
    ErrorDetail detail;
    detail.rule = "发改数据规〔2025〕26号 Article 15";
    detail.deadline = (today < opens ? opens : valid_to).iso();
    if (today < opens) {
        throw conflict("registration.renewal_window",
                       {"Renewal opens on " + opens.iso() + ", " + std::to_string(window_days) +
                            " days before the registration ends.",
                        "续展自 " + opens.iso() + " 起受理（到期前 " + std::to_string(window_days) +
                            " 日内）。"},
                       std::move(detail));
    }
    throw conflict(
        "registration.renewal_window",
        {"The registration ended on " + valid_to.iso() + "; it can no longer be renewed.",
         "登记已于 " + valid_to.iso() + " 到期，不能再续展。"},
        std::move(detail));
}

}  // namespace pdx::domain
