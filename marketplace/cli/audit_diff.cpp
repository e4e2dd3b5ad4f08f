#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "marketplace/cli/audit_options.h"
#include "marketplace/cli/commands.h"
#include "marketplace/cli/log_diff.h"

namespace pdx::cli {
namespace {

using nlohmann::json;

struct DiffOptions {
    std::string a;
    std::string b;
    std::string key;
    bool json = false;
};

json to_json(const LogSide& side, const std::string& place) {
    return {{"log", place},
            {"origin", side.checkpoint.origin},
            {"size", side.checkpoint.size},
            {"signed", side.is_signed ? json(*side.is_signed) : json()},
            {"tiles_agree", side.tiles_agree},
            {"entry", side.entry ? json(*side.entry) : json()}};
}

void tell(const LogSide& side, const std::string& place) {
    std::cout << place << ": " << side.checkpoint.size << " entries, "
              << (!side.is_signed   ? "signature not checked"
                  : *side.is_signed ? "signed by the key"
                                    : "NOT signed by the key")
              << (side.tiles_agree ? "" : ", its tiles do NOT lead to its root") << "\n";
}

void tell(const LogDifference& difference, const DiffOptions& options) {
    tell(difference.a, options.a);
    tell(difference.b, options.b);
    std::cout << "they begin with the same " << difference.common << " entries\n";
    if (!difference.forked()) {
        const bool equal = difference.a.checkpoint.size == difference.b.checkpoint.size;
        std::cout << (equal ? "and are equal\n" : "and one goes on where the other ends\n");
        return;
    }
    std::cout << "entry " << difference.common << " differs:\n< " << difference.a.entry.value_or("")
              << "\n> " << difference.b.entry.value_or("") << "\n";
    std::cout << (difference.is_evidence()
                      ? "both are signed by one key: this is evidence of a fork, keep both\n"
                      : "this is no proof against anybody: not both are signed by the key\n");
}

int diff(const DiffOptions& options) {
    std::optional<ledger::NoteVerifier> key;
    if (!options.key.empty()) key = read_vkey(options.key);
    const auto a = open_log(options.a);
    const auto b = open_log(options.b);
    const LogDifference difference = compare_logs(*a, *b, key);
    if (options.json) {
        std::cout << json{{"a", to_json(difference.a, options.a)},
                          {"b", to_json(difference.b, options.b)},
                          {"common", difference.common},
                          {"forked", difference.forked()},
                          {"evidence", difference.is_evidence()}}
                         .dump(-1, ' ', false, json::error_handler_t::replace)
                  << "\n";
    } else {
        tell(difference, options);
    }
    const bool sound = difference.a.tiles_agree && difference.b.tiles_agree &&
                       difference.a.is_signed.value_or(true) &&
                       difference.b.is_signed.value_or(true);
    return difference.forked() || !sound ? kExitNotVerified : 0;
}

}  // namespace

void add_audit_diff(CLI::App& audit, int& status) {
    auto* command = audit.add_subcommand("diff", "where two logs part");
    auto options = std::make_shared<DiffOptions>();
    command->add_option("A", options->a, "address or folder of a log")->required();
    command->add_option("B", options->b, "address or folder of the other")->required();
    command->add_option("--key", options->key, "the verifier key of both, or @FILE");
    command->add_flag("--json", options->json, "print JSON");
    command->callback([options, &status] { status = diff(*options); });
}

}  // namespace pdx::cli
