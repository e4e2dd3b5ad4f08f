#include "base/time.h"

#include <random>

#include "tests/support/catch.h"

namespace pdx {
namespace {

TEST_CASE("timestamp: RFC 3339 comes back as it went out", "[base][time]") {
    CHECK(Timestamp{0}.rfc3339() == "1970-01-01T00:00:00.000000Z");
    CHECK(Timestamp{1'772'352'000'123'456}.rfc3339() == "2026-03-01T08:00:00.123456Z");
    CHECK(Timestamp::parse("2026-03-01T08:00:00Z") == Timestamp{1'772'352'000'000'000});
    CHECK(Timestamp::parse("2026-03-01T08:00:00.1Z") == Timestamp{1'772'352'000'100'000});
    CHECK(Timestamp::parse("2026-03-01T08:00:00.123456Z") == Timestamp{1'772'352'000'123'456});
    CHECK(Timestamp::parse("9999-12-31T23:59:59.999999Z")->rfc3339() ==
          "9999-12-31T23:59:59.999999Z");
    const unsigned seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::uniform_int_distribution<std::int64_t> instants(0, 253'402'300'799'999'999);
    for (int i = 0; i < 5'000; ++i) {
        const Timestamp instant{instants(random)};
        REQUIRE(Timestamp::parse(instant.rfc3339()) == instant);
    }
}

TEST_CASE("timestamp: other forms and impossible instants are refused", "[base][time]") {
    for (const char* bad : {"",
                            "2026-03-01",
                            "2026-03-01T08:00:00",
                            "2026-03-01T08:00Z",
                            "2026-03-01 08:00:00Z",
                            "2026-03-01t08:00:00Z",
                            "2026-03-01T08:00:00z",
                            "2026-03-01T08:00:00+08:00",
                            "2026-03-01T24:00:00Z",
                            "2026-03-01T23:60:00Z",
                            "2026-03-01T23:59:60Z",
                            "2026-03-01T08:00:00.Z",
                            "2026-03-01T08:00:00.1234567Z",
                            "2026-03-01T08:00:00,5Z",
                            "2026-03-01T08:00:00.-5Z",
                            "2026-02-29T00:00:00Z",
                            "2026-13-01T00:00:00Z",
                            "2026-00-01T00:00:00Z",
                            "2026-01-00T00:00:00Z",
                            "1969-12-31T23:59:59Z",
                            "02026-03-01T08:00:00Z",
                            " 2026-03-01T08:00:00Z",
                            "2026-03-01T08:00:00Z ",
                            "2026-3-1T08:00:00Z",
                            "2026-03-01T8:00:00.00Z",
                            "2026-03-01T+8:00:00Z"}) {
        INFO(bad);
        CHECK_FALSE(Timestamp::parse(bad));
    }
}

TEST_CASE("date: only days that exist are read", "[base][time]") {
    CHECK(Date::parse("2024-02-29") == Date{2024, 2, 29});
    CHECK(Date::parse("2000-02-29"));
    for (const char* bad :
         {"2026-02-29", "2100-02-29", "2026-04-31", "2026-00-10", "2026-13-01", "2026-01-32",
          "1969-12-31", "2026-1-01", "2026/01/01", "2026-01-01 ", "", "20260101", "-026-01-01"}) {
        INFO(bad);
        CHECK_FALSE(Date::parse(bad));
    }
    CHECK(Date{2026, 3, 1}.iso() == "2026-03-01");
}

TEST_CASE("date: the legal day begins at 16:00 UTC of the day before", "[base][time]") {
    CHECK(Date{2026, 3, 1}.begin().rfc3339() == "2026-02-28T16:00:00.000000Z");
    CHECK(Date::of(*Timestamp::parse("2026-02-28T15:59:59.999999Z")) == Date{2026, 2, 28});
    CHECK(Date::of(*Timestamp::parse("2026-02-28T16:00:00Z")) == Date{2026, 3, 1});
    CHECK(Date::of(*Timestamp::parse("2025-12-31T16:00:00Z")) == Date{2026, 1, 1});
    CHECK(Date::of(Timestamp{0}) == Date{1970, 1, 1});
    CHECK(Date{1970, 1, 1}.begin().micros == -8LL * 3'600 * 1'000'000);
}

TEST_CASE("date: days follow each other without gap for two centuries", "[base][time]") {
    Date day{1970, 1, 1};
    const Date last{2170, 1, 1};
    unsigned weekday = 3;  // a Thursday
    while (day < last) {
        const Date next = day.plus_days(1);
        if (!(day < next) || next.plus_days(-1) != day || Date::parse(next.iso()) != next ||
            Date::of(day.begin()) != day ||
            Date::of(next.begin().plus(-std::chrono::microseconds(1))) != day ||
            day.weekday() != weekday) {
            FAIL(day.iso());
        }
        weekday = (weekday + 1) % 7;
        day = next;
    }
    CHECK(Date{2026, 3, 1}.weekday() == 6);
    CHECK(Date{2024, 2, 28}.plus_days(2) == Date{2024, 3, 1});
    CHECK(Date{2025, 12, 31}.plus_days(1) == Date{2026, 1, 1});
}

TEST_CASE("clock: the system clock is in this century", "[base][time]") {
    const SystemClock clock;
    CHECK(clock.now() > *Timestamp::parse("2024-01-01T00:00:00Z"));
    CHECK(clock.now() < *Timestamp::parse("2100-01-01T00:00:00Z"));
}

}  // namespace
}  // namespace pdx
