#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "ledger/store/fsck.h"
#include "marketplace/cli/audit_options.h"
#include "marketplace/cli/commands.h"
#include "marketplace/cli/progress.h"
#include "marketplace/cli/readable_log.h"

namespace pdx::cli {
namespace {

using nlohmann::json;

struct FsckOptions : AuditOptions {
    std::vector<std::string> old_keys;
};

void tell(const ledger::Fsck& fsck, const std::string& log) {
    std::cout << log << ": " << fsck.entries() << " entries, " << fsck.tiles() << " tiles, "
              << fsck.checkpoints() << " checkpoints checked: ";
    if (fsck.faults().empty()) {
        std::cout << "everything agrees, from the bytes to the signature\n";
        return;
    }
    const bool stopped = fsck.faults().size() >= ledger::Fsck::kFaultsMax;
    std::cout << (stopped ? "stopped after " : "") << fsck.faults().size()
              << (fsck.faults().size() == 1 ? " fault\n" : " faults\n");
    for (const ledger::FsckFault& fault : fsck.faults()) std::cout << "  " << fault.text() << "\n";
}

json to_json(const ledger::Fsck& fsck, const std::string& log) {
    json faults = json::array();
    for (const ledger::FsckFault& fault : fsck.faults()) {
        json row{{"check", fault.check}, {"place", fault.place}, {"detail", fault.detail}};
        if (fault.entry) row["entry"] = *fault.entry;
        faults.push_back(std::move(row));
    }
    return {{"log", log},
            {"size", fsck.size()},
            {"entries", fsck.entries()},
            {"tiles", fsck.tiles()},
            {"checkpoints", fsck.checkpoints()},
            {"ok", fsck.faults().empty()},
            {"faults", std::move(faults)}};
}

int run_fsck(const FsckOptions& options) {
    const AuditedDatabase audited = open_audited(options);
    std::vector<ledger::NoteVerifier> keys{audited.key};
    for (const std::string& key : options.old_keys) keys.push_back(read_vkey(key));
    ledger::Fsck fsck(std::move(keys));
    {
        ProgressBar bar("Checking");
        while (fsck.step(*audited.connection)) bar.update(fsck.entries(), fsck.size());
    }
    if (options.json) {
        std::cout << to_json(fsck, audited.key.name()).dump() << "\n";
    } else {
        tell(fsck, audited.key.name());
    }
    return fsck.faults().empty() ? 0 : kExitNotVerified;
}

}  // namespace

void add_audit_fsck(CLI::App& audit, int& status) {
    auto* command = audit.add_subcommand(
        "fsck", "check the stored ledger from the bytes of each entry up to the signature");
    auto options = std::make_shared<FsckOptions>();
    add_audit_options(*command, *options);
    command->add_option("--old-key", options->old_keys,
                        "a verifier key that signed earlier checkpoints, or @FILE");
    command->callback([options, &status] { status = run_fsck(*options); });
}

}  // namespace pdx::cli
