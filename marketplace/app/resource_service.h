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
    /// Empty query: by id. Otherwise the best matches first. Shows what find() would show.
    ResourcePage list(const Caller& caller, const std::string& query, const std::string& state,
                      const std::string& cursor, std::int64_t limit);

private:
    bool visible(const Caller& caller, const catalog::Resource& resource) const;
    Context& context_;
};

}  // namespace pdx::app
