#include "marketplace/cli/key_file.h"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>

#include "base/error.h"
#include "base/sealed_key.h"
#include "marketplace/cli/exchange.h"
#include "marketplace/cli/passphrase.h"
#include "tests/support/catch.h"
#include "tests/support/quiet_settings.h"
#include "tests/support/temp_folder.h"

using namespace pdx;

namespace {

std::string read_key_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Writes a file that only its owner may read.
void write_key_text(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
    REQUIRE(::chmod(path.c_str(), 0600) == 0);
}

void set_passphrase(const char* words) {
    REQUIRE(::setenv(cli::kPassphraseVariable, words, 1) == 0);
}

std::string key_refusal(const std::function<void()>& act) {
    try {
        act();
    } catch (const Error& error) {
        CHECK_FALSE(error.text().en.empty());
        CHECK_FALSE(error.text().zh.empty());
        return error.code();
    }
    return "none";
}

/// A key file of a folder and what seals with it.
struct KeyFolder {
    test::TempFolder folder{"pdx-key-file"};
    std::filesystem::path seal_with = folder.path() / "seal.key";
    std::filesystem::path key = folder.path() / "party.key";

    KeyFolder() { write_key_text(seal_with, std::string(kSealKeyFileBytes, 's')); }
};

}  // namespace

TEST_CASE("key file: plain, sealed, rewrapped and plain again it is the same key",
          "[flow][key_file]") {
    const KeyFolder at;
    const PublicKey party = cli::create_signing_key(at.key).public_key();
    const std::string plain = read_key_text(at.key);
    cli::KeySealing with_file(at.seal_with);
    const auto opens = [&](cli::KeySealing& sealing) {
        return cli::load_signing_key(at.key, sealing).public_key() == party;
    };
    CHECK(opens(with_file));
    CHECK_FALSE(cli::is_sealed_file(at.key));
    CHECK(key_refusal([&] { cli::unseal_file(at.key, with_file); }) == "key_file.plain");

    cli::seal_file(at.key, with_file);
    CHECK(cli::is_sealed_file(at.key));
    CHECK(read_key_text(at.key).starts_with("pdx-sealed-key v1 key-file "));
    CHECK(read_key_text(at.key).find(plain.substr(0, 16)) == std::string::npos);
    CHECK(opens(with_file));
    CHECK(key_refusal([&] { cli::seal_file(at.key, with_file); }) == "key_file.sealed");

    set_passphrase("correct horse battery");
    cli::KeySealing with_words;
    CHECK(std::getenv(cli::kPassphraseVariable) == nullptr);
    cli::rewrap_file(at.key, with_file, with_words);
    CHECK(read_key_text(at.key).starts_with("pdx-sealed-key v1 argon2id "));
    CHECK(opens(with_words));
    cli::unseal_file(at.key, with_words);
    CHECK(read_key_text(at.key) == plain);
}

TEST_CASE("key file: what does not open it is said, and nothing is changed", "[flow][key_file]") {
    const KeyFolder at;
    set_passphrase("correct horse battery");
    cli::KeySealing words;
    cli::create_signing_key(at.key, &words);
    CHECK(cli::is_sealed_file(at.key));
    const std::string before = read_key_text(at.key);
    const auto load = [&](cli::KeySealing& sealing) {
        return key_refusal([&] { cli::load_signing_key(at.key, sealing); });
    };
    set_passphrase("correct horse batterx");
    cli::KeySealing wrong;
    CHECK(load(wrong) == "key_file.wrong_passphrase");
    CHECK(key_refusal([&] { cli::unseal_file(at.key, wrong); }) == "key_file.wrong_passphrase");
    CHECK(key_refusal([&] { cli::rewrap_file(at.key, wrong, words); }) ==
          "key_file.wrong_passphrase");
    set_passphrase("short");
    cli::KeySealing brief;
    CHECK(key_refusal([&] { cli::rewrap_file(at.key, words, brief); }) == "passphrase.short");
    CHECK(read_key_text(at.key) == before);

    cli::KeySealing file(at.seal_with);
    cli::rewrap_file(at.key, words, file);
    write_key_text(at.seal_with, std::string(kSealKeyFileBytes, 't'));
    CHECK(load(file) == "key_file.wrong_key_file");
    CHECK(load(words) == "key_file.no_key_file");
    for (const std::size_t size : {0U, 31U, 33U}) {
        write_key_text(at.seal_with, std::string(size, 's'));
        CHECK(load(file) == "key_file.length");
    }
}

TEST_CASE("key file: others' eyes and damaged contents are refused", "[flow][key_file]") {
    const KeyFolder at;
    cli::KeySealing sealing(at.seal_with);
    cli::create_signing_key(at.key, &sealing);
    const auto load = [&] { return key_refusal([&] { cli::load_signing_key(at.key, sealing); }); };
    for (const mode_t mode : {0644U, 0640U, 0604U, 0660U, 0601U}) {
        REQUIRE(::chmod(at.key.c_str(), mode) == 0);
        CHECK(load() == "key_file.mode");
    }
    REQUIRE(::chmod(at.key.c_str(), 0400) == 0);
    CHECK(load() == "none");
    REQUIRE(::chmod(at.key.c_str(), 0600) == 0);
    REQUIRE(::chmod(at.seal_with.c_str(), 0644) == 0);
    CHECK(load() == "key_file.mode");
    REQUIRE(::chmod(at.seal_with.c_str(), 0600) == 0);
    const std::string good = read_key_text(at.key);
    for (const std::string& text :
         {std::string(), std::string("\n"), std::string("00\n"), good.substr(0, good.size() - 1),
          good + good, std::string(64, 'g') + "\n", std::string(66, '0') + "\n",
          std::string(1U << 20U, '0')}) {
        write_key_text(at.key, text);
        CHECK(load() == "key_file.content");
    }
    std::filesystem::remove(at.key);
    std::filesystem::create_directory(at.key);
    CHECK(load() == "key_file.content");
    std::filesystem::remove(at.key);
    REQUIRE(::mkfifo(at.key.c_str(), 0600) == 0);
    CHECK(load() == "key_file.content");
    if (::geteuid() == 0) {  // only root may give a file away
        std::filesystem::remove(at.key);
        write_key_text(at.key, good);
        REQUIRE(::chown(at.key.c_str(), 12345, 12345) == 0);
        CHECK(load() == "key_file.owner");
    }
}

TEST_CASE("data folder: its keys are sealed from the first start", "[flow][data_folder]") {
    const KeyFolder at;
    cli::Settings settings = test::quiet_settings(at.folder.path() / "data");
    settings.key_file = at.seal_with;
    std::string vkey;
    {
        const cli::Exchange exchange(settings);
        CHECK(exchange.keys_sealed());
        vkey = exchange.vkey();
    }
    for (const char* name : {"ledger.key", "master.key"}) {
        CHECK(cli::is_sealed_file(settings.data / "keys" / name));
    }
    CHECK(cli::Exchange(settings).vkey() == vkey);
    settings.key_file.clear();
    CHECK(key_refusal([&] { cli::Exchange{settings}; }) == "key_file.no_key_file");

    // One key plain is as good as none sealed.
    cli::KeySealing sealing(at.seal_with);
    cli::unseal_file(settings.data / "keys" / "master.key", sealing);
    settings.key_file = at.seal_with;
    CHECK_FALSE(cli::Exchange(settings).keys_sealed());
    cli::seal_file(settings.data / "keys" / "master.key", sealing);
    CHECK(cli::Exchange(settings).keys_sealed());
}
