#include <unistd.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "marketplace/cli/commands.h"
#include "marketplace/cli/policy_file.h"
#include "marketplace/cli/signals.h"
#include "marketplace/cli/witness_server.h"

namespace pdx::cli {
namespace {

struct WitnessOptions {
    WitnessSettings settings;
    std::vector<std::string> logs;
    std::string policy;
    bool json = false;
};

void add_log(ledger::WitnessedLogs& logs, const ledger::NoteVerifier& key) {
    logs[key.name()].push_back(key);
}

void add_logs(WitnessOptions& options) {
    for (const std::string& vkey : options.logs) {
        const auto key = ledger::NoteVerifier::parse(vkey);
        if (!key || !key->key().signs_logs()) {
            throw invalid("witness.log_key", {"--log takes a log's verifier key, name+id+base64.",
                                              "--log 应为账本公钥（name+id+base64）。"});
        }
        add_log(options.settings.logs, *key);
    }
    if (options.policy.empty()) return;
    for (const ledger::PolicyLog& log : load_policy(options.policy).logs) {
        add_log(options.settings.logs, log.key);
    }
}

void announce(const WitnessOptions& options, const WitnessServer& witness) {
    const std::string url =
        "http://" + options.settings.address + ":" + std::to_string(witness.port()) + "/witness";
    if (options.json) {
        std::cout << nlohmann::json{{"url", url}, {"vkey", witness.vkey()}}.dump() << "\n";
    } else {
        std::cout << "The witness is at " << url << "\nA policy names it as\n  witness NAME "
                  << witness.vkey() << " " << url << "\n";
    }
    std::cout << std::flush;
}

}  // namespace

void add_witness_command(CLI::App& app, int& status) {
    auto* command = app.add_subcommand("witness", "cosign the checkpoints of other ledgers");
    auto options = std::make_shared<WitnessOptions>();
    WitnessSettings& settings = options->settings;
    settings.readable_log = ::isatty(STDERR_FILENO) != 0;
    command->add_option("--data", settings.data, "folder for the key and the embedded database")
        ->capture_default_str();
    command->add_option("--db", settings.database, "database URL, as of pdx serve")
        ->envname("PDX_DATABASE");
    command->add_option(
        "--key-file", settings.key_file,
        "file with 32 bytes that opens the sealed key; else PDX_KEY_PASSPHRASE or a prompt");
    command->add_option("--name", settings.name, "name of the witness and its key, for good")
        ->required();
    command->add_option("--log", options->logs, "verifier key of a log to witness; may repeat");
    command->add_option("--policy", options->policy, "tlog-policy file whose logs to witness");
    command->add_option("--address", settings.address, "address to listen on")
        ->capture_default_str();
    command->add_option("--port", settings.port, "port; 0 takes a free one")
        ->check(CLI::Range(0, 65535))
        ->capture_default_str();
    command->add_flag("--json", options->json, "say where it is as one line of JSON");
    command->callback([options, &status] {
        block_stop_signals();
        add_logs(*options);
        WitnessServer witness(options->settings);
        announce(*options, witness);
        wait_for_stop_signal();
        witness.stop();
        status = 0;
    });
}

}  // namespace pdx::cli
