#pragma once
/// The automatic admission check of an access application: may this resource be authorized at all,
/// and what must happen to each field? Pure: facts in, report out. It refuses; it never grants.
/// Source: domain reference 4.3 step 3 and the articles named by each reason.
#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "marketplace/domain/machine.h"
#include "marketplace/domain/reason.h"
#include "marketplace/domain/registration.h"
#include "marketplace/domain/terms.h"

namespace pdx::domain {

/// A column of the resource; no class means that nobody has reviewed it.
struct FieldFacts {
    std::string name;
    std::optional<FieldClass> field_class;
};

struct ResourceFacts {
    RegistrationState state = RegistrationState::kDraft;
    SecurityGrade grade = SecurityGrade::kCore;
    OpenKind open_kind = OpenKind::kProhibited;
    PersonalDataLevel personal_data = PersonalDataLevel::kMinors;
    bool shared_from_another_body = false;
    bool source_body_consented = false;
    bool risk_assessment_on_file = false;
    std::vector<FieldFacts> fields;
};

struct AccessRequest {
    std::string purpose;
    BeneficiaryClass beneficiary = BeneficiaryClass::kIndustry;
    std::vector<std::string> fields;
    Date term_from;
    Date term_to;
};

/// What the check says to one field. The source department may be stricter, never laxer.
enum class FieldOutcome { kAsIs, kWithTreatment, kRefused };

inline constexpr auto kFieldOutcomeNames = std::to_array<NameRow<FieldOutcome>>({
    {FieldOutcome::kAsIs, "as_is", "可直接使用"},
    {FieldOutcome::kWithTreatment, "with_treatment", "须处理后使用"},
    {FieldOutcome::kRefused, "refused", "不可使用"},
});
constexpr std::span<const NameRow<FieldOutcome>> names_of(FieldOutcome) {
    return kFieldOutcomeNames;
}

struct FieldFinding {
    std::string field;
    FieldOutcome outcome = FieldOutcome::kRefused;
    std::optional<Reason> reason;  ///< absent only for kAsIs
};

struct AdmissionReport {
    std::string profile;               ///< rule profile id@version under which it was made
    std::vector<Reason> refusals;      ///< any one of them refuses the application
    std::vector<Reason> conditions;    ///< what must be done before delivery
    std::vector<FieldFinding> fields;  ///< one per requested field, in the order asked

    bool admitted() const { return refusals.empty(); }
};

/// Unit: bytes of UTF-8, after trimming.
inline constexpr std::size_t kPurposeBytesMin = 6;
inline constexpr std::size_t kPurposeBytesMax = 2000;

/// `profile` is recorded, `contract_years_max` is the longest term.
AdmissionReport check_admission(const ResourceFacts& resource, const AccessRequest& request,
                                std::string_view profile, int contract_years_max);

}  // namespace pdx::domain
