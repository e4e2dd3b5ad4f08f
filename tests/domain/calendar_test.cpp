#include "marketplace/domain/calendar.h"

#include "base/check.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::domain;

TEST_CASE("calendar: 2025 and 2026 have 248 working days each", "[domain][calendar]") {
    for (const int year : {2025, 2026}) {
        CHECK(is_published(year));
        int count = 0;
        for (Date day{year, 1, 1}; day.year == year; day = day.plus_days(1)) {
            if (is_working_day(day)) ++count;
        }
        CHECK(count == 248);
    }
    CHECK_FALSE(is_published(2027));
}

TEST_CASE("calendar: its data are ordered days of its own year", "[domain][calendar]") {
    for (const YearCalendar& calendar : published_calendars()) {
        CHECK_FALSE(calendar.source.empty());
        for (const Holiday& holiday : calendar.holidays) {
            CHECK(holiday.first <= holiday.last);
            CHECK(holiday.first.year == calendar.year);
            CHECK_FALSE(is_working_day(holiday.first));
            CHECK_FALSE(is_working_day(holiday.last));
        }
        for (const Date& day : calendar.working_weekends) {
            CHECK(day.year == calendar.year);
            CHECK(day.weekday() >= 5);
            CHECK(is_working_day(day));
        }
    }
}

TEST_CASE("calendar: published vectors of working-day deadlines", "[domain][calendar]") {
    struct Vector {
        const char* start;
        int days;
        const char* due;
    };
    const std::vector<Vector> vectors{
        {"2026-02-09", 3, "2026-02-12"},  {"2026-02-12", 20, "2026-03-18"},
        {"2026-03-18", 10, "2026-04-01"}, {"2026-09-14", 3, "2026-09-17"},
        {"2026-09-17", 20, "2026-10-21"}, {"2025-09-24", 3, "2025-09-28"},
        {"2025-09-28", 20, "2025-10-31"}, {"2026-04-30", 1, "2026-05-06"},
        {"2026-02-13", 1, "2026-02-14"},  {"2026-02-14", 1, "2026-02-24"},
        {"2026-09-18", 2, "2026-09-21"},
    };
    for (const Vector& vector : vectors) {
        const auto start = Date::parse(vector.start);
        REQUIRE(start.has_value());
        const DueDate due = add_working_days(*start, vector.days);
        INFO(vector.start << " + " << vector.days);
        CHECK(due.due.iso() == vector.due);
        CHECK_FALSE(due.provisional);
    }
}

TEST_CASE("calendar: a deadline that rests on an unpublished year is provisional",
          "[domain][calendar]") {
    CHECK_FALSE(add_working_days({2026, 12, 30}, 1).provisional);
    CHECK(add_working_days({2026, 12, 30}, 1).due == Date{2026, 12, 31});
    const DueDate across = add_working_days({2026, 12, 31}, 1);
    CHECK(across.provisional);
    CHECK(across.due.year == 2027);
    CHECK(add_working_days({2027, 6, 1}, 5).provisional);
    // 2026-12-31 + 1 calendar day is 2027-01-01.
    CHECK(add_calendar_days({2026, 12, 31}, 1).provisional);
}

TEST_CASE("calendar: no days is the day itself", "[domain][calendar]") {
    const Date sunday{2026, 3, 1};
    CHECK(add_working_days(sunday, 0) == DueDate{sunday, false});
    CHECK(add_calendar_days(sunday, 0) == DueDate{sunday, false});
    CHECK_THROWS_AS(add_working_days(sunday, -1), InvariantViolation);
    CHECK_THROWS_AS(add_calendar_days(sunday, -1), InvariantViolation);
}

TEST_CASE("calendar: a calendar-day period ends on a working day", "[domain][calendar]") {
    CHECK(add_calendar_days({2026, 3, 2}, 3).due == Date{2026, 3, 5});
    CHECK(add_calendar_days({2026, 3, 2}, 5).due == Date{2026, 3, 9});     // Saturday -> Monday
    CHECK(add_calendar_days({2026, 9, 1}, 30).due == Date{2026, 10, 8});   // National Day
    CHECK(add_calendar_days({2026, 1, 29}, 30).due == Date{2026, 2, 28});  // make-up Saturday
}

TEST_CASE("calendar: adding n days one by one is adding n days", "[domain][calendar]") {
    for (Date start{2025, 1, 1}; start.year < 2026; start = start.plus_days(13)) {
        Date stepped = start;
        for (int n = 1; n <= 60; ++n) {
            stepped = add_working_days(stepped, 1).due;
            REQUIRE(add_working_days(start, n).due == stepped);
            REQUIRE(is_working_day(stepped));
        }
    }
}

TEST_CASE("calendar: 29 February becomes the 28th", "[domain][calendar]") {
    CHECK(plus_years({2024, 2, 29}, 1) == Date{2025, 2, 28});
    CHECK(plus_years({2024, 2, 29}, 4) == Date{2028, 2, 29});
    CHECK(plus_years({2096, 2, 29}, 4) == Date{2100, 2, 28});
    CHECK(plus_years({2026, 12, 31}, 3) == Date{2029, 12, 31});
}
