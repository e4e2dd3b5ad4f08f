#include "marketplace/domain/deadlines.h"

#include "tests/domain/support/machines.h"

using namespace pdx;
using namespace pdx::domain;
using pdx::domain::testing::code_of;

namespace {

const RuleProfile& profile(std::string_view id) {
    const RuleProfile* found = find_profile(id);
    REQUIRE(found != nullptr);
    return *found;
}

}  // namespace

TEST_CASE("deadlines: the legal clocks of the national rules", "[domain][deadlines]") {
    struct Row {
        LegalClock clock;
        int days;
        DayKind kind;
    };
    const std::vector<Row> legal{
        {LegalClock::kFirstRegistration, 20, DayKind::kWorking},
        {LegalClock::kAcceptance, 3, DayKind::kWorking},
        {LegalClock::kFormReview, 20, DayKind::kWorking},
        {LegalClock::kNotice, 10, DayKind::kWorking},
        {LegalClock::kCancellation, 10, DayKind::kWorking},
    };
    const RuleProfile& national = profile("cn-2025");
    CHECK(profile_name(national) == "cn-2025@1");
    CHECK(national.effective_from == Date{2025, 3, 1});
    CHECK(national.registration_years == 3);
    CHECK(national.renewal_window_days == 60);
    CHECK(national.contract_years_max == 5);
    for (const Row& row : legal) {
        const ClockRule& rule = clock_rule(national, row.clock);
        CHECK(rule.days == row.days);
        CHECK(rule.kind == row.kind);
        CHECK(rule.source.find("26号") != std::string_view::npos);
    }
}

TEST_CASE("deadlines: the demonstration differs in the notice and nowhere else",
          "[domain][deadlines]") {
    const RuleProfile& national = profile("cn-2025");
    const RuleProfile& demo = profile("demo");
    CHECK(profile_name(demo) == "demo@1");
    for (const auto& row : names_of(LegalClock{})) {
        const ClockRule& one = clock_rule(national, row.value);
        const ClockRule& other = clock_rule(demo, row.value);
        CHECK(one.clock == row.value);
        CHECK_FALSE(one.source.empty());
        CHECK(one.kind == other.kind);
        if (row.value == LegalClock::kNotice) {
            CHECK(other.days == 0);
        } else {
            CHECK(one.days == other.days);
        }
    }
    CHECK(find_profile("cn-2024") == nullptr);
    CHECK(rule_profiles().size() == 2);
}

TEST_CASE("deadlines: a notice is over on the day after its last day", "[domain][deadlines]") {
    const Deadline notice = deadline(profile("cn-2025"), LegalClock::kNotice, {2026, 3, 18});
    CHECK(notice.due.due == Date{2026, 4, 1});
    CHECK(notice.rule == "cn-2025@1 notice (发改数据规〔2025〕26号 Article 12)");
    CHECK(code_of([&] { check_over(notice, {2026, 4, 1}); }) == "deadline.not_over");
    CHECK(code_of([&] { check_over(notice, {2026, 4, 2}); }).empty());
    const Deadline none = deadline(profile("demo"), LegalClock::kNotice, {2026, 3, 18});
    CHECK(code_of([&] { check_over(none, {2026, 3, 18}); }).empty());
    try {
        check_over(notice, {2026, 3, 19});
    } catch (const Error& error) {
        CHECK(error.detail().deadline == "2026-04-01");
        CHECK(error.detail().rule == notice.rule);
    }
}

TEST_CASE("deadlines: a filing is in time through its last day", "[domain][deadlines]") {
    const Deadline filing = deadline(profile("cn-2025"), LegalClock::kDisputeFiling, {2026, 3, 2});
    CHECK(filing.due.due == Date{2026, 4, 1});
    CHECK(code_of([&] { check_within(filing, {2026, 4, 1}); }).empty());
    CHECK(code_of([&] { check_within(filing, {2026, 4, 2}); }) == "deadline.passed");
}
