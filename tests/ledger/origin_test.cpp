#include "ledger/origin.h"

#include "base/check.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::ledger;

TEST_CASE("origin: its last segment names the log's folder", "[ledger][origin]") {
    CHECK(log_name("pdx.example/ledger/main") == "main");
    CHECK(log_name("example") == "example");
    CHECK(log_name("a/b/Wuxi_2026-03.x~1") == "Wuxi_2026-03.x~1");
    CHECK(log_folder("pdx.example/ledger/main") == "/ledger/main/");
    for (const char* bad : {"", "/", "pdx.example/", "pdx.example/.", "pdx.example/..", "a/b c",
                            "a/无锡", "a/b%2Fc", "a/b?c", "a/b#c", "a/{log}", "a/b\nc"}) {
        INFO(bad);
        CHECK_FALSE(log_name(bad).has_value());
        CHECK_THROWS_AS(log_folder(bad), InvariantViolation);
    }
}
