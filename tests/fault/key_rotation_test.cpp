#include "marketplace/cli/key_rotation.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <iterator>

#include "base/error.h"
#include "ledger/checkpoint.h"
#include "ledger/proof.h"
#include "marketplace/cli/api_client.h"
#include "marketplace/cli/data_folder.h"
#include "marketplace/cli/exchange.h"
#include "marketplace/cli/key_file.h"
#include "marketplace/cli/ledger_keys.h"
#include "marketplace/cli/open_database.h"
#include "tests/fault/support/server_process.h"
#include "tests/support/catch.h"
#include "tests/support/quiet_settings.h"
#include "tests/support/temp_folder.h"

using namespace pdx;
using cli::RotationStep;
using Lines = std::vector<std::string>;

namespace {

struct RotationFolder {
    test::TempFolder temp{"pdx-rotation"};
    cli::Settings settings = test::quiet_settings(temp.path() / "data");
    std::string first;

    RotationFolder() {
        std::ofstream(temp.file("seal.key")) << std::string(32, 's');
        std::filesystem::permissions(temp.file("seal.key"), std::filesystem::perms::owner_read);
        settings.key_file = temp.file("seal.key");
        first = cli::Exchange(settings).vkey();
    }
};

std::string rotation_refusal(const std::function<void()>& act) {
    try {
        act();
    } catch (const Error& error) {
        CHECK_FALSE(error.text().zh.empty());
        return error.code();
    }
    return "none";
}

/// What an auditor gets over HTTP.
std::string fetch(const cli::Settings& settings, const std::string& path) {
    const cli::Exchange exchange(settings);
    const cli::ApiAnswer answer = cli::ApiClient(settings.address, exchange.port()).get(path);
    REQUIRE(answer.status == 200);
    return answer.body;
}

/// Which of the keys an auditor may have; "ab" when each of them alone suffices.
std::string verified_by(const std::string& note, const std::string& a, const std::string& b) {
    std::string names;
    for (const auto& [name, vkey] : {std::pair('a', a), std::pair('b', b)}) {
        const auto key = ledger::NoteVerifier::parse(vkey).value();
        const auto opened = ledger::open_checkpoint(note, key);
        if (opened.status == ledger::CheckpointStatus::kVerified) names += name;
    }
    return names;
}

using Rotate = cli::Rotation (*)(const cli::Settings&, const cli::RotationHook&);

/// Runs the command in a process of its own that kills itself when the step is done.
/// Requires: this process has no other thread.
void rotate_and_die(Rotate rotate, const cli::Settings& settings, RotationStep step) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        try {
            rotate(settings, [step](RotationStep done) {
                if (done == step) ::kill(::getpid(), SIGKILL);
            });
        } catch (...) {
            ::_exit(2);
        }
        ::_exit(3);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
}

}  // namespace

TEST_CASE("key rotation: both keys sign, then the new one alone", "[flow][rotation]") {
    const RotationFolder folder;
    const cli::Settings& settings = folder.settings;
    CHECK(rotation_refusal([&] { cli::finish_key_rotation(settings); }) ==
          "key_rotation.not_begun");
    const cli::Rotation begun = cli::begin_key_rotation(settings);
    CHECK(begun.valid == Lines{folder.first, begun.key});
    CHECK(cli::read_vkeys(settings.data) == begun.valid);
    CHECK(cli::is_sealed_file(begun.key_file));
    CHECK(rotation_refusal([&] { cli::begin_key_rotation(settings); }) == "key_rotation.begun");
    CHECK(verified_by(fetch(settings, "/ledger/main/checkpoint"), folder.first, begun.key) == "ab");
    CHECK(fetch(settings, "/ledger/main/vkey") == folder.first + "\n" + begun.key + "\n");

    const cli::Rotation finished = cli::finish_key_rotation(settings);
    CHECK(finished.key == folder.first);
    CHECK(finished.valid == Lines{begun.key});
    CHECK(finished.key_file == cli::ledger_key_file(settings.data));
    // The last checkpoint with the old key's line is the one that covers its retirement.
    CHECK(verified_by(fetch(settings, "/ledger/main/checkpoint"), folder.first, begun.key) == "ab");
    const cli::Rotation next = cli::begin_key_rotation(settings);
    CHECK(verified_by(fetch(settings, "/ledger/main/checkpoint"), folder.first, begun.key) == "b");
    CHECK(verified_by(fetch(settings, "/ledger/main/checkpoint"), folder.first, next.key) == "b");

    // Who has the first key alone comes to trust the second by an entry that the first signed.
    const auto proof =
        ledger::verify_receipt(fetch(settings, "/api/v1/receipts/" + std::to_string(begun.index)),
                               ledger::NoteVerifier::parse(folder.first).value());
    CHECK(proof.ok());
    CHECK(as_text(proof.entry).find(begun.key) != std::string::npos);
    CHECK(as_text(proof.entry).find("ledger_key.added") != std::string::npos);
    // The retired key's file is not needed any longer.
    std::filesystem::remove(cli::ledger_key_file(settings.data));
    CHECK(cli::Exchange(settings).vkey() == begun.key);
}

