#include "ledger/verify_command.h"

#include <unistd.h>

#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "marketplace/cli/commands.h"

namespace pdx::cli {

void add_verify_command(CLI::App& app, int& status) {
    auto* command = app.add_subcommand(
        "verify", "check a receipt or a downloaded ledger offline (the same as pdx-verify)");
    command->prefix_command();  // what follows is pdx-verify's own command line,
    command->set_help_flag();   // and so is --help
    command->callback([command, &status] {
        const std::vector<std::string> words = command->remaining();
        const std::vector<std::string_view> args(words.begin(), words.end());
        status = static_cast<int>(
            ledger::run_verify(args, std::cout, std::cerr, ::isatty(STDERR_FILENO) != 0));
    });
}

}  // namespace pdx::cli
