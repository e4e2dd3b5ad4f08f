#include <chrono>
#include <exception>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "base/time.h"
#include "marketplace/cli/audit_options.h"
#include "marketplace/cli/commands.h"
#include "marketplace/cli/log_monitor.h"

namespace pdx::cli {
namespace {

struct WatchOptions {
    std::string log;
    std::string key;
    std::string state = "pdx-watch";
    std::int64_t interval_s = 10;
    bool once = false;
    bool json = false;
};

void tell(const Observation& seen, bool as_json) {
    const std::string now = SystemClock{}.now().rfc3339();
    if (as_json) {
        nlohmann::json line{{"ts", now},
                            {"view", to_string(seen.view)},
                            {"alert", is_alert(seen.view)},
                            {"old_size", seen.old_size},
                            {"size", seen.size}};
        if (!seen.detail.empty()) line["detail"] = seen.detail;
        if (seen.evidence) line["evidence"] = seen.evidence->string();
        std::cout << line.dump() << std::endl;
        return;
    }
    std::cout << now << " " << (is_alert(seen.view) ? "ALERT " : "") << to_string(seen.view)
              << ", size " << seen.size;
    if (!seen.detail.empty()) std::cout << ": " << seen.detail;
    if (seen.evidence) std::cout << "; kept in " << seen.evidence->string();
    std::cout << std::endl;
}

int watch(const WatchOptions& options) {
    const auto log = open_log(options.log);
    LogMonitor monitor(*log, read_vkey(options.key), options.state);
    while (true) {
        try {
            const Observation seen = monitor.look();
            if (options.once || seen.view != LogView::kSame) tell(seen, options.json);
            if (is_alert(seen.view)) return kExitNotVerified;
            if (options.once) return 0;
        } catch (const std::exception& failure) {
            // A log that does not answer is no proof of anything; the next look may reach it.
            if (options.once) throw;
            std::cerr << "pdx: " << failure.what() << "\n";
        }
        std::this_thread::sleep_for(std::chrono::seconds(options.interval_s));
    }
}

}  // namespace

void add_audit_watch(CLI::App& audit, int& status) {
    auto* command = audit.add_subcommand(
        "watch", "follow a log, prove that it only grows, and keep the evidence when it does not");
    auto options = std::make_shared<WatchOptions>();
    command->add_option("LOG", options->log, "address of the log, or a folder")->required();
    command->add_option("--key", options->key, "the log's verifier key, or @FILE")->required();
    command->add_option("--state", options->state, "what the monitor remembers, and evidence")
        ->capture_default_str();
    command->add_option("--interval", options->interval_s, "seconds between two looks")
        ->check(CLI::Range(1, 86'400))
        ->capture_default_str();
    command->add_flag("--once", options->once, "look once");
    command->add_flag("--json", options->json, "print a line of JSON for each look");
    command->callback([options, &status] { status = watch(*options); });
}

}  // namespace pdx::cli
