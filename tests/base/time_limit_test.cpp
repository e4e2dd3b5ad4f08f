#include "base/time_limit.h"

#include "tests/support/catch.h"

using namespace pdx;
using namespace std::chrono_literals;

TEST_CASE("time limit: it is over at its end and not before", "[base]") {
    TimeLimit::Instant now{};
    const TimeLimit limit(5ms, [&now] { return now; });
    CHECK_FALSE(limit.is_over());
    now += 4'999us;
    CHECK_FALSE(limit.is_over());
    now += 1us;
    CHECK(limit.is_over());
    now += 1h;
    CHECK(limit.is_over());
    CHECK(TimeLimit(0ms).is_over());
    CHECK_FALSE(TimeLimit(1h).is_over());
}
