#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "tests/flow/support/live_market.h"
#include "tests/support/catch.h"
#include "tests/support/places.h"
#include "tests/support/temp_folder.h"

using namespace pdx;
using test::json;

namespace {

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// What a reader would paste: the contents of the page's ```sh blocks, in order.
std::string shell_blocks(const std::string& page) {
    constexpr std::string_view kBegin = "\n```sh\n";
    constexpr std::string_view kEnd = "\n```\n";
    std::string script;
    std::size_t at = 0;
    while ((at = page.find(kBegin, at)) != std::string::npos) {
        at += kBegin.size();
        const std::size_t end = page.find(kEnd, at);
        REQUIRE(end != std::string::npos);
        script.append(page, at, end - at).append("\n");
        at = end;
    }
    return script;
}

/// Runs the blocks of a page. Returns: what they said; nothing when there is no binary to run.
std::optional<std::string> run_page(const std::string& page, std::size_t bytes_min) {
    const std::filesystem::path binaries = test::binary_folder();
    if (!std::filesystem::exists(binaries / "pdx")) {
        std::cout << "skipped: " << binaries / "pdx"
                  << " is not built\n";
        return std::nullopt;
    }
    const test::TempFolder folder("pdx-guide");
    // The page says "from the folder that holds build/"; its mktemp stays in here too.
    std::filesystem::create_directories(folder.path() / "build");
    std::filesystem::create_directory_symlink(binaries, folder.path() / "build" / "release");
    const std::string blocks = shell_blocks(read_file(test::source_folder() / "docs" / page));
    REQUIRE(blocks.size() > bytes_min);
    const auto script = folder.path() / "guide.sh";
    std::ofstream(script) << "set -euo pipefail\n"
                             "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n"
                             "export TMPDIR=$PWD\n"
                             "unset PDX_DATABASE\n"
                          << blocks;
    const std::string command = "cd '" + folder.path().string() +
                                "' && timeout --kill-after=10 120 bash guide.sh >said 2>&1";
    const int status = std::system(command.c_str());
    const std::string said = read_file(folder.path() / "said");
    INFO(said);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    return said;
}

/// Codes as they stand in the page, with `noun.*` and `<noun>.what` for many.
using CodesOfStatus = std::map<std::string, std::vector<std::string>>;

CodesOfStatus codes_in_table(const std::string& page) {
    CodesOfStatus codes;
    std::istringstream lines(page.substr(page.find("| status | when | codes |")));
    std::string line;
    for (int skipped = 0; skipped < 2; ++skipped) std::getline(lines, line);
    const std::regex in_quotes("`([^`]+)`");
    while (std::getline(lines, line) && line.starts_with("| ")) {
        const std::string statuses = line.substr(2, line.find(" |") - 2);
        const std::string last = line.substr(line.rfind(" | ", line.size() - 3));
        std::istringstream each(statuses);
        for (std::string status; std::getline(each, status, ',');) {
            status = status.substr(status.find_first_not_of(' '));
            for (std::sregex_iterator at(last.begin(), last.end(), in_quotes), end; at != end;
                 ++at) {
                codes[status].push_back((*at)[1]);
            }
        }
    }
    return codes;
}

bool is_told(const CodesOfStatus& told, const std::string& status, const std::string& code) {
    constexpr std::string_view kAnyNoun = "<noun>";
    const auto row = told.find(status);
    if (row == told.end()) return false;
    return std::any_of(row->second.begin(), row->second.end(), [&](const std::string& pattern) {
        if (pattern.starts_with(kAnyNoun)) return code.ends_with(pattern.substr(kAnyNoun.size()));
        if (pattern.ends_with("*")) return code.starts_with(pattern.substr(0, pattern.size() - 1));
        return code == pattern;
    });
}

}  // namespace

TEST_CASE("guide: the commands of docs/API.md run one after another", "[flow][guide]") {
    const auto said = run_page("API.md", 10'000);
    if (!said) return;
    CHECK(said->find("in_force") != std::string::npos);
    CHECK(said->find("\"difference\":\"0\"") != std::string::npos);
    CHECK(said->find("FAILED  tile/entries/") != std::string::npos);
    CHECK(said->find("committed to purpose") != std::string::npos);
    CHECK(said->find("[disclosure.not_committed]") != std::string::npos);
    CHECK(said->find("\"erasure_reason\":\"data_subject_request\"") != std::string::npos);
    CHECK(said->find("\"purpose\":null") != std::string::npos);
}

TEST_CASE("guide: the table of errors in docs/API.md has every code of every route",
          "[flow][guide]") {
    const CodesOfStatus told = codes_in_table(read_file(test::source_folder() / "docs" / "API.md"));
    const test::LiveMarket live;
    const auto paths = json::parse(live.market.as("admin").get("/openapi.json").body).at("paths");
    std::size_t codes = 0;
    for (const auto& [path, operations] : paths.items()) {
        for (const json& operation : operations) {
            for (const auto& [status, response] : operation.at("responses").items()) {
                for (const json& code : response.value("x-codes", json::array())) {
                    INFO(path << ": " << status << " " << code);
                    CHECK(is_told(told, status, code.get<std::string>()));
                    ++codes;
                }
            }
        }
    }
    CHECK(codes > 500);
}

TEST_CASE("guide: the commands of docs/AUDIT.md run one after another", "[flow][guide]") {
    const auto said = run_page("AUDIT.md", 900);
    if (!said) return;
    CHECK(said->find("the ledger and the database say the same") != std::string::npos);
    CHECK(said->find("everything agrees, from the bytes to the signature") != std::string::npos);
    CHECK(said->find(" first, size ") != std::string::npos);
    CHECK(said->find("and are equal") != std::string::npos);
    CHECK(said->find("\"set_by\"") != std::string::npos);
}
