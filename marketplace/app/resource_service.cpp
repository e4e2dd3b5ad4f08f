#include "marketplace/app/resource_service.h"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "catalog/identifier.h"
#include "catalog/search.h"
#include "catalog/store/search_store.h"
#include "marketplace/app/column_class.h"
#include "marketplace/app/resource_view.h"
#include "marketplace/domain/deadlines.h"
#include "marketplace/domain/permissions.h"
#include "marketplace/store/counter_store.h"
#include "marketplace/store/party_store.h"

namespace pdx::app {
namespace {

using domain::RegistrationEvent;
using domain::RegistrationState;
using nlohmann::json;

/// GB/T 2260 code of the city. The demo city's numbers lie in the unassigned county 320299.
constexpr std::string_view kAreaCode = "320200";

RegistrationState state_of(const catalog::Resource& resource) {
    const auto state = domain::parse_registration_state(resource.state);
    PDX_CHECK(state.has_value());
    return *state;
}

catalog::Resource load(Transaction& tx, const ResourceId& id) {
    auto resource = catalog::ResourceStore(tx.db()).load(id);
    if (!resource) throw not_found("resource");
    return *std::move(resource);
}

catalog::Resource load_own(Transaction& tx, const ResourceId& id) {
    catalog::Resource resource = load(tx, id);
    if (resource.provider != tx.caller().party) throw not_found("resource");
    return resource;
}

/// Every column of the newest dataset has a class, and waits for no review.
bool is_classified(const std::vector<catalog::ResourceField>& fields,
                   const std::vector<catalog::DatasetColumn>& columns) {
    return std::all_of(columns.begin(), columns.end(), [&](const catalog::DatasetColumn& column) {
        const auto field = std::find_if(fields.begin(), fields.end(),
                                        [&](const auto& f) { return f.name == column.name; });
        const auto declared =
            field == fields.end() ? std::nullopt : declared_sensitivity(field->declared_class);
        return field_class(counted_class(column, declared)).has_value();
    });
}

void check_input(const catalog::Resource& resource,
                 const std::vector<catalog::ResourceField>& fields) {
    const std::vector<Error> defects = catalog::defects_of(resource, fields);
    if (!defects.empty()) throw defects.front();
}

catalog::SearchDocument document_of(Transaction& tx, const catalog::Resource& resource,
                                    const std::vector<catalog::ResourceField>& fields) {
    catalog::SearchDocument document;
    document.add(catalog::SearchField::kTitle, resource.title_zh);
    document.add(catalog::SearchField::kTitle, resource.title_en);
    document.add(catalog::SearchField::kIdentifier, resource.catalog_identifier);
    document.add(catalog::SearchField::kIdentifier, resource.registration_code);
    document.add(catalog::SearchField::kKeywords, resource.keywords);
    document.add(catalog::SearchField::kKeywords, resource.topic);
    if (const auto provider = store::find_party(tx.db(), resource.provider)) {
        document.add(catalog::SearchField::kProvider, provider->name_zh);
        document.add(catalog::SearchField::kProvider, provider->name_en);
    }
    for (const catalog::ResourceField& field : fields) {
        document.add(catalog::SearchField::kColumns, field.name);
        document.add(catalog::SearchField::kColumns, field.label_zh);
    }
    document.add(catalog::SearchField::kDescription, resource.summary_zh);
    document.add(catalog::SearchField::kDescription, resource.summary_en);
    return document;
}

/// Every change of a resource ends here: row, search index, and the one fact.
std::string save(Transaction& tx, catalog::Resource resource, std::string_view event,
                 json body = json::object()) {
    catalog::ResourceStore resources(tx.db());
    const std::int64_t before = resource.version++;
    resource.updated_at = tx.now();
    resources.save(resource, before);
    const std::vector<catalog::ResourceField> fields = resources.fields(resource.id);
    catalog::SearchStore(tx.db()).upsert(resource.id, resource.state,
                                         document_of(tx, resource, fields));
    body.update(fact_of(resource));
    body["event"] = event;
    tx.record(make_fact("resource." + std::string(event), "resource", resource.id.text(), body,
                        resource.rule_profile));
    return to_json(resource, fields).dump();
}

std::string transition(Transaction& tx, catalog::Resource resource, RegistrationEvent event) {
    resource.state = domain::to_string(domain::apply(state_of(resource), event));
    return save(tx, std::move(resource), domain::to_string(event));
}

void check_duties(const catalog::Resource& resource, const PartyId& code_issuer = {}) {
    const auto text = [](const std::optional<PartyId>& party) {
        return party ? party->text() : std::string();
    };
    domain::check_distinct(
        domain::RegistrationDuties{resource.provider.text(), text(resource.accepted_by),
                                   text(resource.reviewed_by), code_issuer.text()});
}

/// Provisional local code while the national coding standard is not published.
/// Shape: LX-320200-YYYY-NNNNNN-CC with ISO 7064 MOD 1271-36 check characters.
std::string registration_code(Transaction& tx, Date today) {
    const std::int64_t number =
        store::next_number(tx.db(), "registration_code." + std::to_string(today.year));
    std::array<char, 32> serial{};
    std::snprintf(serial.data(), serial.size(), "%06lld", static_cast<long long>(number));
    const std::string year = std::to_string(today.year);
    const auto check =
        catalog::check_characters("LX" + std::string(kAreaCode) + year + serial.data());
    PDX_CHECK(check.has_value());
    return "LX-" + std::string(kAreaCode) + "-" + year + "-" + serial.data() + "-" + *check;
}

bool sees_every_state(const Caller& caller) {
    return domain::permitted(caller.role, domain::Permission::kReadWorkQueue) ||
           domain::permitted(caller.role, domain::Permission::kReadEverything);
}

void copy_input(catalog::Resource& resource, const catalog::Resource& input) {
    resource.title_zh = input.title_zh;
    resource.title_en = input.title_en;
    resource.summary_zh = input.summary_zh;
    resource.summary_en = input.summary_en;
    resource.keywords = input.keywords;
    resource.topic = input.topic;
    resource.source_kind = input.source_kind;
    resource.source_statement = input.source_statement;
    resource.sharing_kind = input.sharing_kind;
    resource.open_kind = input.open_kind;
    resource.security_grade = input.security_grade;
    resource.pi_level = input.pi_level;
    resource.access_method = input.access_method;
    resource.update_frequency = input.update_frequency;
    resource.industry_code = input.industry_code;
}

}  // namespace

Outcome ResourceService::register_resource(const WriteRequest& write, const ResourceInput& input) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             catalog::Resource resource;
             copy_input(resource, input.record);
             resource.id = tx.make_id<ResourceTag>();
             resource.provider = tx.caller().party;
             resource.state = domain::to_string(RegistrationState::kDraft);
             resource.rule_profile = domain::profile_name(context_.rules);
             resource.created_at = resource.updated_at = tx.now();
             resource.version = 0;  // save() makes it 1
             const auto identifier = catalog::CatalogIdentifier::make(
                 kAreaCode, input.department_code, catalog::ObjectKind::kStructured,
                 static_cast<std::uint32_t>(store::next_number(tx.db(), "catalog_identifier")));
             if (!identifier) {
                 throw invalid("resource.department_code",
                               {"The department code has 1 to 18 characters 0-9, A-Z.",
                                "部门代码为 1 至 18 位数字或大写字母。"},
                               {.pointer = "/department_code"});
             }
             resource.catalog_identifier = identifier->text();
             check_input(resource, input.fields);
             catalog::ResourceStore resources(tx.db());
             resources.insert(resource);
             resources.replace_fields(resource.id, input.fields);
             return save(tx, resource, "registered",
                         {{"catalog_identifier", resource.catalog_identifier}});
         }});
}

