#include <filesystem>
#include <sstream>
#include <string>

#include "ledger/note.h"
#include "ledger/verify.h"
#include "marketplace/cli/exchange.h"
#include "marketplace/cli/log_download.h"
#include "marketplace/cli/story.h"
#include "tests/support/catch.h"
#include "tests/support/mariadb.h"
#include "tests/support/temp_folder.h"

using namespace pdx;

namespace {

void check_log(const cli::Exchange& exchange, const std::filesystem::path& folder) {
    const auto size = cli::download_log({"127.0.0.1", exchange.port()}, folder);
    const auto report = ledger::verify_log(folder, *ledger::NoteVerifier::parse(exchange.vkey()));
    for (const auto& fault : report.faults) UNSCOPED_INFO(fault.text());
    CHECK(report.ok());
    CHECK(report.entries == size);
    CHECK(size > 50);
}

}  // namespace

// Never left out: a driver that nobody tests does not work.
TEST_CASE("story: the whole story plays on a database server and verifies offline",
          "[flow][story][mysql]") {
    const test::TempFolder folder("pdx-mysql-story");
    cli::Settings settings;
    settings.data = folder.path() / "data";
    settings.database = test::MariaDb::shared().new_url();
    settings.port = 0;
    settings.rules = "demo";
    settings.quiet_log = true;
    std::string token;
    {
        cli::Exchange exchange(settings);
        REQUIRE(exchange.first_token().has_value());
        token = *exchange.first_token();
        std::ostringstream told;
        cli::Story story({settings.address, exchange.port(), token, settings.origin, settings.data},
                         told);
        REQUIRE_NOTHROW(story.play());
        check_log(exchange, folder.path() / "log");
        CHECK_FALSE(std::filesystem::exists(settings.data / "pdx.sqlite"));
    }
    // A restart goes on where it was, also after the server lost power.
    test::MariaDb::shared().kill();
    test::MariaDb::shared().restart();
    const cli::Exchange again(settings);
    CHECK_FALSE(again.first_token().has_value());
    CHECK(cli::ApiClient(settings.address, again.port(), token).get("/api/v1/me").status == 200);
    check_log(again, folder.path() / "log");
}
