#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "ledger/note.h"
#include "ledger/verify.h"
#include "marketplace/cli/exchange.h"
#include "marketplace/cli/log_download.h"
#include "marketplace/cli/open_database.h"
#include "marketplace/cli/story.h"
#include "tests/flow/support/replay_check.h"
#include "tests/support/catch.h"
#include "tests/support/mariadb.h"
#include "tests/support/quiet_settings.h"
#include "tests/support/temp_folder.h"

using namespace pdx;

namespace {

void check_log(const cli::Exchange& exchange, const std::filesystem::path& folder) {
    const auto size = cli::download_log({{"127.0.0.1", exchange.port(), false}, {}}, folder);
    const auto report = ledger::verify_log(folder, *ledger::NoteVerifier::parse(exchange.vkey()));
    for (const auto& fault : report.faults) UNSCOPED_INFO(fault.text());
    CHECK(report.ok());
    CHECK(report.entries == size);
    CHECK(size > 50);
}

/// Of the first order that is over.
void erase_first_purpose(const cli::ApiClient& admin) {
    using nlohmann::json;
    const json orders = json::parse(admin.get("/api/v1/orders").body).at("items");
    const auto over = std::find_if(orders.begin(), orders.end(),
                                   [](const json& order) { return order.at("state") == "closed"; });
    REQUIRE(over != orders.end());
    CHECK(over->at("purpose").is_string());
    const auto commitment =
        over->at("private_parts").at("purpose").at("commitment").get<std::string>();
    const std::string part = "/api/v1/private-parts/" + commitment;
    CHECK(json::parse(admin.get(part).body).at("private_part").at("purpose") ==
          over->at("purpose"));
    CHECK(admin.post(part + "/erasure", {{"reason", "data_subject_request"}}).status == 200);
    CHECK(json::parse(admin.get(part).body).at("private_part").is_null());
}

}  // namespace

// Never left out: a driver that nobody tests does not work.
TEST_CASE("story: the whole story plays on a database server and verifies offline",
          "[flow][story][mysql]") {
    const test::TempFolder folder("pdx-mysql-story");
    cli::Settings settings = test::quiet_settings(folder.path() / "data");
    settings.database = test::MariaDb::shared().new_url();
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
        CHECK_FALSE(std::filesystem::exists(cli::embedded_database(settings.data)));
    }
    // A restart goes on where it was, also after the server lost power.
    test::MariaDb::shared().kill();
    test::MariaDb::shared().restart();
    const cli::Exchange again(settings);
    CHECK_FALSE(again.first_token().has_value());
    CHECK(cli::ApiClient(settings.address, again.port(), token).get("/api/v1/me").status == 200);
    test::check_replay(settings.database);
    erase_first_purpose(cli::ApiClient(settings.address, again.port(), token));
    test::check_replay(settings.database);
    check_log(again, folder.path() / "log");
}
