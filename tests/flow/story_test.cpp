#include "marketplace/cli/story.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "ledger/note.h"
#include "ledger/verify.h"
#include "marketplace/cli/exchange.h"
#include "marketplace/cli/log_download.h"
#include "tests/support/catch.h"
#include "tests/support/quiet_settings.h"
#include "tests/support/temp_folder.h"

using namespace pdx;

namespace {

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("story: the whole story plays over HTTP and verifies offline", "[flow][story]") {
    const test::TempFolder folder("pdx-story");
    const cli::Settings settings = test::quiet_settings(folder.path() / "data");
    std::string token;
    {
        cli::Exchange exchange(settings);
        REQUIRE(exchange.first_token().has_value());
        token = *exchange.first_token();
        std::ostringstream told;
        cli::Story story({settings.address, exchange.port(), token, settings.origin, settings.data},
                         told);
        REQUIRE_NOTHROW(story.play());
        INFO(told.str());
        CHECK(told.str().find("refused") != std::string::npos);

        const auto log = folder.path() / "log";
        const auto size = cli::download_log({{settings.address, exchange.port(), false}, {}}, log);
        const auto key = ledger::NoteVerifier::parse(exchange.vkey());
        REQUIRE(key.has_value());
        const auto report = ledger::verify_log(log, *key);
        CHECK(report.ok());
        CHECK(report.entries == size);

        SECTION("the delivered file holds no value of a personal column") {
            const std::string delivered =
                read_file(settings.data / "demo-delivered" / "small-business-stability.csv");
            REQUIRE(delivered.size() > 1'000'000);
            CHECK(delivered.find("contact_phone") == std::string::npos);
            CHECK(delivered.find(",320299") == std::string::npos);  // resident IDs begin so
        }
        SECTION("a changed byte of the downloaded ledger is found") {
            const auto bundle =
                log / "tile" / "entries" /
                std::filesystem::directory_iterator(log / "tile" / "entries")->path().filename();
            std::filesystem::path file = bundle;
            if (std::filesystem::is_directory(file)) {
                file = std::filesystem::directory_iterator(file)->path();
            }
            std::string bytes = read_file(file);
            bytes.at(bytes.size() / 2) = static_cast<char>(bytes.at(bytes.size() / 2) ^ 1);
            std::ofstream(file, std::ios::binary) << bytes;
            const auto spoilt = ledger::verify_log(log, *key);
            REQUIRE_FALSE(spoilt.ok());
            CHECK_FALSE(spoilt.faults.front().file.empty());
        }
    }
    // A restart goes on where it was.
    cli::Exchange again(settings);
    CHECK_FALSE(again.first_token().has_value());
    CHECK(cli::ApiClient(settings.address, again.port(), token).get("/api/v1/me").status == 200);
    CHECK(cli::ApiClient(settings.address, again.port(), "pdx_wrong").get("/api/v1/me").status ==
          401);
    CHECK(cli::ApiClient(settings.address, again.port()).get("/").status == 200);
    CHECK(cli::ApiClient(settings.address, again.port()).get("/readyz").status == 200);
}
