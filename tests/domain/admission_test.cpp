#include "marketplace/domain/admission.h"

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/support/catch.h"
#include "tests/support/places.h"

using namespace pdx;
using namespace pdx::domain;

namespace {

ResourceFacts enterprise_register() {
    ResourceFacts facts;
    facts.state = RegistrationState::kActive;
    facts.grade = SecurityGrade::kGeneral2;
    facts.open_kind = OpenKind::kConditional;
    facts.personal_data = PersonalDataLevel::kGeneral;
    facts.fields = {{"uscc", FieldClass::kPlain},
                    {"legal_rep_id_no", FieldClass::kDirectIdentifier},
                    {"est_date", FieldClass::kQuasiIdentifier},
                    {"balance_fen", FieldClass::kSensitive},
                    {"paid_total_fen", FieldClass::kBusiness},
                    {"unseen", {}}};
    return facts;
}

AccessRequest credit_request(std::vector<std::string> fields) {
    return {"小微企业经营稳定度评估", BeneficiaryClass::kIndustry, std::move(fields),
            Date{2026, 3, 1}, Date{2029, 2, 28}};
}

std::vector<std::string> refusal_rules(const ResourceFacts& facts, const AccessRequest& request) {
    const AdmissionReport report = check_admission(facts, request, "cn-2025@1", 5);
    CHECK(report.profile == "cn-2025@1");
    CHECK(report.fields.size() == request.fields.size());
    CHECK(report.admitted() == report.refusals.empty());
    std::vector<std::string> rules;
    for (const Reason& reason : report.refusals) {
        CHECK_FALSE(reason.source.empty());
        CHECK_FALSE(reason.text.en.empty());
        CHECK_FALSE(reason.text.zh.empty());
        rules.push_back(reason.rule);
    }
    return rules;
}

using Rules = std::vector<std::string>;

}  // namespace

TEST_CASE("admission: a registered resource is admitted, field by field", "[domain][admission]") {
    const auto request =
        credit_request({"uscc", "legal_rep_id_no", "est_date", "balance_fen", "paid_total_fen"});
    const AdmissionReport report = check_admission(enterprise_register(), request, "cn-2025@1", 5);
    CHECK(report.admitted());
    REQUIRE(report.fields.size() == 5);
    CHECK(report.fields[0].outcome == FieldOutcome::kAsIs);
    CHECK_FALSE(report.fields[0].reason.has_value());
    const std::vector<std::string> rules{"admission.direct_identifier",
                                         "admission.quasi_identifier", "admission.sensitive",
                                         "admission.business_confidential"};
    for (std::size_t i = 0; i < rules.size(); ++i) {
        CHECK(report.fields[i + 1].outcome == FieldOutcome::kWithTreatment);
        const auto& reason = report.fields[i + 1].reason;
        REQUIRE(reason.has_value());
        CHECK(reason->rule == rules[i]);
    }
}

TEST_CASE("admission: each fact of the resource refuses for its own reason",
          "[domain][admission]") {
    const auto request = credit_request({"uscc"});
    ResourceFacts facts = enterprise_register();
    CHECK(refusal_rules(facts, request).empty());
    for (const auto& row : names_of(RegistrationState{})) {
        facts.state = row.value;
        const Rules expected = row.name == "active" ? Rules{} : Rules{"admission.not_registered"};
        CHECK(refusal_rules(facts, request) == expected);
    }
    facts = enterprise_register();
    facts.open_kind = OpenKind::kProhibited;
    CHECK(refusal_rules(facts, request) == Rules{"admission.opening_prohibited"});
    facts = enterprise_register();
    facts.personal_data = PersonalDataLevel::kMinors;
    CHECK(refusal_rules(facts, request) == Rules{"admission.minors"});
    facts = enterprise_register();
    facts.grade = SecurityGrade::kCore;
    CHECK(refusal_rules(facts, request) == Rules{"admission.core_data"});
    facts.grade = SecurityGrade::kImportant;
    CHECK(refusal_rules(facts, request) == Rules{"admission.risk_assessment_missing"});
    facts.risk_assessment_on_file = true;
    CHECK(refusal_rules(facts, request).empty());
    CHECK(check_admission(facts, request, "", 5).conditions.size() == 1);
    facts = enterprise_register();
    facts.shared_from_another_body = true;
    CHECK(refusal_rules(facts, request) == Rules{"admission.source_consent_missing"});
    facts.source_body_consented = true;
    CHECK(refusal_rules(facts, request).empty());
    facts.personal_data = PersonalDataLevel::kSensitive;
    CHECK(check_admission(facts, request, "", 5).conditions.at(0).rule ==
          "admission.impact_assessment");
}

