#include "privacy/risk_gate.h"

#include <string>
#include <vector>

#include "base/error.h"
#include "privacy/csv.h"
#include "privacy/transform.h"
#include "tests/privacy/support/column.h"
#include "tests/support/catch.h"

namespace pdx::privacy {
namespace {

using pdx::test::column;

struct Delivered {
    std::string text;
    std::string code;
    std::string rule;
    std::optional<ReleaseRisk> risk;
};

/// Persons with a name, a birthday, a district and a diagnosis, through a policy with limits.
Delivered deliver(const std::string& rows, const RiskRule& rule,
                  std::vector<FieldRule> rules = {
                      {"id_no", Operation::pseudonym()},
                      {"born", Operation::of(OperationKind::kGeneraliseDateToYear)},
                      {"region", Operation::of(OperationKind::kGeneraliseRegion)},
                      {"diagnosis", Operation::of(OperationKind::kGeneraliseDiagnosis)}}) {
    const std::vector<ColumnClass> classes{
        column("id_no", Kind::kResidentId), column("born", Kind::kBirthDate),
        column("region", Kind::kRegion), column("diagnosis", Kind::kDiagnosis)};
    Policy policy{"P", 1, "C", std::move(rules)};
    policy.risk = rule;
    Delivered delivered;
    try {
        Masker masker(policy, classes, as_bytes("a key of the test"),
                      [&delivered](std::string_view block) { delivered.text += block; });
        CsvReader reader({}, [&masker](const CsvRecord& record) { masker.add(record); });
        reader.feed("id_no,born,region,diagnosis\n" + rows);
        reader.finish();
        delivered.risk = masker.finish().risk;
    } catch (const Error& error) {
        delivered.code = error.code();
        delivered.rule = error.detail().rule;
        CHECK(error.text().en.find("1990") == std::string::npos);
    }
    return delivered;
}

/// Three persons, born in one year in one city; one of them came twice.
const std::string kThree =
    "11010519900101001X,1990-01-01,320211,J45.9\n"
    "110105199002020012,1990-02-02,320213,C50\n"
    "110105199003030023,1990-03-03,320282,I10\n"
    "110105199003030023,1990-03-03,320282,J06\n";

TEST_CASE("risk gate: persons are counted, not rows, and as they leave", "[privacy][risk]") {
    const RiskRule three{{.k_min = 3}, "id_no"};
    const Delivered passed = deliver(kThree, three);
    CHECK(passed.code.empty());
    REQUIRE(passed.risk);
    CHECK(passed.risk->report.subjects == 3);
    CHECK(passed.risk->report.records == 4);
    CHECK(passed.risk->report.size_min == 3);
    CHECK(passed.risk->level == DeidentificationLevel::kQuasiIdentifiers);
    CHECK(deliver(kThree, {{.k_min = 4}, "id_no"}).code == "delivery.risk");
    // Each row a person: four of them.
    CHECK(deliver(kThree, {{.k_min = 4}, ""}).code.empty());
    // The same rows with the day of birth: everybody is alone.
    const Delivered days = deliver(
        kThree, three,
        {{"born", Operation::pass()}, {"region", Operation::of(OperationKind::kGeneraliseRegion)}});
    CHECK(days.code == "delivery.risk");
    CHECK(days.rule == "risk.k_small");
}

TEST_CASE("risk gate: a direct identifier that is cut short still tells persons apart",
          "[privacy][risk]") {
    const RiskRule two{{.k_min = 2}, ""};
    CHECK(deliver(kThree, two, {{"id_no", Operation::keep(3, 4)}}).code == "delivery.risk");
    CHECK(deliver(kThree, two, {{"id_no", Operation::keep(3, 0)}}).code.empty());
    CHECK(deliver(kThree, two, {{"id_no", Operation::pseudonym()}}).code.empty());
}

TEST_CASE("risk gate: what is sensitive must differ within a class", "[privacy][risk]") {
    const RiskRule varied{{.k_min = 2, .l_min = 3}, "id_no"};
    CHECK(deliver(kThree, varied).code.empty());
    const std::string same =
        "11010519900101001X,1990-01-01,320211,J45.9\n"
        "110105199002020012,1990-02-02,320213,J06\n";
    const Delivered refused = deliver(same, varied);
    CHECK(refused.code == "delivery.risk");
    CHECK(refused.rule == "risk.l_small");
    CHECK(deliver(same, {{.k_min = 2, .t_max_basis_points = 0}, "id_no"}).code.empty());
}

TEST_CASE("risk gate: nothing to measure is not safe", "[privacy][risk]") {
    CHECK(deliver("", {{.k_min = 1}, ""}).rule.starts_with("risk.no_records"));
    CHECK(deliver(kThree, {{.k_min = 1}, "nobody"}).code == "delivery.field_missing");
    CHECK(deliver(kThree, {{.k_min = 0}, ""}).code == "policy.risk");
}

TEST_CASE("risk gate: what people wrote cannot be counted, so it is not safe", "[privacy][risk]") {
    const std::vector<ColumnClass> classes{column("note", Kind::kFreeText)};
    for (const auto& [operation, risk] :
         {std::pair{Operation::of(OperationKind::kMaskText), "delivery.risk"},
          std::pair{Operation::redact(), ""}}) {
        const Policy policy{"P", 1, "C", {{"note", operation}}, {}, RiskRule{{.k_min = 1}, ""}};
        Masker masker(policy, classes, as_bytes("a key of the test"), [](std::string_view) {});
        CsvReader reader({}, [&masker](const CsvRecord& record) { masker.add(record); });
        reader.feed("note\n路灯不亮。\n路灯不亮。\n");
        reader.finish();
        std::string code;
        try {
            masker.finish();
        } catch (const Error& error) {
            code = error.code();
        }
        CHECK(code == risk);
    }
}

TEST_CASE("policy: limits of the risk are part of its text", "[privacy][policy]") {
    Policy policy{"P", 1, "C", {{"x", Operation::pass()}}};
    const Digest without = policy_hash(policy);
    for (const RiskRule& rule :
         {RiskRule{{.k_min = 5}, ""},
          RiskRule{{.k_min = 1, .small_share_max_basis_points = 10'000}, "x"},
          RiskRule{{.k_min = 20, .l_min = 2, .t_max_basis_points = 300}, "身份证号"}}) {
        policy.risk = rule;
        const std::string text = policy_text(policy);
        INFO(text);
        CHECK(parse_policy(text) == policy);
        CHECK(policy_hash(policy) != without);
    }
    const std::string text = policy_text(policy);
    const auto changed = [&text](std::string_view from, std::string_view to) {
        std::string other = text;
        const std::size_t at = other.find(from);
        REQUIRE(at != std::string::npos);
        return parse_policy(other.replace(at, from.size(), to)).has_value();
    };
    CHECK_FALSE(changed("\"k_min\":20", "\"k_min\":0"));
    CHECK_FALSE(changed("\"k_min\":20,", ""));
    CHECK_FALSE(changed("\"l_min\":2", "\"l_min\":null"));
    CHECK_FALSE(changed("\"l_min\":2", "\"l_min\":2,\"m\":1"));
    CHECK_FALSE(changed("_points\":300", "_points\":10001"));
}

TEST_CASE("risk: the strictest of two limits is at least as strict as each", "[privacy][risk]") {
    const std::optional<std::uint32_t> some[] = {std::nullopt, 2, 5};
    std::vector<RiskLimits> all;
    for (const std::uint32_t k : {1U, 5U, 20U}) {
        for (const std::uint32_t share : {0U, 100U, 10'000U}) {
            for (const auto& l : some) {
                for (const auto& t : some) all.push_back({k, share, l, t});
            }
        }
    }
    const auto is_as_strict = [](const RiskLimits& one, const RiskLimits& other) {
        return one.k_min >= other.k_min &&
               one.small_share_max_basis_points <= other.small_share_max_basis_points &&
               (!other.l_min || (one.l_min && *one.l_min >= *other.l_min)) &&
               (!other.t_max_basis_points ||
                (one.t_max_basis_points && *one.t_max_basis_points <= *other.t_max_basis_points));
    };
    for (const RiskLimits& a : all) {
        for (const RiskLimits& b : all) {
            const RiskLimits both = strictest(a, b);
            CHECK((is_as_strict(both, a) && is_as_strict(both, b)));
            CHECK(both == strictest(b, a));
        }
        CHECK(strictest(a, a) == a);
    }
}

}  // namespace
}  // namespace pdx::privacy