Outcome ResourceService::edit(const WriteRequest& write, const ResourceId& id, std::int64_t version,
                              const ResourceInput& input) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             catalog::Resource resource = load_own(tx, id);
             if (resource.version != version) throw stale("resource");
             const RegistrationState state = state_of(resource);
             if (state != RegistrationState::kDraft && state != RegistrationState::kReturned) {
                 throw conflict("resource.not_editable",
                                {"A resource is edited while it is a draft or was returned.",
                                 "仅草稿或退回补正状态的登记可以修改。"},
                                {.state = resource.state, .allowed = domain::allowed(state)});
             }
             copy_input(resource, input.record);
             check_input(resource, input.fields);
             catalog::ResourceStore(tx.db()).replace_fields(id, input.fields);
             return save(tx, std::move(resource), "edited");
         }});
}

Outcome ResourceService::submit(const WriteRequest& write, const ResourceId& id,
                                bool internally_reviewed) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             catalog::Resource resource = load_own(tx, id);
             catalog::ResourceStore resources(tx.db());
             const auto dataset = resources.latest_dataset(id);
             const bool classified =
                 dataset && is_classified(resources.fields(id), resources.columns(dataset->id));
             const domain::RegistrationEvent event = RegistrationEvent::kSubmit;
             // The state is asked first: an active resource is not "incomplete".
             domain::apply(state_of(resource), event);
             domain::check_submission(
                 {domain::parse<domain::SecurityGrade>(resource.security_grade),
                  !resource.source_statement.empty(), internally_reviewed, classified,
                  dataset.has_value()});
             const Date today = Date::of(tx.now());
             resource.accept_due =
                 domain::deadline(context_.rules, domain::LegalClock::kAcceptance, today).due.due;
             return transition(tx, std::move(resource), event);
         }});
}

