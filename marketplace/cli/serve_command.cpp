#include <unistd.h>

#include <iostream>
#include <memory>

#include "marketplace/cli/commands.h"
#include "marketplace/cli/exchange.h"
#include "marketplace/cli/serve_options.h"
#include "marketplace/cli/signals.h"

namespace pdx::cli {

void add_serve_options(CLI::App& command, Settings& settings) {
    command.add_option("--data", settings.data, "folder for keys, blobs and the embedded database")
        ->capture_default_str();
    command
        .add_option(
            "--db", settings.database,
            "database: sqlite:PATH or mysql://USER[:PASSWORD]@HOST[:PORT]/NAME[?socket=PATH]")
        ->envname("PDX_DATABASE");
    command.add_option("--address", settings.address, "address to listen on")
        ->capture_default_str();
    command.add_option("--port", settings.port, "port; 0 takes a free one")->capture_default_str();
    command.add_option("--origin", settings.origin, "name of the ledger, for good")
        ->capture_default_str();
    command.add_option("--rules", settings.rules, "rule profile for new decisions")
        ->capture_default_str();
    command.add_option("--connections", settings.connections_max, "most connections at a time")
        ->capture_default_str();
}

void add_serve_command(CLI::App& app, int& status) {
    auto* command = app.add_subcommand("serve", "serve the exchange");
    auto settings = std::make_shared<Settings>();
    settings->readable_log = ::isatty(STDERR_FILENO) != 0;
    add_serve_options(*command, *settings);
    command->callback([settings, &status] {
        block_stop_signals();
        Exchange exchange(*settings);
        std::cout << "The exchange is at http://" << settings->address << ":" << exchange.port()
                  << "\n";
        if (exchange.first_token()) {
            std::cout << "First start: the administrator's token is in "
                      << (settings->data / "admin-token").string() << " (readable by you only)\n";
        }
        std::cout << std::flush;
        wait_for_stop_signal();
        exchange.stop();
        status = 0;
    });
}

}  // namespace pdx::cli
