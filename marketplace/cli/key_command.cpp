#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "marketplace/cli/commands.h"
#include "marketplace/cli/key_file.h"
#include "marketplace/domain/contract.h"

namespace pdx::cli {
namespace {

struct KeyOptions {
    std::string file;
    std::string key;
    std::string key_file;
    std::string new_key_file;
    std::string origin;
    bool seal = false;
    bool json = false;
};

void add_key_file_option(CLI::App& command, KeyOptions& options) {
    command
        .add_option("--key-file", options.key_file,
                    "file of 32 bytes that seals and opens keys, instead of a passphrase")
        ->envname("PDX_KEY_FILE");
}

std::string read_text(const std::string& path) {
    if (path == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw invalid("file.unreadable", {"This file cannot be read.", "无法读取该文件。"},
                      {.pointer = path});
    }
    return {std::istreambuf_iterator<char>(file), {}};
}

void print_public_key(const SigningKey& key, const KeyOptions& options) {
    const std::string text = to_base64(key.public_key().value);
    if (options.json) {
        std::cout << nlohmann::json{{"public_key", text}, {"file", options.file}}.dump() << "\n";
    } else {
        std::cout << text << "\n";
    }
}

void add_key_new(CLI::App& key, int& status) {
    auto options = std::make_shared<KeyOptions>();
    auto* fresh = key.add_subcommand("new", "make a key; prints the public part in base64");
    fresh->add_option("FILE", options->file, "where the private key goes (mode 0600)")->required();
    fresh->add_flag("--seal", options->seal, "seal it: it is never on the disk in plain");
    add_key_file_option(*fresh, *options);
    fresh->add_flag("--json", options->json, "print JSON");
    fresh->callback([options, &status] {
        KeySealing sealing(options->key_file);
        print_public_key(create_signing_key(options->file, options->seal ? &sealing : nullptr),
                         *options);
        status = 0;
    });
}

void add_key_show(CLI::App& key, int& status) {
    auto options = std::make_shared<KeyOptions>();
    auto* show = key.add_subcommand("show", "print the public part of a key");
    show->add_option("FILE", options->file, "the private key")->required();
    add_key_file_option(*show, *options);
    show->add_flag("--json", options->json, "print JSON");
    show->callback([options, &status] {
        KeySealing sealing(options->key_file);
        print_public_key(load_signing_key(options->file, sealing), *options);
        status = 0;
    });
}

/// `seal`, `unseal` and `rewrap` differ in what they do to the file.
CLI::App* add_key_change(CLI::App& key, const char* name, const char* help, int& status,
                         const std::shared_ptr<KeyOptions>& options,
                         void (*change)(const KeyOptions& options)) {
    auto* command = key.add_subcommand(name, help);
    command->add_option("FILE", options->file, "the private key, changed in place")->required();
    add_key_file_option(*command, *options);
    command->callback([options, change, &status] {
        change(*options);
        status = 0;
    });
    return command;
}

void seal(const KeyOptions& options) {
    KeySealing sealing(options.key_file);
    seal_file(options.file, sealing);
    std::cout << "The key is sealed. What was on the disk before may still be found there by\n"
                 "somebody who has the disk; a key that was ever shared is to be replaced.\n";
}

void unseal(const KeyOptions& options) {
    KeySealing sealing(options.key_file);
    unseal_file(options.file, sealing);
    std::cout << "The key is plain now, protected by its mode 0600 alone.\n";
}

void rewrap(const KeyOptions& options) {
    KeySealing before(options.key_file);
    KeySealing after(options.new_key_file, kNewPassphraseVariable);
    rewrap_file(options.file, before, after);
    std::cout << "The key is sealed anew.\n";
}

void add_sign(CLI::App& app, int& status) {
    auto options = std::make_shared<KeyOptions>();
    auto* sign = app.add_subcommand("sign", "sign a contract text with a party's key");
    sign->add_option("TEXT", options->file,
                     "the contract's text, as /contracts/{id}/text gives it; - reads it here")
        ->required();
    sign->add_option("--key", options->key, "the party's private key")->required();
    add_key_file_option(*sign, *options);
    sign->add_option("--origin", options->origin, "name of the exchange's ledger")->required();
    sign->add_flag("--json", options->json, "print the body for POST /contracts/{id}/signatures");
    sign->callback([options, &status] {
        KeySealing sealing(options->key_file);
        const SigningKey signer = load_signing_key(options->key, sealing);
        const std::string message =
            domain::contract_signing_message(options->origin, read_text(options->file));
        const std::string signature = to_base64(signer.sign(as_bytes(message)));
        if (options->json) {
            std::cout << nlohmann::json{{"public_key", to_base64(signer.public_key().value)},
                                        {"signature", signature}}
                             .dump()
                      << "\n";
        } else {
            std::cout << signature << "\n";
        }
        status = 0;
    });
}

}  // namespace

void add_key_commands(CLI::App& app, int& status) {
    auto* key = app.add_subcommand("key", "signing keys: make, show, seal");
    key->require_subcommand(1);
    key->footer(
        "A sealed key opens with a passphrase (PDX_KEY_PASSPHRASE, or asked for on a terminal)\n"
        "or with --key-file. Any key file of an exchange or a party can be sealed.");
    add_key_new(*key, status);
    add_key_show(*key, status);
    add_key_change(*key, "seal", "encrypt a plain key file", status, std::make_shared<KeyOptions>(),
                   seal);
    add_key_change(*key, "unseal", "make a sealed key file plain", status,
                   std::make_shared<KeyOptions>(), unseal);
    const auto options = std::make_shared<KeyOptions>();
    auto* wrap = add_key_change(*key, "rewrap",
                                "change the passphrase or key file of a sealed key; the new "
                                "passphrase from PDX_KEY_PASSPHRASE_NEW or asked for",
                                status, options, rewrap);
    wrap->add_option("--new-key-file", options->new_key_file,
                     "file of 32 bytes that opens it from now on");
    add_sign(app, status);
}

}  // namespace pdx::cli
