/// What the fuzzers kept is played again by every build, so that a fault once found stays found.
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>

#include "tests/fuzz/targets.h"
#include "tests/support/catch.h"
#include "tests/support/places.h"

namespace fs = std::filesystem;

namespace {

const std::map<std::string, std::function<void(pdx::ByteView)>> kTargets{
    {"note", pdx::fuzz::note},
    {"vkey", pdx::fuzz::vkey},
    {"checkpoint", pdx::fuzz::checkpoint},
    {"tile_path", pdx::fuzz::tile_path},
    {"bundle", pdx::fuzz::bundle},
    {"proof", pdx::fuzz::proof},
    {"canonical_json", pdx::fuzz::canonical_json},
    {"entry", pdx::fuzz::entry},
    {"policy", pdx::fuzz::policy},
    {"disclosure", pdx::fuzz::disclosure},
    {"csv", pdx::fuzz::csv},
    {"json_lines", pdx::fuzz::json_lines},
    {"masking_policy", pdx::fuzz::masking_policy},
    {"encoding", pdx::fuzz::encoding},
    {"scan", pdx::fuzz::scan},
    {"statistic_query", pdx::fuzz::statistic_query},
};

pdx::Bytes read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_CASE("fuzz: every kept input and its near misses satisfy their target", "[fuzz]") {
    const fs::path corpus = pdx::test::source_folder() / "tests/fuzz/corpus";
    for (const auto& [name, target] : kTargets) {
        std::size_t count = 0;
        for (const auto& item : fs::directory_iterator(corpus / name)) {
            INFO(item.path());
            const pdx::Bytes input = read(item.path());
            REQUIRE_NOTHROW(target(input));
            // Cut anywhere, and with a byte changed here and there.
            const std::size_t step = 1 + input.size() / 64;
            for (std::size_t at = 0; at < input.size(); at += step) {
                REQUIRE_NOTHROW(target(pdx::ByteView(input).first(at)));
                pdx::Bytes changed = input;
                changed[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
                REQUIRE_NOTHROW(target(changed));
            }
            ++count;
        }
        INFO(name);
        REQUIRE(count > 0);
    }
}

TEST_CASE("fuzz: every corpus has its target", "[fuzz]") {
    for (const auto& item :
         fs::directory_iterator(pdx::test::source_folder() / "tests/fuzz/corpus")) {
        REQUIRE(kTargets.count(item.path().filename().string()) == 1);
    }
}
