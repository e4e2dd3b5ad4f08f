#include "marketplace/domain/registration.h"

#include "tests/domain/support/machines.h"

using namespace pdx;
using namespace pdx::domain;
using pdx::domain::testing::check_machine;
using pdx::domain::testing::code_of;

TEST_CASE("registration: every state takes exactly the events of the table",
          "[domain][registration]") {
    check_machine<RegistrationState, RegistrationEvent>(
        "registration", "draft",
        {
            {"draft", "submit>submitted"},
            {"submitted", "accept>accepted return>returned not_accept>not_accepted"},
            {"returned", "submit>submitted lapse>terminated"},
            {"not_accepted", ""},
            {"accepted", "pass_review>notice fail_review>review_failed"},
            {"review_failed", ""},
            {"notice", "object>objection end_notice>coded"},
            {"objection", "dismiss_objection>notice uphold_objection>terminated"},
            {"coded", "issue_code>active revoke>revoked"},
            {"active", "renew>active expire>expired cancel>cancelled revoke>revoked"},
            {"terminated", ""},
            {"expired", "cancel>cancelled revoke>revoked"},
            {"cancelled", ""},
            {"revoked", ""},
        });
}

TEST_CASE("registration: submission lists every defect with its source", "[domain][registration]") {
    const std::vector<Reason> all = submission_defects({});
    REQUIRE(all.size() == 5);
    for (const Reason& reason : all) {
        CHECK_FALSE(reason.source.empty());
        CHECK_FALSE(reason.text.zh.empty());
    }
    SubmissionFacts good{SecurityGrade::kGeneral2, true, true, true, true};
    CHECK(submission_defects(good).empty());
    CHECK(code_of([&] { check_submission(good); }).empty());

    const auto only = [](SubmissionFacts facts) {
        const auto defects = submission_defects(facts);
        REQUIRE(defects.size() == 1);
        CHECK(code_of([&] { check_submission(facts); }) == "registration.incomplete");
        return defects[0].rule;
    };
    SubmissionFacts facts = good;
    facts.grade = SecurityGrade::kCore;
    CHECK(only(facts) == "registration.core_data");
    facts = good;
    facts.grade.reset();
    CHECK(only(facts) == "registration.grade_missing");
    facts = good;
    facts.has_source_statement = false;
    CHECK(only(facts) == "registration.source_missing");
    facts = good;
    facts.internally_reviewed = false;
    CHECK(only(facts) == "registration.internal_review_missing");
    facts = good;
    facts.columns_classified = false;
    CHECK(only(facts) == "registration.columns_unclassified");
    facts = good;
    facts.evidence_recorded = false;
    CHECK(only(facts) == "registration.evidence_missing");
}

TEST_CASE("registration: validity is three years, cut by the agreement", "[domain][registration]") {
    CHECK(registration_valid_to({2026, 3, 1}, {}, 3) == Date{2029, 3, 1});
    CHECK(registration_valid_to({2024, 2, 29}, {}, 3) == Date{2027, 2, 28});
    CHECK(registration_valid_to({2026, 3, 1}, Date{2027, 12, 31}, 3) == Date{2027, 12, 31});
    CHECK(registration_valid_to({2026, 3, 1}, Date{2035, 1, 1}, 3) == Date{2029, 3, 1});
}

TEST_CASE("registration: renewal opens 60 days before the end and closes with it",
          "[domain][registration]") {
    const Date end{2029, 3, 1};
    const auto on = [&](Date today) { return code_of([&] { check_renewal(today, end, 60); }); };
    CHECK(on({2028, 12, 30}) == "registration.renewal_window");
    CHECK(on({2028, 12, 31}).empty());
    CHECK(on(end).empty());
    CHECK(on({2029, 3, 2}) == "registration.renewal_window");
}
