#include "privacy/policy_scope.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "privacy/policy.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;

namespace {

PolicyScope usual_scope() {
    return {.resource = "R-1",
            .purpose = "信贷 \"风险\" 评估",
            .versions = {2, 4},
            .forms = {"api", "dataset"},
            .from = {2026, 3, 1},
            .to = {2027, 2, 28}};
}

Policy policy_with(const PolicyScope& scope) {
    Policy policy{.id = "P", .contract_id = "C", .rules = {{"a", Operation::pass()}}};
    policy.scope = scope;
    policy.profile = SensitivityProfile::kGbt45574Of2025;
    return policy;
}

Error error_of(const std::function<void()>& act) {
    try {
        act();
    } catch (const Error& error) {
        return error;
    }
    FAIL("nothing was refused");
    throw;
}

}  // namespace

TEST_CASE("scope: it is part of the policy's one text and of its digest", "[privacy][policy]") {
    const Policy policy = policy_with(usual_scope());
    const std::string text = policy_text(policy);
    CHECK(text == R"({"contract":"C","fields":[{"field":"a","operation":{"kind":"pass"}}],)"
                  R"("format":"pdx-policy-1","policy":"P","scope":{"forms":["api","dataset"],)"
                  R"("from":"2026-03-01","purpose":"信贷 \"风险\" 评估","resource":"R-1",)"
                  R"("to":"2027-02-28","versions":{"from":2,"to":4}},)"
                  R"("sensitivity_profile":"gbt_45574_2025","version":1})");
    CHECK(parse_policy(text) == policy);

    const std::vector<std::function<void(Policy&)>> changes{
        [](Policy& p) { p.scope->resource = "R-2"; },
        [](Policy& p) { p.scope->purpose += "。"; },
        [](Policy& p) { p.scope->versions.from = 1; },
        [](Policy& p) { p.scope->versions.to.reset(); },
        [](Policy& p) { p.scope->forms.pop_back(); },
        [](Policy& p) {
            p.scope->from = {2026, 3, 2};
        },
        [](Policy& p) {
            p.scope->to = {2027, 2, 27};
        },
        [](Policy& p) { p.scope.reset(); },
        [](Policy& p) { p.profile = SensitivityProfile::kPipl2021; },
        [](Policy& p) { p.profile.reset(); },
        [](Policy& p) { p.cryptography = Cryptography::kCommercial; },
    };
    for (std::size_t i = 0; i < changes.size(); ++i) {
        INFO(i);
        Policy other = policy;
        changes[i](other);
        CHECK(policy_hash(other) != policy_hash(policy));
        CHECK(parse_policy(policy_text(other)) == other);
    }
}

TEST_CASE("scope: one that cannot be is refused with its place", "[privacy][policy]") {
    const std::vector<std::pair<std::string, std::function<void(PolicyScope&)>>> rows{
        {"/scope/resource", [](auto& s) { s.resource.clear(); }},
        {"/scope/resource", [](auto& s) { s.resource = "\xff"; }},
        {"/scope/purpose", [](auto& s) { s.purpose.clear(); }},
        {"/scope/purpose", [](auto& s) { s.purpose = std::string(kPurposeBytesMax + 1, 'a'); }},
        {"/scope/versions",
         [](auto& s) {
             s.versions = {0, 1};
         }},
        {"/scope/versions",
         [](auto& s) {
             s.versions = {3, 2};
         }},
        {"/scope/versions",
         [](auto& s) {
             s.versions = {kVersionsMax + 1, {}};
         }},
        {"/scope/versions",
         [](auto& s) {
             s.versions = {1, INT64_MAX};
         }},
        {"/scope/forms", [](auto& s) { s.forms.clear(); }},
        {"/scope/forms",
         [](auto& s) {
             s.forms = {"dataset", "api"};
         }},
        {"/scope/forms",
         [](auto& s) {
             s.forms = {"api", "api"};
         }},
        {"/scope/forms", [](auto& s) { s.forms = {"API"}; }},
        {"/scope/forms", [](auto& s) { s.forms = std::vector<std::string>(33, "api"); }},
        {"/scope/to",
         [](auto& s) {
             s.to = {2026, 2, 28};
         }},
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
        INFO(i);
        PolicyScope scope = usual_scope();
        rows[i].second(scope);
        const Error error = error_of([&] { check_policy(policy_with(scope)); });
        CHECK(error.code() == std::string("policy.scope"));
        CHECK(error.detail().pointer == rows[i].first);
    }
    PolicyScope widest = usual_scope();
    widest.purpose = std::string(kPurposeBytesMax, 'a');
    widest.versions = {1, kVersionsMax};
    widest.to = widest.from;
    CHECK_NOTHROW(check_policy(policy_with(widest)));
}

