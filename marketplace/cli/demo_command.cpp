#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/error.h"
#include "ledger/verify_command.h"
#include "marketplace/cli/commands.h"
#include "marketplace/cli/exchange.h"
#include "marketplace/cli/log_download.h"
#include "marketplace/cli/serve_options.h"
#include "marketplace/cli/signals.h"
#include "marketplace/cli/story.h"

namespace pdx::cli {
namespace {

struct DemoOptions {
    Settings settings;
    bool once = false;
    bool no_story = false;
};

std::filesystem::path accounts_file(const Settings& settings) {
    return settings.data / "demo-accounts.json";
}

void save_accounts(const Settings& settings, const Story& story) {
    nlohmann::json accounts = nlohmann::json::array();
    for (const auto& [alias, actor] : story.cast()) {
        accounts.push_back({{"alias", alias},
                            {"name_zh", actor.name_zh},
                            {"name_en", actor.name_en},
                            {"role", actor.role},
                            {"party_id", actor.party_id},
                            {"token", actor.token}});
    }
    const auto path = accounts_file(settings);
    std::ofstream file(path);
    std::filesystem::permissions(
        path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    file << accounts.dump(2) << "\n";
}

std::string read_admin_token(const Settings& settings) {
    std::ifstream file(settings.data / "admin-token");
    std::string token;
    std::getline(file, token);
    return token;
}

void print_accounts(const Settings& settings) {
    std::ifstream file(accounts_file(settings));
    if (!file) return;
    const nlohmann::json accounts = nlohmann::json::parse(file);
    std::cout << "\nDemo accounts (invented; their keys and tokens lie in "
              << settings.data.string() << ")\n";
    for (const auto& account : accounts) {
        std::cout << "  " << account.at("role").get<std::string>() << "  "
                  << account.at("name_en").get<std::string>() << "\n      "
                  << account.at("token").get<std::string>() << "\n";
    }
    std::cout << "  exchange_admin  The exchange\n      " << read_admin_token(settings) << "\n";
}

void print_next_steps(const Settings& settings, std::uint16_t port) {
    const std::string url = "http://" + settings.address + ":" + std::to_string(port);
    const std::string data = settings.data.string();
    std::cout << "\nThe exchange is at " << url << "  (open it in a browser)\n"
              << "\nThree things to try next:\n"
              << "  curl -sG " << url << "/api/v1/resources --data-urlencode 'q=企业'\n"
              << "  curl -s " << url << "/api/v1/receipts/0 -o receipt && build/release/pdx-verify "
              << "receipt receipt --key @" << data << "/ledger.vkey\n"
              << "  build/release/pdx ledger export --url " << url << " " << data
              << "/ledger && build/release/pdx-verify log " << data << "/ledger --key @" << data
              << "/ledger.vkey\n"
              << std::flush;
}

void print_farewell(const Settings& settings) {
    const std::string data = settings.data.string();
    std::cout << "\nThe exchange has stopped; everything is in " << data
              << ". Two things to try next:\n"
              << "  build/release/pdx-verify log " << data << "/demo-ledger --key @" << data
              << "/ledger.vkey\n"
              << "  build/release/pdx demo --data " << data << "      start it again, and stay up\n"
              << std::flush;
}

/// The auditor's last step: download the ledger and verify it as a stranger would.
bool verify_offline(const Settings& settings, std::uint16_t port, const std::string& vkey) {
    const auto folder = settings.data / "demo-ledger";
    download_log({{settings.address, port, false}, {}}, folder);
    const std::string path = folder.string();
    const std::array<std::string_view, 4> args{"log", path, "--key", vkey};
    return ledger::run_verify(args, std::cout, std::cerr, false) == ledger::VerifyExit::kOk;
}

/// True when the story was played and everything in it verified.
bool play_story(const Settings& settings, const Exchange& exchange) {
    const auto begin = std::chrono::steady_clock::now();
    Story story({settings.address, exchange.port(), exchange.first_token().value(), settings.origin,
                 settings.data},
                std::cout);
    story.play();
    save_accounts(settings, story);
    const bool verified = verify_offline(settings, exchange.port(), exchange.vkey());
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    std::cout << "The story took " << elapsed.count() << " ms.\n";
    return verified;
}

}  // namespace

void add_demo_command(CLI::App& app, int& status) {
    auto* command = app.add_subcommand(
        "demo", "serve an embedded exchange, play the main story against it, stay up");
    auto options = std::make_shared<DemoOptions>();
    options->settings.data = "data/demo";
    options->settings.rules = "demo";
    options->settings.quiet_log = true;
    add_serve_options(*command, options->settings);
    command->add_flag("--once", options->once, "end after the story");
    command->add_flag("--no-story", options->no_story, "only serve");
    command->callback([options, &status] {
        block_stop_signals();
        Settings& settings = options->settings;
        Exchange exchange(settings);
        if (options->no_story) {
            std::cout << "No story was asked for.\n";
        } else if (exchange.first_token()) {
            if (!play_story(settings, exchange)) status = kExitNotVerified;
        } else {
            std::cout << "This exchange has a history already; it goes on where it was.\n";
        }
        print_accounts(settings);
        if (!options->once) {
            print_next_steps(settings, exchange.port());
            wait_for_stop_signal();
        }
        exchange.stop();
        if (options->once) print_farewell(settings);
    });
}

}  // namespace pdx::cli