Outcome ResourceService::accept(const WriteRequest& write, const ResourceId& id,
                                RegistrationEvent event, const std::string& reason) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             catalog::Resource resource = load(tx, id);
             resource.accepted_by = tx.caller().party;
             resource.state_reason = reason;
             check_duties(resource);
             const Date today = Date::of(tx.now());
             resource.review_due =
                 domain::deadline(context_.rules, domain::LegalClock::kFormReview, today).due.due;
             return transition(tx, std::move(resource), event);
         }});
}

Outcome ResourceService::review(const WriteRequest& write, const ResourceId& id,
                                RegistrationEvent event, const std::string& reason) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             catalog::Resource resource = load(tx, id);
             resource.reviewed_by = tx.caller().party;
             resource.state_reason = reason;
             check_duties(resource);
             if (event == RegistrationEvent::kPassReview) {
                 const Date today = Date::of(tx.now());
                 resource.notice_from = today;
                 resource.notice_until =
                     domain::deadline(context_.rules, domain::LegalClock::kNotice, today).due.due;
             }
             return transition(tx, std::move(resource), event);
         }});
}

Outcome ResourceService::issue_code(const WriteRequest& write, const ResourceId& id) {
    return context_.writer.submit(
        {write.caller, write.idempotency, [&](Transaction& tx) {
             catalog::Resource resource = load(tx, id);
             const Date today = Date::of(tx.now());
             if (state_of(resource) == RegistrationState::kNotice) {
                 PDX_CHECK(resource.notice_from.has_value());
                 domain::check_over(domain::deadline(context_.rules, domain::LegalClock::kNotice,
                                                     *resource.notice_from),
                                    today);
                 resource.state = domain::to_string(
                     domain::apply(state_of(resource), RegistrationEvent::kEndNotice));
             }
             check_duties(resource, tx.caller().party);
             resource.coded_by = tx.caller().party;
             domain::apply(state_of(resource), RegistrationEvent::kIssueCode);
             resource.registration_code = registration_code(tx, today);
             resource.valid_to = domain::registration_valid_to(today, std::nullopt,
                                                               context_.rules.registration_years);
             return transition(tx, std::move(resource), RegistrationEvent::kIssueCode);
         }});
}

bool ResourceService::visible(const Caller& caller, const catalog::Resource& resource) const {
    return resource.state == domain::to_string(RegistrationState::kActive) ||
           (!caller.anonymous && resource.provider == caller.party) || sees_every_state(caller);
}

ResourceWithFields ResourceService::find(const Caller& caller, const ResourceId& id) {
    auto lease = context_.reads.borrow();
    catalog::ResourceStore resources(*lease);
    auto resource = resources.load(id);
    if (!resource || !visible(caller, *resource)) throw not_found("resource");
    return {*std::move(resource), resources.fields(id)};
}

ResourcePage ResourceService::list(const Caller& caller, const ResourceFilter& filter,
                                   const std::string& after, std::int64_t limit) {
    auto lease = context_.reads.borrow();
    return filter.query.empty() ? list_by_id(*lease, caller, filter, after, limit)
                                : search(*lease, caller, filter, after, limit);
}

/// The public sees active resources; whoever asks for its own sees them in every state.
ResourcePage ResourceService::list_by_id(sql::Connection& db, const Caller& caller,
                                         const ResourceFilter& filter, const std::string& after,
                                         std::int64_t limit) const {
    catalog::ResourceFilter stored{filter.state, std::nullopt};
    if (caller.role == domain::Role::kDataProvider) {
        stored.provider = caller.party;
    } else if (!sees_every_state(caller)) {
        stored.state = domain::to_string(RegistrationState::kActive);
    }
    const auto position = ResourceId::parse(after);
    ResourcePage page;
    page.items = catalog::ResourceStore(db).list(stored, position.value_or(ResourceId()), limit);
    if (static_cast<std::int64_t>(page.items.size()) == limit && limit > 0) {
        page.next = page.items.back().id.text();
    }
    return page;
}

ResourcePage ResourceService::search(sql::Connection& db, const Caller& caller,
                                     const ResourceFilter& filter, const std::string& after,
                                     std::int64_t limit) const {
    std::vector<std::string> states{std::string(domain::to_string(RegistrationState::kActive))};
    if (sees_every_state(caller)) {
        states.clear();
        for (const auto& row : domain::names_of(RegistrationState{})) {
            states.emplace_back(row.name);
        }
    }
    const catalog::SearchPage hits = catalog::SearchStore(db).search(
        {filter.query, states, limit, catalog::SearchCursor::parse(after)});
    ResourcePage page;
    catalog::ResourceStore resources(db);
    for (const catalog::ResourceHit& hit : hits.hits) {
        if (auto resource = resources.load(hit.resource))
            page.items.push_back(*std::move(resource));
    }
    if (hits.next) page.next = hits.next->text();
    return page;
}

}  // namespace pdx::app
