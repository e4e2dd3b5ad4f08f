#include "marketplace/cli/passphrase.h"

#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "base/error.h"
#include "tests/support/catch.h"

using namespace pdx;

namespace {

constexpr int kGiven = 10;
constexpr int kOther = 11;
constexpr int kCancelled = 12;
constexpr int kEchoStaysOff = 13;
constexpr int kNoTerminal = 14;

/// What happens on the terminal of a child that asks for a passphrase.
struct Dialogue {
    std::string shown;
    int status = -1;
};

[[noreturn]] void ask_and_exit(bool twice) {
    int status = kOther;
    try {
        const auto words = twice ? cli::ask_new_passphrase("Words") : cli::ask_passphrase("Words");
        status = !words                                              ? kNoTerminal
                 : as_text(words->view()) == "correct horse battery" ? kGiven
                                                                     : kOther;
    } catch (const Error& error) {
        if (error.code() == "passphrase.cancelled") status = kCancelled;
    }
    termios state{};
    ::tcgetattr(STDIN_FILENO, &state);
    const tcflag_t needed = ECHO | ISIG | ICANON;
    ::_exit((state.c_lflag & needed) == needed ? status : kEchoStaysOff);
}

/// Types each answer when a question is shown. Requires: this process has no other thread.
Dialogue talk(const std::vector<std::string>& answers, bool twice = false) {
    int terminal = -1;
    std::cout.flush();  // or the child prints what earlier tests have said
    std::fflush(stdout);
    const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    REQUIRE(child >= 0);
    if (child == 0) ask_and_exit(twice);
    Dialogue dialogue;
    std::size_t answered = 0;
    std::size_t seen = 0;
    std::array<char, 256> buffer{};
    for (;;) {
        const ssize_t count = ::read(terminal, buffer.data(), buffer.size());
        if (count <= 0) break;  // the child has ended
        dialogue.shown.append(buffer.data(), static_cast<std::size_t>(count));
        const std::size_t question = dialogue.shown.find(": ", seen);
        if (question == std::string::npos || answered == answers.size()) continue;
        seen = question + 2;
        const std::string& answer = answers[answered++];
        REQUIRE(::write(terminal, answer.data(), answer.size()) ==
                static_cast<ssize_t>(answer.size()));
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    ::close(terminal);
    dialogue.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return dialogue;
}

}  // namespace

TEST_CASE("passphrase: what is typed is not shown, and the terminal is as before",
          "[fault][passphrase]") {
    const Dialogue given = talk({"correct horse battery\n"});
    CHECK(given.status == kGiven);
    CHECK(given.shown == "Words: \r\n");
    CHECK(talk({"correct horse batterx\n"}).status == kOther);
    for (const char* cancel : {"\x03", "corr\x03", "\x04"}) {
        CHECK(talk({cancel}).status == kCancelled);
    }
}

TEST_CASE("passphrase: a new one is asked for twice", "[fault][passphrase]") {
    CHECK(talk({"correct horse battery\n", "correct horse battery\n"}, true).status == kGiven);
    CHECK(talk({"correct horse battery\n", "correct horse batterx\n"}, true).status == kOther);
    CHECK(talk({"short\n"}, true).status == kOther);
}

TEST_CASE("passphrase: it is gone from the environment once taken", "[fault][passphrase]") {
    REQUIRE(::setenv("PDX_TEST_PASSPHRASE", "correct horse battery", 1) == 0);
    const char* const place = std::getenv("PDX_TEST_PASSPHRASE");
    const auto taken = cli::take_from_environment("PDX_TEST_PASSPHRASE");
    REQUIRE(taken);
    CHECK(as_text(taken->view()) == "correct horse battery");
    CHECK(std::getenv("PDX_TEST_PASSPHRASE") == nullptr);
    CHECK(std::string(place) == "");  // wiped where it stood
    CHECK_FALSE(cli::take_from_environment("PDX_TEST_PASSPHRASE"));
}