TEST_CASE("admission: a request needs a purpose, fields that exist and a lawful term",
          "[domain][admission]") {
    const ResourceFacts facts = enterprise_register();
    auto request = credit_request({"uscc"});
    request.purpose = "  \n";
    CHECK(refusal_rules(facts, request) == Rules{"admission.purpose"});
    request.purpose = std::string(2001, 'x');
    CHECK(refusal_rules(facts, request) == Rules{"admission.purpose"});
    request.purpose = "评估";
    CHECK(refusal_rules(facts, request).empty());

    CHECK(refusal_rules(facts, credit_request({})) == Rules{"admission.no_fields"});
    CHECK(refusal_rules(facts, credit_request({"nothing"})) == Rules{"admission.field_unknown"});
    CHECK(refusal_rules(facts, credit_request({"uscc", "uscc"})) ==
          Rules{"admission.field_repeated"});
    CHECK(refusal_rules(facts, credit_request({"unseen"})) ==
          Rules{"admission.field_unclassified"});

    request = credit_request({"uscc"});
    request.term_to = {2031, 2, 28};
    CHECK(refusal_rules(facts, request).empty());
    request.term_to = {2031, 3, 1};
    CHECK(refusal_rules(facts, request) == Rules{"admission.term"});
    request.term_to = {2026, 2, 28};
    CHECK(refusal_rules(facts, request) == Rules{"admission.term"});
}

TEST_CASE("admission: facts that nobody filled in refuse", "[domain][admission]") {
    const Rules rules = refusal_rules({}, {});
    CHECK(rules == Rules{"admission.not_registered", "admission.opening_prohibited",
                         "admission.minors", "admission.core_data", "admission.purpose",
                         "admission.no_fields"});
}

TEST_CASE("admission: of the twenty assets of the seed only the pupils' roll is refused",
          "[domain][admission]") {
    std::ifstream file(test::source_folder() / "marketplace/demo/seed_assets.json");
    REQUIRE(file);
    const std::map<std::string, FieldClass> classes{{"N", FieldClass::kPlain},
                                                    {"D", FieldClass::kDirectIdentifier},
                                                    {"Q", FieldClass::kQuasiIdentifier},
                                                    {"S", FieldClass::kSensitive},
                                                    {"B", FieldClass::kBusiness}};
    const auto document = nlohmann::json::parse(file);
    for (const auto& asset : document.at("assets")) {
        ResourceFacts facts;
        facts.state = RegistrationState::kActive;
        const auto open_kind = parse_label_zh<OpenKind>(asset.at("open_level").get<std::string>());
        REQUIRE(open_kind.has_value());
        facts.open_kind = *open_kind;
        // Asset 8 is only a candidate for important data; its assessment is on file here.
        facts.grade = parse_label_zh<SecurityGrade>(asset.at("security_grade").get<std::string>())
                          .value_or(SecurityGrade::kImportant);
        facts.risk_assessment_on_file = true;
        const bool minors =
            asset.at("desc_zh").get<std::string>().find("未成年人") != std::string::npos;
        facts.personal_data = minors ? PersonalDataLevel::kMinors : PersonalDataLevel::kGeneral;
        std::vector<std::string> names;
        for (const auto& field : asset.at("fields")) {
            names.push_back(field.at("name").get<std::string>());
            facts.fields.push_back({names.back(), classes.at(field.at("cls").get<std::string>())});
        }
        const Rules rules = refusal_rules(facts, credit_request(names));
        INFO("asset " << asset.at("no"));
        if (asset.at("no") == 20) {
            CHECK(rules == Rules{"admission.opening_prohibited", "admission.minors"});
        } else {
            CHECK(rules.empty());
        }
    }
}
