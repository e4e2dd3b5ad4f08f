#pragma once
/// Runs the writer under strace, which says each call that it makes on some files, and can make one
/// of them fail.
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pdx::test {

struct TracedCall {
    std::string name;       ///< "pwrite64"
    unsigned number = 0;    ///< which of this name, from 1: how strace counts
    std::string file;       ///< the name of the file that it is about, without its folder
    std::string arguments;  ///< as strace prints them
    std::string result;     ///< "0", "-1 EIO (Input/output error) (INJECTED)", "?"

    bool is_injected() const { return result.find("(INJECTED)") != std::string::npos; }
    /// False when the process was killed before the call did anything.
    bool returned() const { return !result.starts_with('?'); }
    bool succeeded() const { return returned() && !result.starts_with('-'); }
};

/// Reads what strace wrote; other lines are passed over.
std::vector<TracedCall> read_trace(const std::filesystem::path& log,
                                   const std::vector<std::filesystem::path>& files);

struct ProgramRun {
    std::vector<std::string> command;
    std::filesystem::path out;     ///< gets its standard output
    std::filesystem::path errors;  ///< gets its standard error
};

/// Returns: what waitpid() says. A child does not outlive the test.
int run_program(const ProgramRun& run);

/// The words that go before a command. `inject`: expressions of strace's -e inject.
std::vector<std::string> traced(const std::filesystem::path& log,
                                const std::vector<std::filesystem::path>& files,
                                const std::vector<std::string>& inject);

/// Why strace cannot trace here; nullopt when it can.
std::optional<std::string> why_not_traced();

}  // namespace pdx::test
