#pragma once
/// One command of `pdx` in this process: what it prints, and its exit status.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace pdx::test {

struct CommandResult {
    int status = -1;
    std::string printed;
};

/// `arguments` begin with the command's name. Throws: what the command throws.
inline CommandResult run_command(void (*add)(CLI::App&, int&), std::vector<std::string> arguments) {
    CLI::App app;
    CommandResult result;
    add(app, result.status);
    std::ostringstream printed;
    std::streambuf* const console = std::cout.rdbuf(printed.rdbuf());
    std::reverse(arguments.begin(), arguments.end());  // as CLI::App takes them
    try {
        app.parse(arguments);
    } catch (...) {
        std::cout.rdbuf(console);
        throw;
    }
    std::cout.rdbuf(console);
    result.printed = printed.str();
    return result;
}

}  // namespace pdx::test
