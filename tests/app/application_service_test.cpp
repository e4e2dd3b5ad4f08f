#include "marketplace/app/application_service.h"

#include <functional>
#include <set>

#include "marketplace/app/application_facts.h"
#include "marketplace/app/private_part_service.h"
#include "tests/app/support/licensed.h"
#include "tests/app/support/refused.h"
#include "tests/support/catch.h"

using namespace pdx;
using domain::FieldDecision;
using nlohmann::json;
using test::answer_of;
using test::code_of;
using test::Licensed;
using test::Market;
using test::ResourceSpec;

namespace {

json apply(Licensed& licensed, const app::ApplyForAccess& input) {
    return answer_of(licensed.applications.apply(Market::write(licensed.licensed_operator), input));
}

std::set<std::string> rules_of(const json& answer) {
    std::set<std::string> rules;
    for (const json& reason : answer.at("report").at("reasons")) {
        CHECK_FALSE(reason.at("en").get<std::string>().empty());
        CHECK_FALSE(reason.at("zh").get<std::string>().empty());
        CHECK_FALSE(reason.at("source").get<std::string>().empty());
        rules.insert(reason.at("rule").get<std::string>());
    }
    return rules;
}

std::vector<domain::FieldRuling> grant_all() {
    return {{"ent_name", FieldDecision::kGrant, {}, {}},
            {"legal_rep_id_no", FieldDecision::kGrant, {}, {}},
            {"reg_capital_fen", FieldDecision::kGrant, {}, {}}};
}

}  // namespace

TEST_CASE("application: what is admitted is checked, and the ledger says so without the purpose",
          "[app][application]") {
    Licensed licensed;
    const json answer = apply(licensed, Licensed::request(licensed.resource()));
    CHECK(answer.at("state") == "checked");
    CHECK(answer.at("report").at("admitted") == true);
    CHECK(answer.at("report").at("reasons").empty());
    CHECK(answer.at("rule_profile") == "demo@1");
    CHECK(answer.at("fields").at(1).at("operation") == "pseudonym");
    CHECK(answer.at("fields").at(1).at("decision").is_null());

    const json entry = licensed.last_entry();
    CHECK(entry.at("kind") == "application.checked");
    CHECK(entry.at("entity").at("id") == answer.at("application_id"));
    CHECK(entry.at("body").at("state") == "checked");
    CHECK(entry.at("body").at("version") == 1);
    CHECK(entry.at("body").at("event") == "pass_check");
    CHECK(entry.at("body").at("fields").size() == 3);
    CHECK(entry.dump().find("经营稳定度") == std::string::npos);
}

TEST_CASE("application: what the law forbids is refused, and the refusal is a recorded fact",
          "[app][application]") {
    struct Row {
        const char* rule;
        std::function<void(ResourceSpec&)> spoil_resource;
        std::function<void(app::ApplyForAccess&)> spoil_request;
    };
    const auto as_is = [](auto&) {};
    const std::vector<Row> rows{
        {"admission.opening_prohibited", [](auto& r) { r.open_kind = "prohibited"; }, as_is},
        {"admission.minors", [](auto& r) { r.pi_level = "minors"; }, as_is},
        {"admission.core_data", [](auto& r) { r.grade = "core"; }, as_is},
        {"admission.risk_assessment_missing", [](auto& r) { r.grade = "important"; }, as_is},
        {"admission.source_consent_missing",
         [](auto& r) { r.source_kind = catalog::SourceKind::kShared; }, as_is},
        {"admission.not_registered", [](auto& r) { r.state = "expired"; }, as_is},
        {"admission.field_unclassified",
         [](auto& r) {
             r.columns[0] = {"ent_name", "plain", "unknown", "unknown"};
         },
         as_is},
        {"admission.field_unknown", as_is,
         [](auto& a) {
             a.fields.push_back({"no_such_field", "pass"});
         }},
        {"admission.field_repeated", as_is,
         [](auto& a) {
             a.fields.push_back({"ent_name", "pass"});
         }},
        {"admission.no_fields", as_is, [](auto& a) { a.fields.clear(); }},
        {"admission.purpose", as_is, [](auto& a) { a.purpose = " x "; }},
        {"admission.term", as_is,
         [](auto& a) {
             a.term_to = {2032, 1, 1};
         }},
    };
    for (const Row& row : rows) {
        INFO(row.rule);
        Licensed licensed;
        ResourceSpec spec;
        row.spoil_resource(spec);
        app::ApplyForAccess input = Licensed::request(licensed.resource(spec));
        row.spoil_request(input);
        const json answer = apply(licensed, input);
        CHECK(answer.at("state") == "refused");
        CHECK(rules_of(answer) == std::set<std::string>{row.rule});
        const json entry = licensed.last_entry();
        CHECK(entry.at("kind") == "application.refused");
        CHECK(entry.at("rule") == "demo@1");
        CHECK(entry.at("body").at("rules") == json::array({row.rule}));
        CHECK(entry.dump().find("no_such_field") == std::string::npos);
        const auto id = ApplicationId::parse(answer.at("application_id").get<std::string>());
        CHECK(licensed.applications.find(licensed.auditor, *id).state ==
              domain::ApplicationState::kRefused);
    }
}

