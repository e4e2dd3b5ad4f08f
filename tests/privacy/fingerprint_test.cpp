#include "privacy/fingerprint.h"

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "privacy/compiled_operation.h"
#include "tests/privacy/support/column.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;
using pdx::test::column;

namespace {

const MarkPlan kMarks{
    .columns = {{.name = "amount", .decimals = 2},
                {.name = "area", .decimals = 0, .step = 5},
                {.name = "band", .decimals = 0, .step = 100, .way = MarkWay::kUp}},
    .identities = {{"id"}, {"amount"}, {"town", "area"}},
    .one_of = 2};

const std::vector<std::string_view> kMarkedHeader{"id", "town", "amount", "area", "band"};

PlannedColumn markable(const std::string& name, Kind kind, Operation operation) {
    PlannedColumn result;
    result.column = column(name, kind);
    result.operation = std::move(operation);
    return result;
}

std::vector<PlannedColumn> markable_delivery() {
    return {markable("id", Kind::kResidentId, Operation::pseudonym()),
            markable("town", Kind::kRegion, Operation::pass()),
            markable("amount", Kind::kAmount, Operation::pass()),
            markable("area", Kind::kMeasure, Operation::pass()),
            markable("band", Kind::kAmount, Operation::round(100)),
            markable("age", Kind::kAge, Operation::pass()),
            markable("secret", Kind::kAmount, Operation::drop())};
}

std::string mark_refusal(const std::function<void()>& refuse) {
    try {
        refuse();
    } catch (const Error& error) {
        return error.code();
    }
    return "taken";
}

using MarkedRow = std::vector<std::string>;

std::string decimal2(std::int64_t units) {
    const std::string cents = std::to_string(std::abs(units) % 100);
    return (units < 0 ? "-" : "") + std::to_string(std::abs(units) / 100) + "." +
           (cents.size() == 1 ? "0" : "") + cents;
}

std::int64_t marked_units(std::string text) {
    const std::size_t point = text.find('.');
    if (point != std::string::npos) text.erase(point, 1);
    return std::stoll(text);
}

std::vector<MarkedRow> marked_source(std::mt19937_64& random, int rows) {
    std::vector<MarkedRow> result;
    for (int i = 0; i < rows; ++i) {
        const auto amount = static_cast<std::int64_t>(random() % 2'000'000) - 500'000;
        result.push_back({"p_" + std::to_string(i), "town " + std::to_string(random() % 9),
                          decimal2(amount), std::to_string(random() % 500),
                          std::to_string(random() % 50 * 100)});
    }
    return result;
}

struct MarkedTable {
    std::vector<MarkedRow> rows;
    MarkReport report;
};

MarkedTable mark_all(const std::vector<MarkedRow>& rows, const std::string& contract,
                     const MarkPlan& plan = kMarks) {
    const Secret rows_key = mark_rows_key(as_bytes("root"));
    const Secret key = contract_key(as_bytes("root"), contract);
    RowMarker marker(plan, kMarkedHeader, rows_key.view(), key.view());
    MarkedTable marked;
    for (const MarkedRow& row : rows) {
        std::vector<std::string_view> fields(row.begin(), row.end());
        marker.mark(fields);
        marked.rows.emplace_back(fields.begin(), fields.end());
    }
    marked.report = marker.report();
    return marked;
}

}  // namespace

