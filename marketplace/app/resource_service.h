#pragma once
/// The registration of public-data resources: the holder's record, the registry's desks, the code.
/// Source: 发改数据规〔2025〕26号 articles 7 to 15; domain/registration.h has the machine.
#include <optional>
#include <string>
#include <vector>

#include "catalog/store/resource_store.h"
#include "marketplace/app/context.h"
#include "marketplace/domain/registration.h"

namespace pdx::app {

/// What the holder typed. Identity, state and deadlines of `record` are not read.
struct ResourceInput {
    catalog::Resource record;
    std::vector<catalog::ResourceField> fields;
    std::string department_code;  ///< letters and digits of the catalog identifier's body part
};

struct ResourceWithFields {
    catalog::Resource resource;
    std::vector<catalog::ResourceField> fields;
};

struct ResourceFilter {
    std::string query;
    std::string state;  ///< wire name; empty: any that the caller may see
};

struct ResourcePage {
    std::vector<catalog::Resource> items;
    std::optional<std::string> next;  ///< cursor of the next page
};

class ResourceService {
public:
    explicit ResourceService(Context& context) : context_(context) {}

    /// Throws: kInvalid "resource.*" and "field.*" with the pointer of the first defect.
    Outcome register_resource(const WriteRequest& write, const ResourceInput& input);
    /// Throws: kStale unless `version` is the stored one; kConflict "resource.not_editable".
    Outcome edit(const WriteRequest& write, const ResourceId& id, std::int64_t version,
                 const ResourceInput& input);
    /// `internally_reviewed`: the holder declares that a second person in its house reviewed it.
    /// Throws: kConflict "registration.incomplete" with what is missing.
    Outcome submit(const WriteRequest& write, const ResourceId& id, bool internally_reviewed);
    /// The acceptance desk: accept, return or not_accept.
    Outcome accept(const WriteRequest& write, const ResourceId& id, domain::RegistrationEvent event,
                   const std::string& reason);
    /// The review desk: pass_review opens the public notice, fail_review ends it.
    Outcome review(const WriteRequest& write, const ResourceId& id, domain::RegistrationEvent event,
                   const std::string& reason);
    /// The head's desk: ends the notice when its period is over, and gives the code.
    /// Throws: kConflict "deadline.not_over" with the last day.
    Outcome issue_code(const WriteRequest& write, const ResourceId& id);

    /// Throws: not_found("resource") unless it is public, the caller's own, or the caller works on
    /// registrations.
    ResourceWithFields find(const Caller& caller, const ResourceId& id);
    /// Empty query: by id. Otherwise the best matches first. The public sees active resources, a
    /// provider its own, whoever works on registrations every one.
    ResourcePage list(const Caller& caller, const ResourceFilter& filter, const std::string& after,
                      std::int64_t limit);

private:
    ResourcePage list_by_id(sql::Connection& db, const Caller& caller, const ResourceFilter& filter,
                            const std::string& after, std::int64_t limit) const;
    ResourcePage search(sql::Connection& db, const Caller& caller, const ResourceFilter& filter,
                        const std::string& after, std::int64_t limit) const;
    bool visible(const Caller& caller, const catalog::Resource& resource) const;
    Context& context_;
};

}  // namespace pdx::app
