#include "marketplace/store/application_store.h"

#include <array>

#include "base/error.h"
#include "marketplace/store/columns.h"

namespace pdx::store {
namespace {

constexpr sql::Query kInsert{
    "application.insert",
    "INSERT INTO application (application_id, resource_id, operator_id, provider_id, purpose, "
    "beneficiary_class, term_from, term_to, state, rule_profile, report, version, created_at, "
    "updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
constexpr sql::Query kInsertField{
    "application_field.insert",
    "INSERT INTO application_field (application_id, position, name, decision, operation, reason) "
    "VALUES (?, ?, ?, ?, ?, ?)"};
constexpr sql::Query kFind{
    "application.find",
    "SELECT application_id, resource_id, operator_id, provider_id, purpose, beneficiary_class, "
    "term_from, term_to, state, rule_profile, report, version, created_at, updated_at "
    "FROM application WHERE application_id = ?"};
constexpr sql::Query kFields{
    "application_field.list",
    "SELECT name, operation, decision, reason FROM application_field WHERE application_id = ? "
    "ORDER BY position LIMIT 10000"};
constexpr sql::Query kUpdate{"application.update",
                             "UPDATE application SET state = ?, version = ?, updated_at = ? "
                             "WHERE application_id = ? AND version = ?"};
constexpr sql::Query kUpdateField{
    "application_field.update",
    "UPDATE application_field SET decision = ?, operation = ?, reason = ? "
    "WHERE application_id = ? AND position = ?"};
constexpr sql::Query kList{
    "application.list",
    "SELECT application_id, resource_id, operator_id, provider_id, purpose, beneficiary_class, "
    "term_from, term_to, state, rule_profile, report, version, created_at, updated_at "
    "FROM application WHERE application_id > ? ORDER BY application_id LIMIT ?"};
constexpr sql::Query kListOfOperator{
    "application.list_of_operator",
    "SELECT application_id, resource_id, operator_id, provider_id, purpose, beneficiary_class, "
    "term_from, term_to, state, rule_profile, report, version, created_at, updated_at "
    "FROM application WHERE operator_id = ? AND application_id > ? "
    "ORDER BY application_id LIMIT ?"};
constexpr sql::Query kListOfProvider{
    "application.list_of_provider",
    "SELECT application_id, resource_id, operator_id, provider_id, purpose, beneficiary_class, "
    "term_from, term_to, state, rule_profile, report, version, created_at, updated_at "
    "FROM application WHERE provider_id = ? AND application_id > ? "
    "ORDER BY application_id LIMIT ?"};
constexpr std::array kQueries{kInsert,      kInsertField, kFind,           kFields,        kUpdate,
                              kUpdateField, kList,        kListOfOperator, kListOfProvider};

Application read_application(const sql::Row& row) {
    Application application;
    application.id = id_at<ApplicationTag>(row, 0);
    application.resource_id = id_at<ResourceTag>(row, 1);
    application.operator_id = id_at<PartyTag>(row, 2);
    application.provider_id = id_at<PartyTag>(row, 3);
    application.purpose = row.text(4);
    application.beneficiary = name_at<domain::BeneficiaryClass>(row, 5);
    application.term_from = date_at(row, 6);
    application.term_to = date_at(row, 7);
    application.state = name_at<domain::ApplicationState>(row, 8);
    application.rule_profile = row.text(9);
    application.report = row.text(10);
    application.version = row.integer(11);
    application.created_at = row.time(12);
    application.updated_at = row.time(13);
    return application;
}

std::vector<Application> read_all(const std::vector<sql::Row>& rows) {
    std::vector<Application> applications;
    applications.reserve(rows.size());
    for (const sql::Row& row : rows) applications.push_back(read_application(row));
    return applications;
}

ApplicationField read_field(const sql::Row& row) {
    ApplicationField field{row.text(0), row.text(1), std::nullopt, row.text(3)};
    if (!row.is_null(2)) field.decision = name_at<domain::FieldDecision>(row, 2);
    return field;
}

std::optional<std::string_view> decision_text(const ApplicationField& field) {
    if (!field.decision) return std::nullopt;
    return domain::to_string(*field.decision);
}

}  // namespace

void insert_application(sql::Connection& db, const Application& application) {
    db.run(kInsert, application.id, application.resource_id, application.operator_id,
           application.provider_id, application.purpose, domain::to_string(application.beneficiary),
           application.term_from.iso(), application.term_to.iso(),
           domain::to_string(application.state), application.rule_profile, application.report,
           application.version, application.created_at, application.updated_at);
    for (std::size_t i = 0; i < application.fields.size(); ++i) {
        const ApplicationField& field = application.fields[i];
        db.run(kInsertField, application.id, i, field.name, decision_text(field), field.operation,
               field.reason);
    }
}

std::optional<Application> find_application(sql::Connection& db, const ApplicationId& id) {
    const auto row = db.one(kFind, id);
    if (!row) return std::nullopt;
    Application application = read_application(*row);
    for (const sql::Row& field : db.all(kFields, id)) {
        application.fields.push_back(read_field(field));
    }
    return application;
}

void update_application(sql::Connection& db, Application& application, Timestamp now) {
    if (db.run(kUpdate, domain::to_string(application.state), application.version + 1, now,
               application.id, application.version) != 1) {
        throw stale("application");
    }
    ++application.version;
    application.updated_at = now;
    for (std::size_t i = 0; i < application.fields.size(); ++i) {
        const ApplicationField& field = application.fields[i];
        db.run(kUpdateField, decision_text(field), field.operation, field.reason, application.id,
               i);
    }
}

std::vector<Application> list_applications(sql::Connection& db, const std::string& after,
                                           std::int64_t limit) {
    return read_all(db.all(kList, after, limit));
}

std::vector<Application> list_applications_of_operator(sql::Connection& db, const PartyId& party,
                                                       const std::string& after,
                                                       std::int64_t limit) {
    return read_all(db.all(kListOfOperator, party, after, limit));
}

std::vector<Application> list_applications_of_provider(sql::Connection& db, const PartyId& party,
                                                       const std::string& after,
                                                       std::int64_t limit) {
    return read_all(db.all(kListOfProvider, party, after, limit));
}

std::span<const sql::Query> application_queries() { return kQueries; }

}  // namespace pdx::store
