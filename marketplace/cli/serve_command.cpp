#include <unistd.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "marketplace/cli/commands.h"
#include "marketplace/cli/exchange.h"
#include "marketplace/cli/patterns_file.h"
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

void warn_of_lost_record(const Exchange& exchange) {
    if (const auto notice = exchange.record_notice()) {
        std::cerr << "Attention: " << notice->en << "\n注意：" << notice->zh << "\n";
    }
}

void warn_of_plain_keys(const Settings& settings, const Exchange& exchange) {
    if (exchange.keys_sealed()) return;
    const std::string keys = (settings.data / "keys").string();
    std::cerr
        << "Attention: the private keys in " << keys
        << " are plain files, protected by their mode\n"
           "0600 alone. That is for a demonstration only. To seal them, stop and run for each "
           "file:\n  pdx key seal FILE\n"
           "注意：私钥未封存，仅以文件权限保护，只适用于演示。停机后请逐一执行：pdx key seal "
           "文件\n";
}

/// One line, printed once requests are taken: what a script waits for.
void announce_json(const Settings& settings, const Exchange& exchange) {
    const std::string url = "http://" + settings.address + ":" + std::to_string(exchange.port());
    std::cout << nlohmann::json{{"url", url},
                                {"address", settings.address},
                                {"port", exchange.port()},
                                {"first_start", exchange.first_token().has_value()},
                                {"keys_sealed", exchange.keys_sealed()},
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
    command
        .add_option("--key-file", settings.key_file,
                    "file of 32 bytes that opens the sealed keys in DATA/keys; without it the\n"
                    "passphrase in PDX_KEY_PASSPHRASE does, or it is asked for")
        ->envname("PDX_KEY_FILE");
    command.add_flag("--sm2", settings.sm2,
                     "sign checkpoints with SM2/SM3, too; the key is made and named by the ledger");
    command.add_option("--export", settings.export_folder,
                       "folder of an export of this ledger: an older database is refused");
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
    command
        .add_option_function<std::int64_t>(
            "--delivery-minutes",
            [&settings](std::int64_t minutes) {
                settings.delivery_time_max = std::chrono::minutes(minutes);
            },
            "how long one delivery may take; longer ones fail and publish nothing")
        ->check(CLI::Range(1, 1'440))
        ->default_str("60");
    add_patterns_option(command, settings.patterns);
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
        warn_of_lost_record(exchange);
        warn_of_plain_keys(options->settings, exchange);
        wait_for_stop_signal();
        exchange.stop();
        status = 0;
    });
}

}  // namespace pdx::cli
