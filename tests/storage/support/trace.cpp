#include "tests/storage/support/trace.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include "tests/support/temp_folder.h"

namespace pdx::test {
namespace {

/// A path stands in quotes, the path of an open file in angle brackets.
std::string file_of(const std::string& arguments, const std::vector<std::filesystem::path>& files) {
    for (const auto& file : files) {
        for (const char end : {'"', '>'}) {
            if (arguments.find(file.string() + end) != std::string::npos) return file.filename();
        }
    }
    return "";
}

/// In the child, between fork and exec: system calls only.
[[noreturn]] void become(char* const* arguments, const char* out, const char* errors) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int to = ::open(out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const int err = ::open(errors, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ::dup2(to, STDOUT_FILENO);
    ::dup2(err, STDERR_FILENO);
    ::execvp(arguments[0], arguments);
    ::_exit(127);
}

/// A leak checker cannot work in a process that is traced.
std::string sanitizer_options() {
    const char* given = std::getenv("ASAN_OPTIONS");  // NOLINT(concurrency-mt-unsafe)
    return "ASAN_OPTIONS=" + (given == nullptr ? "" : std::string(given) + ":") + "detect_leaks=0";
}

}  // namespace

std::vector<TracedCall> read_trace(const std::filesystem::path& log,
                                   const std::vector<std::filesystem::path>& files) {
    std::vector<TracedCall> calls;
    std::map<std::string, unsigned> numbers;
    std::ifstream lines(log);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t open = line.find('(');
        const std::size_t equals = line.rfind(" = ");
        if (open == std::string::npos || equals == std::string::npos || equals < open) continue;
        const std::size_t close = line.rfind(')', equals);
        TracedCall call;
        call.name = line.substr(0, open);
        call.number = ++numbers[call.name];
        call.arguments = line.substr(open + 1, close - open - 1);
        call.file = file_of(call.arguments, files);
        call.result = line.substr(equals + 3);
        calls.push_back(std::move(call));
    }
    return calls;
}

int run_program(const ProgramRun& run) {
    std::vector<std::string> words = run.command;
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const pid_t pid = ::fork();
    if (pid < 0) throw std::runtime_error("cannot fork");
    if (pid == 0) become(arguments.data(), run.out.c_str(), run.errors.c_str());
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

std::vector<std::string> traced(const std::filesystem::path& log,
                                const std::vector<std::filesystem::path>& files,
                                const std::vector<std::string>& inject) {
    std::vector<std::string> words{
        "strace",           "-qq", "-y", "-s", "0", "-e", "signal=none", "-o", log.string(), "-E",
        sanitizer_options()};
    for (const auto& file : files) words.insert(words.end(), {"-P", file.string()});
    for (const std::string& expression : inject) {
        words.insert(words.end(), {"-e", "inject=" + expression});
    }
    return words;
}

std::optional<std::string> why_not_traced() {
    const TempFolder folder("pdx-strace");
    const auto errors = folder.path() / "errors";
    const int status =
        run_program({{"strace", "-o", folder.file("log"), "true"}, folder.path() / "out", errors});
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return std::nullopt;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) return "strace is not installed";
    std::ifstream file(errors);
    return "strace cannot trace here: " + std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace pdx::test
