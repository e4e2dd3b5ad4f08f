#include <unistd.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "marketplace/cli/commands.h"
#include "marketplace/cli/exchange.h"
#include "marketplace/cli/serve_options.h"
#include "marketplace/cli/signals.h"

namespace pdx::cli {

namespace {

struct ServeOptions {
    Settings settings;
    bool json = false;
};

void announce(const Settings& settings, const Exchange& exchange) {
    std::cout << "The exchange is at http://" << settings.address << ":" << exchange.port() << "\n";
    if (exchange.first_token()) {
        std::cout << "First start: the administrator's token is in "
                  << (settings.data / "admin-token").string() << " (readable by you only)\n";
    }
    std::cout << std::flush;
}

/// One line, printed once requests are taken: what a script waits for.
void announce_json(const Settings& settings, const Exchange& exchange) {
    const std::string url = "http://" + settings.address + ":" + std::to_string(exchange.port());
    std::cout << nlohmann::json{{"url", url},
                                {"address", settings.address},
                                {"port", exchange.port()},
                                {"first_start", exchange.first_token().has_value()},
                                {"vkey", exchange.vkey()}}
                     .dump()
              << "\n"
              << std::flush;
}

}  // namespace

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
    command.add_option("--port", settings.port, "port; 0 takes a free one")
        ->check(CLI::Range(0, 65535))
        ->capture_default_str();
    command.add_option("--origin", settings.origin, "name of the ledger, for good")
        ->capture_default_str();
    command.add_option("--rules", settings.rules, "rule profile for new decisions")
        ->capture_default_str();
    command.add_option("--policy", settings.policy,
                       "tlog-policy file: the witnesses to show every checkpoint to");
    command.add_flag("--publish-unwitnessed", settings.publish_unwitnessed,
                     "serve the newest checkpoint without waiting for the policy's quorum");
    command
        .add_option_function<std::int64_t>(
            "--patrol-ms",
            [&settings](std::int64_t pause) {
                settings.patrol_pause = std::chrono::milliseconds(pause);
            },
            "pause between two pieces of the background check of the ledger; 0: no check")
        ->check(CLI::Range(0, 3'600'000))
        ->default_str("100");
    command.add_option("--connections", settings.connections_max, "most connections at a time")
        ->capture_default_str();
}

void add_serve_command(CLI::App& app, int& status) {
    auto* command = app.add_subcommand("serve", "serve the exchange");
    auto options = std::make_shared<ServeOptions>();
    options->settings.readable_log = ::isatty(STDERR_FILENO) != 0;
    add_serve_options(*command, options->settings);
    command->add_flag("--json", options->json, "say where it is as one line of JSON");
    command->callback([options, &status] {
        block_stop_signals();
        Exchange exchange(options->settings);
        (options->json ? announce_json : announce)(options->settings, exchange);
        wait_for_stop_signal();
        exchange.stop();
        status = 0;
    });
}

}  // namespace pdx::cli
