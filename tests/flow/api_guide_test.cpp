#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>

#include "tests/support/catch.h"
#include "tests/support/places.h"
#include "tests/support/temp_folder.h"

using namespace pdx;

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

TEST_CASE("guide: the commands of docs/AUDIT.md run one after another", "[flow][guide]") {
    const auto said = run_page("AUDIT.md", 900);
    if (!said) return;
    CHECK(said->find("the ledger and the database say the same") != std::string::npos);
    CHECK(said->find("everything agrees, from the bytes to the signature") != std::string::npos);
    CHECK(said->find(" first, size ") != std::string::npos);
    CHECK(said->find("and are equal") != std::string::npos);
    CHECK(said->find("\"set_by\"") != std::string::npos);
}
