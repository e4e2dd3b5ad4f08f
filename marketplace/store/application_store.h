#pragma once
/// Operators' applications for fields of a resource, and what was said to each field.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "marketplace/domain/application.h"
#include "marketplace/domain/terms.h"
#include "sql/sql.h"

namespace pdx::store {

struct ApplicationField {
    std::string name;
    std::string
        operation;  ///< how the field may leave (privacy/policy.h); the source may change it
    std::optional<domain::FieldDecision> decision;  ///< absent until the source department decides
    std::string reason;                             ///< of a refusal
};

struct Application {
    ApplicationId id;
    ResourceId resource_id;
    PartyId operator_id;
    PartyId provider_id;
    std::string purpose;
    domain::BeneficiaryClass beneficiary = domain::BeneficiaryClass::kIndustry;
    Date term_from;
    Date term_to;
    domain::ApplicationState state = domain::ApplicationState::kSubmitted;
    std::string rule_profile;  ///< id@version under which it was checked
    std::string report;        ///< JSON text of the admission check
    std::int64_t version = 1;
    Timestamp created_at;
    Timestamp updated_at;
    std::vector<ApplicationField> fields;  ///< as asked; left empty by the list functions
};

void insert_application(sql::Connection& db, const Application& application);
std::optional<Application> find_application(sql::Connection& db, const ApplicationId& id);
/// Writes state, version, updated_at and what was decided on the fields.
/// Ensures: `application` has the new version and time. Throws: stale("application").
void update_application(sql::Connection& db, Application& application, Timestamp now);

/// Lists are ordered by id, from after `after`, without fields.
std::vector<Application> list_applications(sql::Connection& db, const std::string& after,
                                           std::int64_t limit);
std::vector<Application> list_applications_of_operator(sql::Connection& db, const PartyId& party,
                                                       const std::string& after,
                                                       std::int64_t limit);
std::vector<Application> list_applications_of_provider(sql::Connection& db, const PartyId& party,
                                                       const std::string& after,
                                                       std::int64_t limit);

std::span<const sql::Query> application_queries();

}  // namespace pdx::store