TEST_CASE("key rotation: killed after any step, the folder starts and the command goes on",
          "[flow][rotation]") {
    const RotationFolder folder;
    const cli::Settings& settings = folder.settings;
    std::string old_key = folder.first;
    for (const RotationStep step :
         {RotationStep::kKeyMade, RotationStep::kEntryMade, RotationStep::kListWritten}) {
        INFO("killed after step " << static_cast<int>(step));
        rotate_and_die(cli::begin_key_rotation, settings, step);
        const bool named = step != RotationStep::kKeyMade;
        const auto listed = cli::read_vkeys(settings.data);
        CHECK(listed.size() == (step == RotationStep::kListWritten ? 2U : 1U));
        CHECK(cli::Exchange(settings).vkey() == old_key);
        CHECK(cli::read_vkeys(settings.data).size() == (named ? 2U : 1U));
        CHECK(rotation_refusal([&] { cli::begin_key_rotation(settings); }) ==
              (named ? "key_rotation.begun" : "none"));
        const Lines both = cli::read_vkeys(settings.data);
        REQUIRE(both.size() == 2);
        CHECK(both.front() == old_key);

        if (step != RotationStep::kKeyMade) {
            rotate_and_die(cli::finish_key_rotation, settings, step);
            CHECK(cli::Exchange(settings).vkey() == both.back());
            CHECK(cli::read_vkeys(settings.data) == Lines{both.back()});
            CHECK(rotation_refusal([&] { cli::finish_key_rotation(settings); }) ==
                  "key_rotation.not_begun");
        } else {
            cli::finish_key_rotation(settings);
        }
        old_key = both.back();
    }
    // Each rotation made one key and no more: the one of a dead attempt was used.
    CHECK(std::distance(std::filesystem::directory_iterator(settings.data / "keys"), {}) == 5);
}

TEST_CASE("key rotation: folder and ledger must agree on the keys", "[flow][rotation]") {
    const RotationFolder folder;
    const cli::Settings& settings = folder.settings;
    const auto database = cli::embedded_database(settings.data);
    const auto copy = folder.temp.path() / "old.sqlite";
    std::filesystem::copy_file(database, copy);
    const cli::Rotation begun = cli::begin_key_rotation(settings);
    const auto start = [&] { return rotation_refusal([&] { cli::Exchange{settings}; }); };
    const auto hidden = folder.temp.path() / "hidden";

    SECTION("a valid key that is missing, or another in its place") {
        for (const auto& file : {begun.key_file, cli::ledger_key_file(settings.data)}) {
            std::filesystem::rename(file, hidden);
            CHECK(start() == "data.key_lost");
            cli::create_signing_key(file);
            CHECK(start() == "data.key_differs");
            std::filesystem::rename(hidden, file);
        }
    }
    SECTION("an older database does not know the new key") {
        std::filesystem::copy_file(database, hidden);
        std::filesystem::copy_file(copy, database,
                                   std::filesystem::copy_options::overwrite_existing);
        CHECK(start() == "ledger.rolled_back");
        CHECK(rotation_refusal([&] { cli::begin_key_rotation(settings); }) == "ledger.rolled_back");
        std::filesystem::copy_file(hidden, database,
                                   std::filesystem::copy_options::overwrite_existing);
    }
    SECTION("a folder without a ledger has nothing to rotate") {
        cli::Settings other = settings;
        other.data = folder.temp.path() / "none";
        CHECK(rotation_refusal([&] { cli::begin_key_rotation(other); }) ==
              "key_rotation.no_ledger");
        CHECK_FALSE(std::filesystem::exists(other.data));
    }
    SECTION("a folder that is served is left alone") {
        const cli::Exchange exchange(settings);
        CHECK(rotation_refusal([&] { cli::finish_key_rotation(settings); }) == "data.locked");
    }
    CHECK(start() == "none");
    CHECK(cli::read_vkeys(settings.data) == begun.valid);
}

TEST_CASE("sm2: the second signature is named by the ledger and stands after the first",
          "[flow][sm2]") {
    RotationFolder folder;
    cli::Settings settings = folder.settings;
    settings.sm2 = true;
    const std::string note = fetch(settings, "/ledger/main/checkpoint");
    const Lines keys = cli::read_vkeys(settings.data);
    REQUIRE(keys.size() == 2);
    CHECK(keys[0] == folder.first);
    CHECK(verified_by(note, keys[0], keys[1]) == "ab");
    CHECK(cli::is_sealed_file(cli::sm2_key_file(settings.data)));
    // Named once.
    const std::string again = fetch(settings, "/ledger/main/checkpoint");
    CHECK(again == note);
    // Without the setting the line is left out; the key stays valid.
    settings.sm2 = false;
    const cli::Rotation begun = cli::begin_key_rotation(settings);
    CHECK(begun.valid == Lines{keys[0], begun.key, keys[1]});
    CHECK(verified_by(fetch(settings, "/ledger/main/checkpoint"), begun.key, keys[1]) == "a");
    settings.sm2 = true;
    cli::finish_key_rotation(settings);
    CHECK(verified_by(fetch(settings, "/ledger/main/checkpoint"), begun.key, keys[1]) == "ab");
    // Another SM2 key than the one that the ledger names.
    std::filesystem::remove(cli::sm2_key_file(settings.data));
    CHECK(rotation_refusal([&] { cli::Exchange{settings}; }) == "data.key_differs");
}