TEST_CASE("application: a resource that is not public does not exist", "[app][application]") {
    Licensed licensed;
    for (const char* state :
         {"draft", "submitted", "returned", "not_accepted", "accepted", "review_failed"}) {
        INFO(state);
        ResourceSpec spec;
        spec.state = state;
        const auto input = Licensed::request(licensed.resource(spec));
        const std::uint64_t before = licensed.log_size();
        CHECK(code_of([&] { apply(licensed, input); }) == "resource.not_found");
        CHECK(licensed.log_size() == before);
    }
    app::ApplyForAccess input =
        Licensed::request(ResourceId::parse("01900000-0000-7000-8000-000000000001").value());
    CHECK(code_of([&] { apply(licensed, input); }) == "resource.not_found");
}

TEST_CASE("application: the stricter of declared and seen class decides", "[app][application]") {
    struct Row {
        test::Column column;
        const char* outcome;
        const char* operation;  ///< given to whom names none
    };
    const std::vector<Row> rows{
        {{"x", "plain"}, "as_is", "pass"},
        {{"x", "plain", "non_personal", "code"}, "as_is", "pass"},
        {{"x", "plain", "direct_identifier", "mobile"}, "with_treatment", "pseudonym(mobile)"},
        {{"x", "direct_identifier", "non_personal", "code"}, "with_treatment", "pseudonym(code)"},
        {{"x", "quasi_identifier", "quasi_identifier", "birth_date"},
         "with_treatment",
         "generalise_date_to_year"},
        {{"x", "business"}, "with_treatment", "redact"},
        {{"x", "sensitive"}, "with_treatment", "drop"},
        {{"x", ""}, "refused", "drop"},
        {{"x", "plain", "unknown"}, "refused", "drop"},
    };
    for (const Row& row : rows) {
        INFO(row.column.declared << " and " << row.column.seen);
        Licensed licensed;
        ResourceSpec spec;
        spec.columns = {row.column};
        app::ApplyForAccess input = Licensed::request(licensed.resource(spec));
        input.fields = {{"x", ""}};
        const json answer = apply(licensed, input);
        CHECK(answer.at("report").at("fields").at(0).at("outcome") == row.outcome);
        CHECK(answer.at("fields").at(0).at("operation") == row.operation);
    }
}

TEST_CASE("application: an operation that is none is refused", "[app][application]") {
    Licensed licensed;
    app::ApplyForAccess input = Licensed::request(licensed.resource());
    input.fields[0].operation = "shuffle";
    const auto refusal = test::refusal_of([&] { apply(licensed, input); });
    REQUIRE(refusal.has_value());
    CHECK(refusal->code() == "application.operation");
    CHECK(refusal->detail().pointer == "ent_name");
}