TEST_CASE("scope: a text that a person wrote is read member by member", "[privacy][policy]") {
    const std::string good = policy_text(policy_with(usual_scope()));
    const std::vector<std::pair<std::string, std::pair<std::string, std::string>>> rows{
        {"/scope/from", {R"("from":"2026-03-01")", R"("from":"2026-02-30")"}},
        {"/scope/to", {R"("to":"2027-02-28")", R"("to":20270228)"}},
        {"/scope/versions", {R"("versions":{"from":2,"to":4})", R"("versions":2)"}},
        {"/scope/versions/from", {R"({"from":2,)", R"({"from":0,)"}},
        {"/scope/versions/to", {R"("to":4})", R"("to":1000000001})"}},
        {"/scope/forms", {R"(["api","dataset"])", R"("api")"}},
        {"/scope/extra", {R"("resource":"R-1")", R"("resource":"R-1","extra":1)"}},
        {"/sensitivity_profile", {"gbt_45574_2025", "gbt_45574_2024"}},
    };
    for (const auto& [pointer, change] : rows) {
        INFO(pointer);
        std::string text = good;
        const std::size_t at = text.find(change.first);
        REQUIRE(at != std::string::npos);
        text.replace(at, change.first.size(), change.second);
        const Error error = error_of([&] { read_policy(text); });
        CHECK(error.code() == std::string("policy.form"));
        CHECK(error.detail().pointer == pointer);
    }
}

TEST_CASE("scope: it covers the days, versions, forms and data that it names, ends included",
          "[privacy][policy]") {
    const PolicyUse inside{"R-1", 2, "api", {2026, 3, 1}};
    CHECK_NOTHROW(check_use(usual_scope(), inside));
    CHECK_NOTHROW(check_use(usual_scope(), {"R-1", 4, "dataset", {2027, 2, 28}}));
    CHECK_NOTHROW(check_use(std::nullopt, {"R-9", 9, "model", {2030, 1, 1}}));
    PolicyScope open = usual_scope();
    open.versions.to.reset();
    CHECK_NOTHROW(check_use(open, {"R-1", kVersionsMax, "api", {2026, 12, 31}}));
    const std::vector<std::pair<std::string, PolicyUse>> outside{
        {"another resource", {"R-2", 2, "api", {2026, 3, 1}}},
        {"version 1", {"R-1", 1, "api", {2026, 3, 1}}},
        {"version 5", {"R-1", 5, "api", {2026, 3, 1}}},
        {"'model'", {"R-1", 2, "model", {2026, 3, 1}}},
        {"'ap'", {"R-1", 2, "ap", {2026, 3, 1}}},
        {"2026-02-28", {"R-1", 2, "api", {2026, 2, 28}}},
        {"2027-03-01", {"R-1", 2, "api", {2027, 3, 1}}},
    };
    for (const auto& [words, use] : outside) {
        INFO(words);
        const Error error = error_of([&use = use] { check_use(usual_scope(), use); });
        CHECK(error.code() == std::string("delivery.out_of_scope"));
        CHECK(error.text().en.find(words) != std::string::npos);
    }
}
