#include "marketplace/domain/application.h"

#include "tests/domain/support/machines.h"

using namespace pdx;
using namespace pdx::domain;
using pdx::domain::testing::check_machine;
using pdx::domain::testing::code_of;

TEST_CASE("application: every state takes exactly the events of the table",
          "[domain][application]") {
    check_machine<ApplicationState, ApplicationEvent>(
        "application", "submitted",
        {
            {"submitted", "pass_check>checked fail_check>refused withdraw>withdrawn"},
            {"checked", "decide_source>source_decided refuse>refused withdraw>withdrawn"},
            {"source_decided", "grant>granted refuse>refused withdraw>withdrawn"},
            {"granted", ""},
            {"refused", ""},
            {"withdrawn", ""},
        });
}

TEST_CASE("application: the source department rules on every field once, with reasons",
          "[domain][application]") {
    const std::vector<std::string> requested{"uscc", "phone", "region"};
    const FieldRuling uscc{"uscc", FieldDecision::kGrant, "", ""};
    const FieldRuling phone{"phone", FieldDecision::kGrantWithTreatment, "mask", ""};
    const FieldRuling region{"region", FieldDecision::kRefuse, "", "not needed"};
    const auto ruled = [&](std::vector<FieldRuling> rulings) {
        return code_of([&] { check_rulings(requested, rulings); });
    };
    CHECK(ruled({uscc, phone, region}).empty());
    CHECK(ruled({uscc, phone}) == "application.rulings");
    CHECK(ruled({uscc, phone, region, region}) == "application.rulings");
    CHECK(ruled({uscc, phone, region, {"other", FieldDecision::kGrant, "", ""}}) ==
          "application.rulings");
    CHECK(ruled({uscc, phone, {"region", FieldDecision::kRefuse, "", ""}}) ==
          "application.rulings");
    CHECK(ruled({uscc, {"phone", FieldDecision::kGrantWithTreatment, "", ""}, region}) ==
          "application.rulings");

    const std::vector<FieldRuling> rulings{uscc, phone, region};
    CHECK(granted_fields(rulings) == std::vector<std::string>{"uscc", "phone"});
    CHECK(code_of([&] { check_grantable(rulings); }).empty());
    const std::vector<FieldRuling> nothing{region};
    CHECK(code_of([&] { check_grantable(nothing); }) == "application.nothing_granted");
    CHECK(parse<FieldDecision>("grant_with_treatment") == FieldDecision::kGrantWithTreatment);
}