TEST_CASE("application: an operation that is written otherwise is shown as it should be",
          "[app][application]") {
    const std::vector<std::pair<std::string, std::string>> rows{
        {"shuffle(5)", "there is no operation"},
        {"age_band", "'age_band(5)'"},
        {"age_band(1)", "'age_band(5)'"},
        {"keep_first_last(3)", "'keep_first_last(1,0)'"},
        {"shift_date(id_no)", "'shift_date(30)'"},
        {"pass(1)", "'pass'."},
        {"token()", "'token'."}};
    for (const auto& [written, shown] : rows) {
        const Text why = app::why_no_operation(written);
        INFO(why.en);
        CHECK(why.en.find("'" + written + "'") != std::string::npos);
        CHECK(why.en.find(shown) != std::string::npos);
        CHECK(why.zh.find("“" + written + "”") != std::string::npos);
    }
}

TEST_CASE("application: a treatment that is too lax is told its class and what that allows",
          "[app][application]") {
    const auto words = [](privacy::Sensitivity sensitivity, privacy::Kind kind,
                          const std::string& operation) {
        privacy::ColumnClass column;
        column.name = "x";
        column.kind = kind;
        column.sensitivity = sensitivity;
        const auto refusal = test::refusal_of([&] { app::check_treatment(column, operation); });
        REQUIRE(refusal);
        return refusal->text();
    };
    using S = privacy::Sensitivity;
    const Text quasi = words(S::kQuasiIdentifier, privacy::Kind::kSex, "pass");
    CHECK(quasi.en.find("class 'quasi_identifier' does not allow 'pass'") != std::string::npos);
    CHECK(quasi.en.find("refuse it: bound_number(0,100), ") != std::string::npos);
    CHECK(quasi.zh.find("“准标识符”不允许“pass”") != std::string::npos);
    CHECK(words(S::kFreeText, privacy::Kind::kFreeText, "pseudonym")
              .en.ends_with(": mask_text, row_number, redact, drop."));
    CHECK(words(S::kDirectIdentifier, privacy::Kind::kPersonName, "keep_first_last(3,4)")
              .en.ends_with(": keep_first_last(1,0), pseudonym, row_number, redact, drop."));
}

TEST_CASE("application: the source rules on every field, and nobody else does",
          "[app][application]") {
    Licensed licensed;
    const ApplicationId id = licensed.checked(licensed.resource());
    const auto decide = [&](const app::Caller& caller, std::vector<domain::FieldRuling> rulings) {
        licensed.applications.decide_source(Market::write(caller), id, rulings);
    };
    const app::Caller other = licensed.market.party(domain::Role::kDataProvider);
    CHECK(code_of([&] { decide(other, grant_all()); }) == "application.not_found");

    auto rulings = grant_all();
    rulings.pop_back();
    CHECK(code_of([&] { decide(licensed.provider, rulings); }) == "application.rulings");
    rulings = grant_all();
    rulings[0] = {"ent_name", FieldDecision::kRefuse, {}, {}};
    CHECK(code_of([&] { decide(licensed.provider, rulings); }) == "application.rulings");
    for (const char* lax : {"pass", "round_number(10)", "keep_first_last(9,9)", "whatever"}) {
        INFO(lax);
        rulings = grant_all();
        rulings[1] = {"legal_rep_id_no", FieldDecision::kGrantWithTreatment, lax, {}};
        CHECK(code_of([&] { decide(licensed.provider, rulings); }) == "application.operation");
    }

    rulings = grant_all();
    rulings[0] = {"ent_name", FieldDecision::kRefuse, {}, "商业秘密"};
    rulings[1] = {"legal_rep_id_no", FieldDecision::kGrantWithTreatment, "redact", {}};
    decide(licensed.provider, rulings);
    const store::Application decided = licensed.applications.find(licensed.provider, id);
    CHECK(decided.state == domain::ApplicationState::kSourceDecided);
    CHECK(decided.version == 2);
    CHECK(decided.fields[0].decision == FieldDecision::kRefuse);
    CHECK(decided.fields[0].reason == "商业秘密");
    CHECK(decided.fields[1].operation == "redact");
    CHECK(decided.fields[2].operation == "pass");
    const json entry = licensed.last_entry();
    CHECK(entry.at("kind") == "application.source_decided");
    CHECK(entry.at("body").at("fields").at(1).at("operation") == "redact");
    CHECK(entry.dump().find("商业秘密") == std::string::npos);

    const auto again = test::refusal_of([&] { decide(licensed.provider, grant_all()); });
    REQUIRE(again.has_value());
    CHECK(again->code() == "application.transition");
    CHECK(again->detail().state == "source_decided");
    CHECK(again->detail().allowed == std::vector<std::string>{"grant", "refuse", "withdraw"});
}

