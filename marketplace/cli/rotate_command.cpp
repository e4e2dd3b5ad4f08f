#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "marketplace/cli/commands.h"
#include "marketplace/cli/key_rotation.h"

namespace pdx::cli {
namespace {

struct RotateOptions {
    Settings settings;
    bool finish = false;
    bool json = false;
};

void print(const Rotation& rotation, const RotateOptions& options) {
    if (options.json) {
        std::cout << nlohmann::json{{"key", rotation.key},
                                    {"key_file", rotation.key_file.string()},
                                    {"index", rotation.index},
                                    {"valid", rotation.valid}}
                         .dump()
                  << "\n";
        return;
    }
    if (options.finish) {
        std::cout << "Entry " << rotation.index << " retires the key\n  " << rotation.key
                  << "\nIt signs no longer. Destroy its private key: " << rotation.key_file.string()
                  << "\n";
    } else {
        std::cout << "Entry " << rotation.index << " adds the key\n  " << rotation.key
                  << "\nFrom the next start on both sign. Copy " << rotation.key_file.string()
                  << "\nto where the old key's copy is, give those who rely on the ledger the new "
                     "key\n(or the receipt of this entry, which the old key signed), and when they "
                     "have it:\n  pdx ledger rotate-key --finish\n";
    }
}

}  // namespace

void add_rotate_command(CLI::App& ledger, int& status) {
    auto* command = ledger.add_subcommand(
        "rotate-key", "let a new key take over from the ledger's present one; stop serve before");
    auto options = std::make_shared<RotateOptions>();
    Settings& settings = options->settings;
    command->add_option("--data", settings.data, "folder of the exchange")->capture_default_str();
    command->add_option("--db", settings.database, "database, as for serve")
        ->envname("PDX_DATABASE");
    command->add_option("--origin", settings.origin, "name of the ledger")->capture_default_str();
    command
        ->add_option("--key-file", settings.key_file,
                     "file of 32 bytes that opens the sealed keys, instead of a passphrase")
        ->envname("PDX_KEY_FILE");
    command->add_option("--export", settings.export_folder, "as for serve");
    command->add_flag("--finish", options->finish, "end it: the old key signs no longer");
    command->add_flag("--json", options->json, "print JSON");
    command->footer(
        "Begin: a new key is made, an entry under the old key names it, both sign.\n"
        "Finish: an entry retires the old key. Killed anywhere, it can be given again.");
    command->callback([options, &status] {
        print(options->finish ? finish_key_rotation(options->settings)
                              : begin_key_rotation(options->settings),
              *options);
        status = 0;
    });
}

}  // namespace pdx::cli