TEST_CASE("fingerprint: marks stay within the step, and the sum's drift is exact",
          "[privacy][fingerprint]") {
    std::mt19937_64 random(20261126);
    const auto rows = marked_source(random, 3'000);
    const MarkedTable marked = mark_all(rows, "C-1");
    REQUIRE(marked.report.rows == rows.size());
    const std::vector<std::size_t> fields{2, 3, 4};
    for (std::size_t i = 0; i < fields.size(); ++i) {
        std::uint64_t raised = 0;
        std::uint64_t lowered = 0;
        std::int64_t drift = 0;
        for (std::size_t r = 0; r < rows.size(); ++r) {
            const std::string& was = rows[r][fields[i]];
            const std::string& is = marked.rows[r][fields[i]];
            const std::int64_t change = marked_units(is) - marked_units(was);
            CHECK((change == 0) == (was == is));
            CHECK((change == 0 || std::abs(change) == kMarks.columns[i].step));
            CHECK((marked_units(was) == 0) == (marked_units(is) == 0));
            CHECK((marked_units(was) < 0) == (marked_units(is) < 0));
            raised += change > 0 ? 1U : 0U;
            lowered += change < 0 ? 1U : 0U;
            drift += change;
        }
        const MarkedColumnReport& report = marked.report.columns[i];
        CHECK(report.name == kMarks.columns[i].name);
        CHECK(report.raised == raised);
        CHECK(report.lowered == lowered);
        CHECK(report.drift_units == drift);
        CHECK(raised > 100);
        CHECK((lowered > 100) == (kMarks.columns[i].way == MarkWay::kNearest));
        CHECK(report.carried > raised + lowered);
    }
    for (std::size_t r = 0; r < rows.size(); ++r) {
        CHECK(marked.rows[r][0] == rows[r][0]);
        CHECK(marked.rows[r][1] == rows[r][1]);
    }
}

TEST_CASE("fingerprint: marks are found again at the same places with the same bits",
          "[privacy][fingerprint]") {
    std::mt19937_64 random(7);
    const auto rows = marked_source(random, 2'000);
    const MarkedTable marked = mark_all(rows, "C-1");
    const MarkBits bits(contract_key(as_bytes("root"), "C-1").view());
    MarkPlaces before(kMarks, kMarkedHeader, mark_rows_key(as_bytes("root")).view());
    MarkPlaces after(kMarks, kMarkedHeader, mark_rows_key(as_bytes("root")).view());
    MarkPlaces other(kMarks, kMarkedHeader, mark_rows_key(as_bytes("another root")).view());
    std::size_t found = 0;
    std::size_t elsewhere = 0;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        const std::vector<std::string_view> was(rows[r].begin(), rows[r].end());
        const std::vector<std::string_view> is(marked.rows[r].begin(), marked.rows[r].end());
        const auto a = before.of(was);
        const auto b = after.of(is);
        REQUIRE(a.size() == b.size());
        std::set<std::size_t> columns;
        for (std::size_t i = 0; i < a.size(); ++i) {
            CHECK(a[i].identity == b[i].identity);
            CHECK(a[i].column == b[i].column);
            CHECK(((b[i].steps & 1) != 0) == bits.odd(b[i].identity));
            CHECK(columns.insert(b[i].column).second);
        }
        found += b.size();
        elsewhere += other.of(was).size();
    }
    CHECK(found > 1'500);
    CHECK(elsewhere != found);
    CHECK(mark_all(rows, "C-1").rows == marked.rows);
    CHECK(mark_all(rows, "C-2").rows != marked.rows);
    // A copy that is marked again is the same copy.
    CHECK(mark_all(marked.rows, "C-1").rows == marked.rows);
}

TEST_CASE("fingerprint: an identity lives without the columns of the others",
          "[privacy][fingerprint]") {
    const std::vector<std::vector<std::string_view>> headers{
        {"town", "amount", "area", "band"},  // the person is left out
        {"amount"},
        {"town", "area"},
        {"id", "band"},
        {"town", "note"}};
    const std::vector<std::size_t> usable{2, 1, 1, 1, 0};
    for (std::size_t i = 0; i < headers.size(); ++i) {
        const MarkPlaces places(kMarks, headers[i], mark_rows_key(as_bytes("root")).view());
        CHECK(places.usable() == usable[i]);
        CHECK_FALSE(places.complete());
    }
    std::mt19937_64 random(3);
    const auto rows = marked_source(random, 2'000);
    // What {"amount"} selects when it is alone, among all: the rest was taken by an earlier one.
    MarkPlaces alone(kMarks, headers[1], mark_rows_key(as_bytes("root")).view());
    MarkPlaces all(kMarks, kMarkedHeader, mark_rows_key(as_bytes("root")).view());
    std::size_t kept = 0;
    std::size_t looked = 0;
    for (const MarkedRow& row : rows) {
        std::set<std::uint64_t> whole;
        for (const MarkPlace& place :
             all.of(std::vector<std::string_view>(row.begin(), row.end()))) {
            whole.insert(place.identity);
        }
        for (const MarkPlace& place : alone.of(std::vector<std::string_view>{row[2]})) {
            ++looked;
            kept += whole.count(place.identity);
        }
    }
    CHECK(looked > 200);
    CHECK(kept * 10 > looked * 7);
}

TEST_CASE("fingerprint: numbers written otherwise, zeros and their neighbours are left alone",
          "[privacy][fingerprint]") {
    MarkPlan plan{
        .columns = {{.name = "amount", .decimals = 2}}, .identities = {{"id"}}, .one_of = 1};
    for (const char* text :
         {"", "abc", "12", "12.5", "12.505", "012.50", "+12.50", "1,200.50", "0.00", "0.01",
          "-0.00", "1e5", ".50", "12.", "99999999999999.00", "１２.50"}) {
        const MarkedTable marked = mark_all({{"p_1", "", text, "", ""}}, "C-1", plan);
        CHECK(marked.rows[0][2] == text);
        CHECK(marked.report.columns[0].carried == 0);
    }
    for (const char* text : {"12.50", "-0.01", "-0.02", "0.02", "9999999999999.99"}) {
        CHECK(mark_all({{"p_1", "", text, "", ""}}, "C-1", plan).report.columns[0].carried == 1);
    }
    // A row without a name is not marked.
    CHECK(mark_all({{" ", "", "12.50", "", ""}}, "C-1", plan).report.columns[0].carried == 0);
    plan.columns = {{.name = "band", .decimals = 0, .step = 100, .way = MarkWay::kUp}};
    for (const char* text : {"150", "0", "-100", "-200"}) {
        CHECK(mark_all({{"p_1", "", "", "", text}}, "C-1", plan).report.columns[0].carried == 0);
    }
    CHECK(mark_all({{"p_1", "", "", "", "100"}}, "C-1", plan).report.columns[0].carried == 1);
}

TEST_CASE("fingerprint: what helps to find a person again is not marked",
          "[privacy][fingerprint]") {
    const auto refusal = [](const std::function<void(MarkPlan&)>& change) {
        MarkPlan plan = kMarks;
        change(plan);
        return mark_refusal([&] { check_mark_plan(plan, markable_delivery()); });
    };
    CHECK(refusal([](MarkPlan&) {}) == "taken");
    CHECK(refusal([](MarkPlan& p) { p.columns[0].name = "age"; }) == "mark.column_class");
    CHECK(refusal([](MarkPlan& p) { p.columns[0].name = "town"; }) == "mark.column_class");
    CHECK(refusal([](MarkPlan& p) { p.columns[0].name = "id"; }) == "mark.column_class");
    CHECK(refusal([](MarkPlan& p) { p.columns[0].name = "secret"; }) == "mark.column_missing");
    CHECK(refusal([](MarkPlan& p) { p.columns[0].name = "nobody"; }) == "mark.column_missing");
    CHECK(refusal([](MarkPlan& p) { p.identities[0] = {"nobody"}; }) == "mark.column_missing");
    CHECK(refusal([](MarkPlan& p) { p.columns[2].step = 50; }) == "mark.unit");
    CHECK(refusal([](MarkPlan& p) { p.columns[2].way = MarkWay::kNearest; }) == "mark.unit");
    CHECK(refusal([](MarkPlan& p) {
              p.columns[0].way = MarkWay::kUp;
              p.identities = {{"id"}};
          }) == "mark.unit");
    // An amount that the dictionary declares a quasi-identifier is one.
    auto columns = markable_delivery();
    columns[2].column.sensitivity = Sensitivity::kQuasiIdentifier;
    CHECK(mark_refusal([&] { check_mark_plan(kMarks, columns); }) == "mark.column_class");
}

TEST_CASE("fingerprint: settings out of range are refused", "[privacy][fingerprint]") {
    const auto refusal = [](const std::function<void(MarkPlan&)>& change) {
        MarkPlan plan = kMarks;
        change(plan);
        return mark_refusal([&] { check_mark_plan(plan); });
    };
    CHECK(refusal([](MarkPlan&) {}) == "taken");
    CHECK(refusal([](MarkPlan& p) { p.columns.clear(); }) == "mark.settings");
    CHECK(refusal([](MarkPlan& p) { p.columns[1].name = "amount"; }) == "mark.settings");
    CHECK(refusal([](MarkPlan& p) { p.columns[1].name.clear(); }) == "mark.settings");
    CHECK(refusal([](MarkPlan& p) { p.columns[1].step = 0; }) == "mark.settings");
    CHECK(refusal([](MarkPlan& p) { p.columns[1].step = 1'000'000'001; }) == "mark.settings");
    CHECK(refusal([](MarkPlan& p) { p.columns[1].decimals = 7; }) == "mark.settings");
    CHECK(refusal([](MarkPlan& p) { p.columns[1].decimals = -1; }) == "mark.settings");
    CHECK(refusal([](MarkPlan& p) { p.one_of = 0; }) == "mark.settings");
    CHECK(refusal([](MarkPlan& p) { p.one_of = 10'001; }) == "mark.settings");
    CHECK(refusal([](MarkPlan& p) { p.columns.resize(17); }) == "mark.settings");
    CHECK(refusal([](MarkPlan& p) { p.identities.clear(); }) == "mark.identity");
    CHECK(refusal([](MarkPlan& p) { p.identities[0].clear(); }) == "mark.identity");
    CHECK(refusal([](MarkPlan& p) { p.identities[0].resize(17); }) == "mark.identity");
    CHECK(refusal([](MarkPlan& p) { p.identities.resize(9, {"id"}); }) == "mark.identity");
    CHECK(refusal([](MarkPlan& p) { p.identities[0] = {"id", "band"}; }) == "mark.identity");
    CHECK(parse_mark_way("nearest") == MarkWay::kNearest);
    CHECK(parse_mark_way("up") == MarkWay::kUp);
    CHECK_FALSE(parse_mark_way("down"));
}