TEST_CASE("application: a plain grant of a column that needs treatment is no grant",
          "[app][application]") {
    Licensed licensed;
    app::ApplyForAccess input = Licensed::request(licensed.resource());
    input.fields = {{"arrears_fen", "pass"}};
    const json answer = apply(licensed, input);
    const auto id = ApplicationId::parse(answer.at("application_id").get<std::string>()).value();
    const auto decide = [&](FieldDecision decision, const char* treatment) {
        licensed.applications.decide_source(Market::write(licensed.provider), id,
                                            {{{"arrears_fen", decision, treatment, {}}}});
    };
    CHECK(code_of([&] { decide(FieldDecision::kGrant, ""); }) == "application.operation");
    decide(FieldDecision::kGrantWithTreatment, "round_number(10000)");
    CHECK(licensed.applications.find(licensed.provider, id).fields[0].operation ==
          "round_number(10000)");
}

TEST_CASE("application: the authority may refuse until it has granted", "[app][application]") {
    Licensed licensed;
    const ApplicationId id = licensed.checked(licensed.resource());
    licensed.applications.refuse(Market::write(licensed.authority), id, "目的不明确");
    app::PrivatePartService parts(licensed.market.context());
    CHECK(parts.texts_of("application", id.text()).at("decision_reason") == "目的不明确");
    CHECK(licensed.last_entry().dump().find("目的不明确") == std::string::npos);
    CHECK(code_of([&] {
              licensed.applications.refuse(Market::write(licensed.authority), id, "again");
          }) == "application.transition");
    CHECK(code_of([&] {
              licensed.contracts.grant(Market::write(licensed.authority), id, licensed.terms());
          }) == "application.transition");
    const auto unknown = ApplicationId::parse("01900000-0000-7000-8000-000000000001").value();
    CHECK(code_of([&] {
              licensed.applications.refuse(Market::write(licensed.authority), unknown, "x");
          }) == "application.not_found");
}

TEST_CASE("application: it is seen by those it concerns", "[app][application]") {
    Licensed licensed;
    const ApplicationId id = licensed.checked(licensed.resource());
    const auto seen = [&](const app::Caller& caller) {
        return code_of([&] { licensed.applications.find(caller, id); }) == "none" &&
               licensed.applications.list(caller, "", 10).size() == 1;
    };
    const auto unseen = [&](const app::Caller& caller) {
        return code_of([&] { licensed.applications.find(caller, id); }) ==
                   "application.not_found" &&
               licensed.applications.list(caller, "", 10).empty();
    };
    CHECK(seen(licensed.licensed_operator));
    CHECK(seen(licensed.provider));
    CHECK(seen(licensed.authority));
    CHECK(seen(licensed.auditor));
    CHECK(seen(licensed.admin));
    CHECK(unseen(licensed.buyer));
    CHECK(unseen(licensed.market.party(domain::Role::kOperator)));
    CHECK(unseen(licensed.market.party(domain::Role::kDataProvider)));
    CHECK(unseen(app::Caller{}));
}

TEST_CASE("application: lists are pages in the order of ids", "[app][application]") {
    Licensed licensed;
    const ResourceId resource = licensed.resource();
    std::vector<std::string> ids;
    for (int i = 0; i < 5; ++i) ids.push_back(licensed.checked(resource).text());
    std::vector<std::string> found;
    std::string after;
    for (;;) {
        const auto page = licensed.applications.list(licensed.licensed_operator, after, 2);
        if (page.empty()) break;
        for (const auto& application : page) found.push_back(application.id.text());
        after = found.back();
    }
    CHECK(found == ids);
}
