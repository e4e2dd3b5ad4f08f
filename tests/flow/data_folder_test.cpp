#include <filesystem>
#include <fstream>
#include <system_error>

#include "base/error.h"
#include "marketplace/cli/api_client.h"
#include "marketplace/cli/exchange.h"
#include "marketplace/cli/key_file.h"
#include "marketplace/cli/open_database.h"
#include "tests/support/catch.h"
#include "tests/support/quiet_settings.h"
#include "tests/support/temp_folder.h"

using namespace pdx;

TEST_CASE("data folder: its ledger keeps its name and its key", "[flow][data_folder]") {
    const test::TempFolder folder("pdx-data-folder");
    cli::Settings settings = test::quiet_settings(folder.path() / "data");
    const std::string vkey = cli::Exchange(settings).vkey();

    SECTION("another origin is refused, and changes nothing") {
        settings.origin = "other.example/ledger";
        CHECK_THROWS_AS(cli::Exchange(settings), Error);
    }
    SECTION("a lost key is not made anew") {
        for (const char* name : {"ledger.key", "master.key"}) {
            const auto key = settings.data / "keys" / name;
            std::filesystem::rename(key, folder.path() / "kept");
            CHECK_THROWS_AS(cli::Exchange(settings), Error);
            CHECK_FALSE(std::filesystem::exists(key));
            std::filesystem::rename(folder.path() / "kept", key);
        }
    }
    SECTION("over an empty database no second ledger begins") {
        const auto database = cli::embedded_database(settings.data);
        std::filesystem::rename(database, folder.path() / "kept");
        for (int start = 0; start < 2; ++start) {
            try {
                const cli::Exchange fork(settings);
                FAIL("a fork was signed");
            } catch (const Error& error) {
                CHECK(error.code() == "data.ledger_lost");
            }
        }
        std::filesystem::rename(folder.path() / "kept", database);
    }
    SECTION("another key is refused, until the first is back") {
        const auto key = settings.data / "keys" / "ledger.key";
        std::filesystem::rename(key, folder.path() / "kept");
        cli::create_signing_key(key);
        CHECK_THROWS_AS(cli::Exchange(settings), Error);
        std::filesystem::rename(folder.path() / "kept", key);
    }
    settings.origin = cli::Settings().origin;
    const cli::Exchange again(settings);
    CHECK(again.vkey() == vkey);
    CHECK_FALSE(again.first_token().has_value());
}

TEST_CASE("data folder: another's folder is left as it is", "[flow][data_folder]") {
    const test::TempFolder folder("pdx-foreign-folder");
    cli::Settings settings = test::quiet_settings(folder.path() / "data");
    settings.data = folder.path();
    std::filesystem::create_directory(folder.path() / "photos");
    const auto mode = std::filesystem::status(folder.path()).permissions();
    CHECK_THROWS_AS(cli::Exchange(settings), Error);
    CHECK(std::filesystem::status(folder.path()).permissions() == mode);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "lock"));
}

TEST_CASE("data folder: an unknown rule profile makes none", "[flow][data_folder]") {
    const test::TempFolder folder("pdx-rules");
    cli::Settings settings = test::quiet_settings(folder.path() / "data");
    settings.rules = "cn-1999";
    CHECK_THROWS_AS(cli::Exchange(settings), Error);
    CHECK_FALSE(std::filesystem::exists(settings.data));
}

TEST_CASE("home page: its search form is answered", "[flow][home_page]") {
    const test::TempFolder folder("pdx-home-page");
    const cli::Settings settings = test::quiet_settings(folder.path() / "data");
    const cli::Exchange exchange(settings);
    const cli::ApiClient client(settings.address, exchange.port());
    for (const char* path : {"/", "/?q=", "/?q=%E4%BC%81%E4%B8%9A", "/?q=%22%3E%3Cscript%3E"}) {
        const cli::ApiAnswer page = client.get(path);
        INFO(path << ": " << page.body.substr(0, 300));
        CHECK(page.status == 200);
        CHECK(page.body.find("name=\"q\"") != std::string::npos);
        CHECK(page.body.find("<script") == std::string::npos);
    }
    const cli::ApiAnswer chinese = client.get("/?q=%22%E4%BC%81&lang=zh-CN");
    CHECK(chinese.body.find("<html lang=\"zh-CN\">") != std::string::npos);
    CHECK(chinese.body.find("hreflang=\"en\" href=\"/?lang=en&amp;q=%22%E4%BC%81\">English</a>") !=
          std::string::npos);
    CHECK(chinese.body.find("name=\"lang\" value=\"zh-CN\"") != std::string::npos);
    CHECK(chinese.body.find("href=\"/scan#lang=zh-CN\"") != std::string::npos);
    CHECK(chinese.body.find("href=\"/verify#lang=zh-CN\"") != std::string::npos);
    CHECK(client.get("/?lang=en").body.find("href=\"/?lang=zh-CN\">中文</a>") != std::string::npos);
    CHECK(client.get("/?lang=fr").status == 422);
    const cli::ApiAnswer icon = client.get("/favicon.ico");
    CHECK(icon.status == 200);
    CHECK(icon.body.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    CHECK(client.get("/").body.find("href=\"/favicon.ico\"") != std::string::npos);
}

TEST_CASE("data folder: a start that cannot keep the first token commits none",
          "[flow][data_folder]") {
    const test::TempFolder folder("pdx-first-token");
    const cli::Settings settings = test::quiet_settings(folder.path() / "data");
    // A folder lies where the file of the token would be.
    const auto obstacle = settings.data / "admin-token.part";
    std::filesystem::create_directories(obstacle);
    std::ofstream(settings.data / "lock").close();
    CHECK_THROWS_AS(cli::Exchange(settings), std::system_error);
    std::filesystem::remove(obstacle);
    std::string token;
    {
        const cli::Exchange exchange(settings);
        token = exchange.first_token().value();
    }
    const cli::Exchange again(settings);
    CHECK_FALSE(again.first_token().has_value());
    const cli::ApiClient client(settings.address, again.port(), token);
    CHECK(client.get("/api/v1/me").status == 200);
    for (const auto& entry : std::filesystem::directory_iterator(settings.data)) {
        CHECK(entry.path().extension() != ".new");
    }
}
