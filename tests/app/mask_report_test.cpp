/// What the report of a masking and the record of a delivery say of columns and of the risk.
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "ledger/kinds.h"
#include "marketplace/app/delivery_pipeline.h"
#include "marketplace/app/risk_view.h"
#include "tests/support/catch.h"

using namespace pdx;
using nlohmann::json;

namespace {

privacy::ReleaseRisk measured() {
    privacy::ReleaseRisk risk;
    risk.level = privacy::DeidentificationLevel::kAcceptable;
    risk.report.k = 20;
    risk.report.size_min = 30;
    risk.report.prosecutor_highest = {1, 30};
    risk.report.prosecutor_average = {1, 40};
    risk.report.journalist_highest = {1, 50};
    risk.report.marketer = {1, 60};
    risk.report.sensitive = {
        {.name = "diagnosis", .distinct = 9, .l_min = 3, .entropy_l_min = 2'900, .t_max = 1'100},
        {.name = "income",
         .ordered = true,
         .distinct = 70,
         .l_min = 4,
         .entropy_l_min = 2'100,
         .t_max = 2'200}};
    return risk;
}

/// The fact has the members of the object of the table, and no other.
void check_members(const json& fact, const std::string& object) {
    std::set<std::string> known;
    for (const auto& field : ledger::kinds().objects().at(object)->fields) {
        known.insert(field.name);
        INFO(field.name);
        CHECK((field.optional || fact.contains(field.name)));
    }
    for (const auto& [name, value] : fact.items()) {
        INFO(name);
        CHECK(known.contains(name));
    }
}

}  // namespace

TEST_CASE("mask report: a column has its confidence, a text what was replaced in it by kind",
          "[app][delivery]") {
    privacy::ColumnReport text;
    text.name = "note";
    text.kind = privacy::Kind::kFreeText;
    text.sensitivity = privacy::Sensitivity::kFreeText;
    text.confidence_basis_points = 8'765;
    text.operation = privacy::Operation::of(privacy::OperationKind::kMaskText);
    text.found[static_cast<std::size_t>(privacy::Kind::kMobile)] = 7;
    text.found[static_cast<std::size_t>(privacy::Kind::kPersonName)] = 2;
    privacy::ColumnReport clean = text;
    clean.found = {};
    privacy::ColumnReport amount;
    amount.name = "amount";
    amount.confidence_basis_points = 9'900;
    amount.operation = privacy::Operation::pass();
    privacy::MaskReport report;
    report.columns = {text, clean, amount};
    const json columns = app::to_json(report).at("columns");
    CHECK(columns.at(0).at("confidence_basis_points") == 8'765);
    CHECK(columns.at(0).at("replaced_in_text") ==
          json::parse(R"([{"kind":"mobile","count":7},{"kind":"person_name","count":2}])"));
    CHECK(columns.at(1).at("replaced_in_text") == json::array());
    CHECK(columns.at(2).at("confidence_basis_points") == 9'900);
    CHECK_FALSE(columns.at(2).contains("replaced_in_text"));
    for (const json& column : columns) check_members(column, "profiled_column");
}

TEST_CASE("record of a delivery: l and t are told where they are limited, the worst of all columns",
          "[app][delivery][risk]") {
    privacy::RiskLimits limits{.k_min = 20};
    json fact = app::fact_of(measured(), limits);
    check_members(fact, "measured_risk");
    CHECK(fact.at("k_min") == 20);
    CHECK(fact.at("size_min") == 30);
    CHECK(fact.at("level") == 3);
    CHECK(fact.at("prosecutor_basis_points") == 334);
    CHECK(fact.at("prosecutor_average_basis_points") == 250);
    CHECK(fact.at("journalist_basis_points") == 200);
    CHECK(fact.at("marketer_basis_points") == 167);
    for (const char* name : {"l", "l_min", "entropy_l_thousandths", "t_basis_points"}) {
        CHECK_FALSE(fact.contains(name));
    }
    limits.l_min = 2;
    fact = app::fact_of(measured(), limits);
    CHECK(fact.at("l_min") == 2);
    CHECK(fact.at("l") == 3);
    CHECK(fact.at("entropy_l_thousandths") == 2'100);
    CHECK_FALSE(fact.contains("t_basis_points"));
    limits.t_max_basis_points = 2'500;
    fact = app::fact_of(measured(), limits);
    CHECK(fact.at("t_max_basis_points") == 2'500);
    CHECK(fact.at("t_basis_points") == 2'200);
    check_members(fact, "measured_risk");
    for (const auto& [name, value] : fact.items()) CHECK(value.is_number_integer());
}
