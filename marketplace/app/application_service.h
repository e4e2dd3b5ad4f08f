#pragma once
/// Applications for access: an operator asks for fields and a purpose, the system checks admission,
/// the source department rules field by field, the authority decides. The grant itself drafts a
/// contract: contract_service.h. Source: domain reference 4.3 steps 1 to 8.
#include <string>
#include <vector>

#include "marketplace/app/context.h"
#include "marketplace/domain/terms.h"
#include "marketplace/store/application_store.h"

namespace pdx::app {

/// Of one application; its facts must fit into a ledger entry (design D4).
inline constexpr std::size_t kApplicationFieldsMax = 200;

struct AskedField {
    std::string name;
    /// Shape: privacy/operation.h. Empty: the mildest that the column's class allows.
    std::string operation;
};

struct ApplyForAccess {
    ResourceId resource;
    std::string purpose;
    domain::BeneficiaryClass beneficiary = domain::BeneficiaryClass::kIndustry;
    Date term_from;
    Date term_to;
    std::vector<AskedField> fields;
};

class ApplicationService {
public:
    explicit ApplicationService(Context& context) : context_(context) {}

    /// The admission check runs at once. What it refuses is a recorded fact, not an error: the
    /// answer has state "refused" and the reasons.
    /// Throws: not_found("resource") for one that is not public; kInvalid `application.operation`,
    /// `application.fields`.
    Outcome apply(const WriteRequest& write, const ApplyForAccess& input);

    /// `treatment` of a ruling is an operation (privacy/operation.h). It may be stricter than the
    /// admission check, never laxer.
    /// Throws: not_found("application") unless the caller provides the resource; kInvalid
    /// `application.rulings`, `application.operation`; kConflict `application.transition`.
    Outcome decide_source(const WriteRequest& write, const ApplicationId& id,
                          const std::vector<domain::FieldRuling>& rulings);

    /// The authority's refusal. Throws: not_found("application"); kConflict
    /// `application.transition`.
    Outcome refuse(const WriteRequest& write, const ApplicationId& id, const std::string& reason);

    /// Throws: not_found("application") unless the caller applied, provides the resource, or
    /// supervises.
    store::Application find(const Caller& caller, const ApplicationId& id);
    /// Without fields. The caller's own; all of them for whoever supervises.
    std::vector<store::Application> list(const Caller& caller, const std::string& after,
                                         std::int64_t limit);

private:
    Context& context_;
};

}  // namespace pdx::app
