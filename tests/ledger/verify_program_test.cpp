/// The program itself: what an auditor carries to another machine.
#include <elf.h>
#include <spawn.h>
#include <sys/wait.h>

#include <array>
#include <cstring>
#include <string>

#include "ledger/export.h"
#include "tests/ledger/support/log_fixture.h"
#include "tests/support/catch.h"
#include "tests/support/places.h"

using namespace pdx;
using namespace pdx::ledger;

namespace {

const std::string kProgram = pdx::test::binary_folder() / "pdx-verify";

/// Runs with an empty environment in which no library or configuration could be found.
int run_program(std::vector<std::string> words) {
    words.insert(words.begin(), kProgram);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    std::array<char*, 1> environment{};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", 1, 0);
    ::posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", 1, 0);
    pid_t child = 0;
    const int error =
        ::posix_spawn(&child, kProgram.c_str(), &actions, nullptr, argv.data(), environment.data());
    ::posix_spawn_file_actions_destroy(&actions);
    REQUIRE(error == 0);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    return WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("pdx-verify: the program gives the documented exit status", "[ledger][program]") {
    auto log = test::make_log(std::uint64_t{300});
    const test::TempFolder folder;
    export_log(log.tiles, 300, log.note, folder.path());
    const std::string key = test::sample_signer().verifier().vkey();
    REQUIRE(run_program({"log", folder.path(), "--key", key}) == 0);
    REQUIRE(run_program({"log", folder.path(), "--key", key, "--min-size", "301"}) == 6);
    REQUIRE(run_program({"log", folder.path()}) == 2);
    REQUIRE(run_program({"log", folder.path() / "absent", "--key", key}) == 1);
}

#ifdef PDX_VERIFY_STATIC
TEST_CASE("pdx-verify: the program needs no library of the machine", "[ledger][program]") {
    const std::string image = test::read_text(kProgram);
    Elf64_Ehdr header{};
    REQUIRE(image.size() > sizeof header);
    std::memcpy(&header, image.data(), sizeof header);
    REQUIRE(std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0);
    REQUIRE(header.e_phnum > 0);
    for (std::size_t i = 0; i < header.e_phnum; ++i) {
        Elf64_Phdr segment{};
        const std::size_t at = header.e_phoff + i * header.e_phentsize;
        REQUIRE(image.size() >= at + sizeof segment);
        std::memcpy(&segment, image.data() + at, sizeof segment);
        // No loader is asked for, and no library is named.
        REQUIRE(segment.p_type != PT_INTERP);
        if (segment.p_type != PT_DYNAMIC) continue;
        for (std::size_t j = 0; j + sizeof(Elf64_Dyn) <= segment.p_filesz; j += sizeof(Elf64_Dyn)) {
            Elf64_Dyn item{};
            std::memcpy(&item, image.data() + segment.p_offset + j, sizeof item);
            REQUIRE(item.d_tag != DT_NEEDED);
        }
    }
}
#endif
