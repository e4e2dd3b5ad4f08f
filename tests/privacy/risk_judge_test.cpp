#include "privacy/risk_judge.h"

#include <string>
#include <vector>

#include "tests/support/catch.h"

using namespace pdx::privacy;

namespace {

/// 1,000 persons, the smallest class has 20.
RiskReport good_report() {
    RiskReport report;
    report.k = 5;
    report.records = report.subjects = report.members = 1000;
    report.classes = 20;
    report.size_min = 20;
    report.prosecutor_highest = Ratio::of(1, 20);
    report.sensitive = {{"s", false, 9, 3, 2500, 2000}};
    return report;
}

std::vector<std::string> codes(const RiskJudgement& judgement) {
    std::vector<std::string> result;
    for (const RiskReason& one : judgement.reasons) {
        CHECK_FALSE(one.text.en.empty());
        CHECK_FALSE(one.text.zh.empty());
        result.push_back(one.code);
    }
    CHECK(judgement.accepted == result.empty());
    return result;
}

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("risk judge: a good table is accepted, at each limit exactly", "[privacy][risk]") {
    CHECK(codes(judge(good_report(), {}, {})).empty());
    CHECK(codes(judge(good_report(), {}, {.l_min = 3, .t_max_basis_points = 2000})).empty());
    RiskReport report = good_report();
    report.small_subjects = report.small_records = 1;
    CHECK(codes(judge(report, {}, {.small_share_max_basis_points = 10})).empty());
}

TEST_CASE("risk judge: each thing that is wrong has its reason", "[privacy][risk]") {
    RiskReport small = good_report();
    small.small_subjects = 1;
    small.size_min = 4;
    CHECK(codes(judge(small, {}, {})) == Codes{"risk.k_small"});
    CHECK(codes(judge(small, {}, {.small_share_max_basis_points = 9})) == Codes{"risk.k_small"});
    RiskReport small_records = good_report();
    small_records.small_records = 1;
    CHECK(codes(judge(small_records, {}, {})) == Codes{"risk.k_small"});
    CHECK(codes(judge(good_report(), {}, {.k_min = 6})) == Codes{"risk.k_other"});
    CHECK(codes(judge(good_report(), {}, {.l_min = 4})) == Codes{"risk.l_small"});
    CHECK(codes(judge(good_report(), {}, {.t_max_basis_points = 1999})) == Codes{"risk.t_large"});
    CHECK(codes(judge(good_report(), {.direct_columns = 1}, {})) ==
          Codes{"risk.direct_identifier"});
    CHECK(codes(judge(good_report(), {.unknown_columns = 1}, {})) == Codes{"risk.column_unknown"});
    RiskReport unmeasured = good_report();
    unmeasured.sensitive.clear();
    CHECK(codes(judge(unmeasured, {}, {.l_min = 2})) == Codes{"risk.sensitive_unmeasured"});
    CHECK(codes(judge(unmeasured, {}, {.t_max_basis_points = 10'000})) ==
          Codes{"risk.sensitive_unmeasured"});
    CHECK(codes(judge(good_report(), {}, {.l_min = 0})) == Codes{"risk.limits"});
    CHECK(codes(judge(good_report(), {}, {.k_min = 0})) == Codes{"risk.limits", "risk.k_other"});
    CHECK(codes(judge({}, {}, {})) == Codes{"risk.no_records", "risk.k_other"});
}

TEST_CASE("risk level: GB/T 42460's four, from the worst to the best", "[privacy][risk]") {
    using Level = DeidentificationLevel;
    RiskReport report = good_report();
    CHECK(deidentification_level(report, {.direct_columns = 1, .aggregated = true}) ==
          Level::kIdentified);
    CHECK(deidentification_level(report, {.unknown_columns = 1}) == Level::kIdentified);
    CHECK(deidentification_level(report, {}) == Level::kAcceptable);
    CHECK(deidentification_level(report, {}, 499) == Level::kQuasiIdentifiers);
    report.prosecutor_highest = Ratio::of(1, 19);
    CHECK(deidentification_level(report, {}) == Level::kQuasiIdentifiers);
    CHECK(deidentification_level(report, {.aggregated = true}) == Level::kAggregated);
    CHECK(deidentification_level({}, {}) == Level::kQuasiIdentifiers);
    for (const Level level :
         {Level::kIdentified, Level::kQuasiIdentifiers, Level::kAcceptable, Level::kAggregated}) {
        CHECK_FALSE(level_words(level).zh.empty());
    }
}

TEST_CASE("ratio: basis points are rounded up and nothing of nothing is all", "[privacy][risk]") {
    CHECK(Ratio::of(6, 8) == Ratio{3, 4});
    CHECK(Ratio::of(0, 8) == Ratio{0, 1});
    CHECK(Ratio::of(0, 0) == Ratio{1, 1});
    CHECK(Ratio::of(1, 3).basis_points() == 3334);
    CHECK(Ratio::of(1, 1'000'000).basis_points() == 1);
    CHECK(Ratio::of(0, 7).basis_points() == 0);
    CHECK(Ratio::of(UINT64_MAX, UINT64_MAX).basis_points() == 10'000);
}
