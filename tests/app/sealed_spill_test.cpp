#include "marketplace/app/sealed_spill.h"

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "tests/app/support/refused.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace pdx::app {
namespace {

TEST_CASE("sealed spill: buckets come back as they were, and no file is seen", "[app][delivery]") {
    const unsigned seed = 20'261'126;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const test::TempFolder folder;
    SealedSpill spill(folder.path());
    CHECK(spill.take(3).empty());
    std::vector<std::string> buckets(64);
    for (int i = 0; i < 2'000; ++i) {
        const std::size_t bucket = random() % buckets.size();
        const std::string piece(random() % 500, static_cast<char>(random()));
        spill.append(bucket, piece);
        buckets[bucket] += piece;
    }
    CHECK(std::filesystem::is_empty(folder.path()));
    for (std::size_t i = 0; i < buckets.size(); ++i) CHECK(spill.take(i) == buckets[i]);
    CHECK(spill.take(64).empty());
}

/// The file without a name, by what this process has open.
std::filesystem::path open_spill() {
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        const auto target = std::filesystem::read_symlink(entry.path(), gone);
        if (target.string().find("/spill-") != std::string::npos) return entry.path();
    }
    return {};
}

TEST_CASE("sealed spill: one byte that the disk changed stops the delivery", "[app][delivery]") {
    const test::TempFolder folder;
    SealedSpill spill(folder.path());
    spill.append(0, "a row that waits");
    std::fstream file(open_spill(), std::ios::binary | std::ios::in | std::ios::out);
    REQUIRE(file.is_open());
    file.seekg(30);
    const auto byte = static_cast<char>(file.get() ^ 1);
    file.seekp(30);
    file.put(byte);
    file.close();
    CHECK(test::code_of([&spill] { spill.take(0); }) == "delivery.spill");
}

TEST_CASE("sealed spill: a folder that is gone is an error, not a loss", "[app][delivery]") {
    SealedSpill spill("/nowhere/at/all");
    CHECK_THROWS_AS(spill.append(0, "x"), std::system_error);
}

}  // namespace
}  // namespace pdx::app
