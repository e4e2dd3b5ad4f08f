#include "base/durable_file.h"

#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <system_error>

#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace pdx {
namespace {

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

unsigned mode_of(const std::filesystem::path& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

TEST_CASE("durable file: it replaces, or refuses to, and leaves nothing beside", "[base][file]") {
    const test::TempFolder folder("pdx-durable");
    const auto path = folder.path() / "name";
    write_file_durably(path, "one", FileAccess::kOwner, Existing::kRefuse);
    CHECK(read(path) == "one");
    CHECK(mode_of(path) == 0600U);
    try {
        write_file_durably(path, "two", FileAccess::kAll, Existing::kRefuse);
        FAIL("it was overwritten");
    } catch (const std::system_error& error) {
        CHECK(error.code() == std::errc::file_exists);
    }
    CHECK(read(path) == "one");
    write_file_durably(path, std::string(100'000, 'x'), FileAccess::kAll, Existing::kReplace);
    CHECK(read(path) == std::string(100'000, 'x'));
    CHECK(mode_of(path) == 0644U);
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("durable file: what an earlier attempt left is dropped", "[base][file]") {
    const test::TempFolder folder("pdx-durable");
    const auto path = folder.path() / "name";
    std::ofstream(path.string() + ".part") << "half of anoth";
    write_file_durably(path, "whole", FileAccess::kOwner, Existing::kReplace);
    CHECK(read(path) == "whole");
    CHECK_FALSE(std::filesystem::exists(path.string() + ".part"));
}

TEST_CASE("durable file: written in pieces it is nothing until it is published", "[base][file]") {
    const test::TempFolder folder("pdx-durable");
    const auto path = folder.path() / "name";
    {
        DurableFile file(path, FileAccess::kAll, Existing::kReplace);
        file.append("half");
    }
    CHECK(std::filesystem::is_empty(folder.path()));
    DurableFile file(path, FileAccess::kAll, Existing::kReplace);
    file.append("one ");
    try {
        const DurableFile other(path, FileAccess::kAll, Existing::kReplace);
        FAIL("two wrote at once");
    } catch (const std::system_error& error) {
        CHECK(error.code() == std::errc::device_or_resource_busy);
    }
    file.append("two");
    CHECK_FALSE(std::filesystem::exists(path));
    file.publish();
    CHECK(read(path) == "one two");
    // The name beside is free again while the first is still held.
    DurableFile next(path, FileAccess::kAll, Existing::kReplace);
    next.append("three");
    next.publish();
    CHECK(read(path) == "three");
}

TEST_CASE("durable file: without a folder there is an error", "[base][file]") {
    const test::TempFolder folder("pdx-durable");
    CHECK_THROWS_AS(write_file_durably(folder.path() / "none" / "name", "x", FileAccess::kOwner,
                                       Existing::kReplace),
                    std::system_error);
    CHECK_THROWS_AS(sync_folder(folder.path() / "none"), std::system_error);
}

}  // namespace
}  // namespace pdx
