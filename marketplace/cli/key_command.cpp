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
    std::string origin;
    bool json = false;
};

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

}  // namespace

void add_key_commands(CLI::App& app, int& status) {
    auto options = std::make_shared<KeyOptions>();
    auto* key = app.add_subcommand("key", "signing keys of a party");
    key->require_subcommand(1);
    auto* fresh = key->add_subcommand("new", "make a key; prints the public part in base64");
    fresh->add_option("FILE", options->file, "where the private key goes (mode 0600)")->required();
    fresh->add_flag("--json", options->json, "print JSON");
    fresh->callback([options, &status] {
        print_public_key(create_signing_key(options->file), *options);
        status = 0;
    });
    auto* show = key->add_subcommand("show", "print the public part of a key");
    show->add_option("FILE", options->file, "the private key")->required();
    show->add_flag("--json", options->json, "print JSON");
    show->callback([options, &status] {
        print_public_key(load_signing_key(options->file), *options);
        status = 0;
    });

    auto* sign = app.add_subcommand("sign", "sign a contract text with a party's key");
    sign->add_option("TEXT", options->file,
                     "the contract's text, as /contracts/{id}/text gives it; - reads it here")
        ->required();
    sign->add_option("--key", options->key, "the party's private key")->required();
    sign->add_option("--origin", options->origin, "name of the exchange's ledger")->required();
    sign->add_flag("--json", options->json, "print the body for POST /contracts/{id}/signatures");
    sign->callback([options, &status] {
        const SigningKey signer = load_signing_key(options->key);
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

}  // namespace pdx::cli
